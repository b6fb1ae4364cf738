package engine.io;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What stands beside tensors in a part without being one: what is clearly no weight is left out and
 * named, any other object may be a weight of a kind that is not read.
 */
final class TorchBeside {
  /** Classes of settings and of the like, which hold no weights. */
  private static final List<String> NO_WEIGHTS =
      List.of(
          "argparse.",
          "types.SimpleNamespace",
          "pathlib.",
          "datetime.",
          "decimal.",
          "fractions.",
          "uuid.",
          "omegaconf.",
          "easydict.",
          "torch.device",
          "numpy.dtype");

  /** What a module keeps beside its weights, under a name that PyTorch gives. */
  private static final String EXTRA = "_extra_state";

  private TorchBeside() {}

  /** Whether an object is no weight, by its class or by its key. */
  static boolean isNoWeight(String key, Pickled.Opaque object) {
    return NO_WEIGHTS.stream().anyMatch(object.what::startsWith)
        || object.what.matches(
            "numpy\\._?core\\.multiarray\\.scalar|__builtin__\\..*|builtins\\..*")
        || NumpyArrays.isOfWords(object)
        || key.equals(EXTRA)
        || key.endsWith("." + EXTRA)
        || !TorchParts.holdsWeights(key.toLowerCase(Locale.ROOT));
  }

  /**
   * Whether an object stands where weights do: in a module that has tensors, or under the last name
   * of one. Elsewhere, such as {@code cfg} beside {@code body.0.weight}, it is something else.
   */
  static boolean standsAmong(String name, Set<String> tensors) {
    return tensors.stream()
        .anyMatch(t -> module(t).equals(module(name)) || last(t).equals(last(name)));
  }

  private static String module(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** What a value is, in words. */
  static String kind(Pickled value) {
    return switch (value) {
      case Pickled.None n -> "None";
      case Pickled.Text t -> "a string";
      case Pickled.Bytes b -> "bytes";
      case Pickled.Whole w -> "a number";
      case Pickled.Real r -> "a number";
      case Pickled.Tuple(List<Pickled> items) -> list(items);
      case Pickled.Sequence s -> list(s.items);
      case Pickled.Dict d -> "a dict without tensors";
      case Pickled.Name name -> "the name " + name;
      case Pickled.Opaque o -> o.what;
      case Pickled.Stored s -> "stored elements without a shape";
      case Pickled.View v -> "a tensor";
    };
  }

  private static String list(List<Pickled> items) {
    long tensors = items.stream().filter(Pickled.View.class::isInstance).count();
    return "a list of %d values%s"
        .formatted(items.size(), tensors == 0 ? "" : ", " + tensors + " of them tensors");
  }
}
