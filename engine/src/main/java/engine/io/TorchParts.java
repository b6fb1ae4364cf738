package engine.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a checkpoint is meant. Parts are chosen by what their names mean, the averages
 * first or the raw weights first, else the weights that lie open, else the only part that is no
 * state of an optimiser. A tensor that lies loose beside parts, such as a loss or a state of random
 * numbers, makes no part of them.
 */
record TorchParts(Map<String, TorchContents.Part> parts) {
  private static final List<String> AVERAGED =
      List.of(
          "ema",
          "model_ema",
          "ema_model",
          "state_dict_ema",
          "ema_state_dict",
          "model_ema_state_dict",
          "params_ema",
          "G_ema",
          "g_ema",
          "generator_ema",
          "averaged_model",
          "swa_model");

  private static final List<String> RAW =
      List.of(
          "model",
          "state_dict",
          "model_state_dict",
          "model_state",
          "module",
          "net",
          "network",
          "params",
          "weights",
          "generator",
          "G",
          "g");

  /** The teacher is the average of its student. */
  private static final List<String> DISTILLED = List.of("teacher", "student");

  /** Words in a key that holds no weights, wherever it stands in a path. */
  private static final List<String> NO_WEIGHTS =
      List.of("optim", "scheduler", "scaler", "callbacks", "random", "loss", "hyper_parameters");

  /** Whole keys that hold none. */
  private static final List<String> NO_WEIGHTS_EITHER =
      List.of("opt", "g_opt", "d_opt", "loops", "rng", "rng_state", "args", "config");

  /** One parameter in the state of an optimiser. */
  private static final Pattern STATE = Pattern.compile("(.*?(?:^|\\.)state)\\.\\d+.*");

  /**
   * What is read, and under which name.
   *
   * @param read the parts that it is, or is joined of
   */
  record Chosen(String name, TorchContents.Part part, List<String> read) {
    Chosen {
      read = List.copyOf(read);
    }
  }

  /** The part that is meant; none where there is no telling. */
  Optional<Chosen> chosen(TensorSource.Choice choice) {
    if (choice.part() != null) {
      return part(choice.part());
    }
    for (String name : order(choice.averaged())) {
      Optional<Chosen> found = byMeaning(name);
      if (found.isPresent()) {
        return found;
      }
    }
    return unnamed();
  }

  /** Weights that lie open, or the only part of weights whose name says nothing. */
  private Optional<Chosen> unnamed() {
    TorchContents.Part open = parts.get("");
    List<String> all =
        parts.entrySet().stream()
            .filter(e -> mayBeMeant(e.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (all.equals(List.of(""))) {
      return part("");
    }
    // Names of weights have dots; what lies beside parts without one is loose.
    boolean loose =
        open == null || open.tensors().keySet().stream().noneMatch(name -> name.contains("."));
    List<String> nested = all.stream().filter(p -> !p.isEmpty() && holdsWeights(p)).toList();
    return loose && nested.size() == 1 ? part(nested.getFirst()) : Optional.empty();
  }

  /** Arrays of NumPy beside tensors are no weights; where there are no tensors they may be. */
  private boolean mayBeMeant(TorchContents.Part part) {
    return !part.isOfArrays() || parts.values().stream().allMatch(TorchContents.Part::isOfArrays);
  }

  private static List<String> order(boolean averaged) {
    return averaged
        ? Stream.of(AVERAGED, RAW, DISTILLED).flatMap(List::stream).toList()
        : Stream.of(RAW, DISTILLED.reversed(), AVERAGED).flatMap(List::stream).toList();
  }

  /** Whether a part is a moving average by its name. */
  static boolean isAverage(String part) {
    String last = part.substring(part.lastIndexOf('.') + 1);
    return AVERAGED.contains(last) || last.equals(DISTILLED.getFirst());
  }

  static boolean holdsWeights(String path) {
    for (String key : path.toLowerCase(Locale.ROOT).split("[.\\[\\]]")) {
      if (NO_WEIGHTS_EITHER.contains(key) || NO_WEIGHTS.stream().anyMatch(key::contains)) {
        return false;
      }
    }
    return true;
  }

  /** The part of that name, the outermost before those that lie deeper. */
  private Optional<Chosen> byMeaning(String name) {
    Optional<Chosen> outermost = part(name);
    if (outermost.isPresent()) {
      return outermost;
    }
    List<String> deeper =
        parts.keySet().stream()
            .filter(path -> path.endsWith("." + name) && holdsWeights(path))
            .toList();
    return deeper.size() == 1 ? part(deeper.getFirst()) : Optional.empty();
  }

  /** A part by its path; of one that holds parts alone, all that is in them. */
  private Optional<Chosen> part(String path) {
    TorchContents.Part exact = parts.get(path);
    if (exact != null) {
      return Optional.of(new Chosen(path, exact, List.of(path)));
    }
    TorchContents.Part joined = new TorchContents.Part();
    List<String> read = new ArrayList<>();
    String prefix = path + ".";
    parts.forEach((name, part) -> {
      if (name.startsWith(prefix) && holdsWeights(name)) {
        String below = name.substring(prefix.length()) + ".";
        part.tensors().forEach((tensor, view) -> joined.tensors().put(below + tensor, view));
        part.refused().forEach((tensor, what) -> joined.refused().put(below + tensor, what));
        part.objects().forEach((tensor, what) -> joined.objects().put(below + tensor, what));
        part.beside().forEach((tensor, what) -> joined.beside().put(below + tensor, what));
        read.add(name);
      }
    });
    return joined.size() == 0 ? Optional.empty() : Optional.of(new Chosen(path, joined, read));
  }

  /**
   * The parts there are with the number of their tensors; the state of an optimiser, which has one
   * for each parameter, is one.
   */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    parts.forEach((name, part) -> {
      Matcher state = STATE.matcher(name);
      counts.merge(state.matches() ? state.group(1) : name, part.size(), Integer::sum);
    });
    return counts;
  }

  /** Why a part could not be told, and what there is. */
  String listed(@Nullable String wanted) {
    if (parts.isEmpty()) {
      return " holds no dict of tensors";
    }
    List<String> lines = new ArrayList<>();
    counts()
        .forEach((name, tensors) ->
            lines.add(
                (name.isEmpty() ? "'' (the outermost)" : Printable.brief(name))
                    + ": "
                    + tensors
                    + (tensors == 1 ? " tensor" : " tensors")));
    String why =
        wanted == null
            ? ": which part is meant? Say FILE#PART, or --part where there is such an option; there are"
            : ": it has no part '" + Printable.brief(wanted) + "'; there are";
    return why + Printable.some(lines);
  }
}
