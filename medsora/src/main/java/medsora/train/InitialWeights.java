package medsora.train;

import engine.io.Printable;
import engine.io.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import nn.Module;
import nn.Outline;
import nn.Parameter;
import nn.io.Weights;

/**
 * Weights from files into modules: from checkpoints of this program, raw or averaged, and from
 * plain safetensors files whose names are those of the state dict.
 */
public final class InitialWeights {
  private static final String MODEL = "model.";
  private static final String EMA = "ema.";

  private InitialWeights() {}

  /** Which of the weights of a checkpoint. */
  public enum Kind {
    /** The moving averages over training, where a parameter has one. */
    EMA,
    /** The weights as the last step left them. */
    RAW
  }

  /**
   * Reads weights into a module.
   *
   * @throws IOException if names or shapes do not fit; all faults are listed
   */
  public static void load(Path path, Module module, Kind kind) throws IOException {
    try (SafeTensors file = SafeTensors.open(path)) {
      file.verify();
      String prefix = prefix(file);
      Weights.load(file, prefix, module);
      if (prefix.equals(MODEL) && kind == Kind.EMA) {
        averages(file, module);
      }
    }
  }

  /**
   * Builds a module and reads its weights. The file says which module that is, and may lie: it is
   * built only once the file is seen to hold all its weights.
   *
   * @throws IOException if names or shapes do not fit; all faults are listed
   */
  public static <M extends Module> M loaded(Path path, Supplier<M> build, Kind kind)
      throws IOException {
    Module outline;
    try {
      outline = Outline.of(build);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException(
          "[weights] " + path + ": no model can be built as its configuration says", e);
    }
    try (SafeTensors file = SafeTensors.open(path)) {
      Weights.check(file, prefix(file), outline);
    }
    M module = build.get();
    load(path, module, kind);
    return module;
  }

  private static String prefix(SafeTensors file) {
    return file.names().stream().anyMatch(n -> n.startsWith(MODEL)) ? MODEL : "";
  }

  private static void averages(SafeTensors file, Module module) throws IOException {
    // Frozen parameters have no average: theirs is their value.
    Map<String, Parameter> averaged = new LinkedHashMap<>(module.parameters());
    averaged.keySet().removeIf(name -> !file.contains(EMA + name));
    List<String> faults = new ArrayList<>();
    averaged.forEach((name, p) -> {
      long[] wanted = Weights.extents(p.value().shape());
      if (!file.dtype(EMA + name).isFloating() || !Arrays.equals(file.shape(EMA + name), wanted)) {
        faults.add(EMA + name + " " + Arrays.toString(wanted));
      }
    });
    if (!faults.isEmpty()) {
      throw new IOException(
          "[weights] "
              + file.path()
              + " has "
              + faults.size()
              + " averages in another shape or type than the model:"
              + Printable.list(faults));
    }
    averaged.forEach((name, p) -> p.value().storage().write(file.floats(EMA + name)));
  }
}
