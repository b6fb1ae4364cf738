package medsora.train.store;

import engine.io.Printable;
import engine.io.TensorSource;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nn.Module;
import nn.Outline;
import nn.Parameter;
import nn.io.Weights;

/**
 * Weights from files into modules: from checkpoints of this program, raw or averaged, and from all
 * else that {@link WeightsFile} opens whose names are those of the state dict.
 */
public final class InitialWeights {
  static final String MODEL = "model.";
  static final String EMA = "ema.";

  private static final Logger LOG = System.getLogger("medsora");

  /** A compensation module of the autoencoder within the name of a parameter. */
  private static final Pattern COMPENSATION =
      Pattern.compile("(.*(?:frequency_compensation|up_freq_compensations\\.\\d+))\\..*");

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
    load(path, module, kind, Weights.Reading.WHOLE);
  }

  /**
   * Reads weights into a module, where some names may be absent; which modules keep the values that
   * they have is logged.
   *
   * @throws IOException if names or shapes do not fit; all faults are listed
   */
  public static void load(Path path, Module module, Kind kind, Weights.Reading reading)
      throws IOException {
    try (TensorSource file = WeightsFile.open(path, kind)) {
      file.verify();
      String prefix = prefix(file);
      List<String> absent = Weights.load(file, prefix, module, reading);
      if (!absent.isEmpty()) {
        List<String> fresh = absent.stream().map(InitialWeights::moduleOf).distinct().toList();
        LOG.log(
            Level.INFO,
            "{0} has no weights for {1}: they start fresh",
            path,
            String.join(", ", fresh));
      }
      if (prefix.equals(MODEL) && kind == Kind.EMA) {
        for (Map.Entry<String, Parameter> e : averaged(file, module).entrySet()) {
          e.getValue().write(file.floats(EMA + e.getKey()));
        }
      }
    }
  }

  private static String moduleOf(String name) {
    Matcher m = COMPENSATION.matcher(name);
    return m.matches() ? m.group(1) : name;
  }

  /**
   * Builds a module without memory, of a configuration that a file says.
   *
   * @throws IOException where no module can be of that configuration
   */
  public static <T> T outline(Path path, Supplier<T> build) throws IOException {
    try {
      return Outline.of(build);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException(
          "[weights] " + path + ": no model can be built as its configuration says", e);
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
    return loaded(path, build, module -> module, kind);
  }

  /**
   * The same for what has a module.
   *
   * @param module of what was built
   */
  public static <T> T loaded(Path path, Supplier<T> build, Function<T, Module> module, Kind kind)
      throws IOException {
    check(path, module.apply(outline(path, build)), Weights.Reading.WHOLE);
    T built = build.get();
    load(path, module.apply(built), kind);
    return built;
  }

  /**
   * Checks names, shapes and types, of the averages too, and writes nothing: the module may be an
   * {@link Outline}.
   *
   * @throws IOException if names or shapes do not fit; all faults are listed
   */
  public static void check(Path path, Module module, Weights.Reading reading) throws IOException {
    try (TensorSource file = WeightsFile.open(path, Kind.EMA)) {
      Weights.check(file, prefix(file), module, reading);
      averaged(file, module);
    }
  }

  private static String prefix(TensorSource file) {
    return file.names().stream().anyMatch(n -> n.startsWith(MODEL)) ? MODEL : "";
  }

  /** The parameters that the file has an average of. */
  private static Map<String, Parameter> averaged(TensorSource file, Module module)
      throws IOException {
    // Frozen parameters have no average: theirs is their value.
    Map<String, Parameter> averaged = new LinkedHashMap<>(module.parameters());
    averaged.keySet().removeIf(name -> !file.contains(EMA + name));
    List<String> faults = new ArrayList<>();
    averaged.forEach((name, p) -> {
      long[] wanted = Weights.extents(p.shape());
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
    return averaged;
  }
}
