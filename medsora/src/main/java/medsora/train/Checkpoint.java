package medsora.train;

import engine.io.Printable;
import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import engine.io.TensorSource;
import engine.kernel.Backends;
import engine.kernel.Fidelity;
import engine.numeric.NumericContract;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import nn.io.Weights;

/**
 * One file that a stage of training can be continued from: weights, moving average, optimiser
 * state, step, and in its metadata the configuration, the data's hash, the version of the numeric
 * contract and whether the backend kept it. Written beside the old one, forced to disk, renamed.
 */
public final class Checkpoint {
  private static final String FORMAT = "medsora checkpoint 1";

  /** What follows in the text of a configuration is the hash of the first weights. */
  public static final String BEGUN_FROM = ", begun from ";

  static final String REMEDY =
      "restore the file from a copy, or move it away to train anew, or choose another output folder";

  /** What changes the memory of a run and never its results. */
  private static final Pattern FREE = Pattern.compile("recompute=(true|false)(, )?");

  /** Differences that a refusal names. */
  private static final int SHOWN = 5;

  private static final Logger LOG = System.getLogger("medsora");

  private Checkpoint() {}

  /** What a checkpoint says about itself; {@code extra} is the stage's own. */
  public record Info(
      String stage, long step, String config, String dataSha256, Map<String, String> extra) {
    /** The hash of the weights that the run began with, or nothing where the text has none. */
    String begunFrom() {
      int at = config.lastIndexOf(BEGUN_FROM);
      return at < 0 ? "" : config.substring(at + BEGUN_FROM.length());
    }
  }

  /**
   * Writes a checkpoint; returns the hash of its raw weights.
   *
   * @throws IOException naming the file, the bytes wanted and free, and what to do; the checkpoint
   *     that was there before is then still there and whole
   */
  public static String save(Path file, TrainState state, Info info) throws IOException {
    String hash = Weights.sha256(state.module().stateDict());
    SafeTensorsWriter writer = new SafeTensorsWriter().checksummed();
    state.write(writer);
    writer.metadata("format", FORMAT);
    writer.metadata("stage", info.stage());
    writer.metadata("step", Long.toString(info.step()));
    writer.metadata("config", info.config());
    writer.metadata("data_sha256", info.dataSha256());
    writer.metadata("weights_sha256", hash);
    writer.metadata("holds", "model: raw weights; ema: moving averages; adam: moments");
    writer.metadata("numeric_contract", Integer.toString(NumericContract.VERSION));
    writer.metadata("numeric_fidelity", Backends.fidelity().toString());
    info.extra().forEach((k, v) -> writer.metadata("extra." + k, v));
    try {
      writer.write(file);
    } catch (IOException e) {
      throw DiskRoom.unwritten(file, state.bytes(), e, before(file));
    }
    return hash;
  }

  /** What there is to continue from where a file could not be replaced. */
  private static String before(Path file) {
    try {
      Info info = info(file);
      return info == null
          ? "Nothing was saved before"
          : "The checkpoint of step " + info.step() + " is still there and whole";
    } catch (IOException e) {
      return "What was there before cannot be read now";
    }
  }

  /** What a file says about itself, or null where there is no file. */
  public static Info info(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    try (SafeTensors opened = SafeTensors.open(file)) {
      return info(opened);
    }
  }

  /** Whether a file is a checkpoint of this program. */
  public static boolean isOne(TensorSource file) {
    return FORMAT.equals(file.metadata().get("format"));
  }

  static Info info(SafeTensors file) throws IOException {
    Map<String, String> m = file.metadata();
    if (!FORMAT.equals(m.get("format"))) {
      throw new IOException(
          "[checkpoint] "
              + file.path()
              + " is not a checkpoint of this program: its format is '"
              + Printable.brief(String.valueOf(m.get("format")))
              + "', wants '"
              + FORMAT
              + "'; "
              + REMEDY);
    }
    warnOfOtherContract(file, m.get("numeric_contract"));
    warnOfApproximation(file, m.get("numeric_fidelity"));
    Map<String, String> extra = new LinkedHashMap<>();
    m.forEach((k, v) -> {
      if (k.startsWith("extra.")) {
        extra.put(k.substring("extra.".length()), v);
      }
    });
    return new Info(
        wanted(file, m, "stage"),
        step(file, wanted(file, m, "step")),
        wanted(file, m, "config"),
        wanted(file, m, "data_sha256"),
        extra);
  }

  /** Numeric contract N11, N20: an older contract may have computed other bits. */
  private static void warnOfOtherContract(SafeTensors file, String version) {
    if (!Integer.toString(NumericContract.VERSION).equals(version)) {
      LOG.log(
          Level.WARNING,
          "{0} was made under version {1} of the numeric contract, this is version {2}: results"
              + " may differ in their last bits",
          file.path(),
          Printable.brief(String.valueOf(version)),
          NumericContract.VERSION);
    }
  }

  private static long step(SafeTensors file, String text) throws IOException {
    // Eighteen digits are below 2^63.
    if (!text.matches("[0-9]{1,18}")) {
      throw new IOException(
          "[checkpoint] "
              + file.path()
              + ": its step '"
              + Printable.brief(text)
              + "' is no number of steps; restore the file from a copy");
    }
    return Long.parseLong(text);
  }

  /** Numeric contract N18: a backend that failed its probe computed other bits. */
  private static void warnOfApproximation(SafeTensors file, String fidelity) {
    if (Fidelity.APPROXIMATE.toString().equals(fidelity)) {
      LOG.log(
          Level.WARNING,
          "{0} was made by an approximate backend: an exact one would have got other bits",
          file.path());
    }
  }

  private static String wanted(SafeTensors file, Map<String, String> m, String key)
      throws IOException {
    String value = m.get(key);
    if (value == null) {
      throw new IOException("[checkpoint] " + file.path() + " has no '" + key + "'; " + REMEDY);
    }
    return value;
  }

  /**
   * Continues a state from a file.
   *
   * @throws IOException where the file was made under another configuration or from other data
   */
  public static Info load(Path path, TrainState state, String config, String dataSha256)
      throws IOException {
    try (SafeTensors file = SafeTensors.open(path)) {
      file.verify();
      Info info = info(file);
      refuseUnlessEqual(path, "settings", info.config(), config);
      refuseUnlessEqual(path, "data", info.dataSha256(), dataSha256);
      state.read(file, info.step());
      return info;
    }
  }

  /**
   * Refuses a checkpoint of other settings before any data are read.
   *
   * @param begin what the identity of the stage that is to continue begins with
   * @throws IOException naming what differs
   */
  public static void refuseOtherSettings(Path path, Info info, String begin) throws IOException {
    if (!comparable(info.config()).startsWith(comparable(begin))) {
      List<String> there = List.of(info.config().split(", "));
      int shared = Math.min(there.size(), begin.split(", ").length);
      throw other(path, "settings", String.join(", ", there.subList(0, shared)), begin);
    }
  }

  private static void refuseUnlessEqual(Path path, String what, String found, String wanted)
      throws IOException {
    if (!comparable(found).equals(comparable(wanted))) {
      throw other(path, what, found, wanted);
    }
  }

  private static IOException other(Path path, String what, String found, String wanted) {
    return new IOException(
        "[checkpoint] "
            + path
            + " was made under other "
            + what
            + ": choose another output folder, or what it was made under. "
            + differences(found, wanted));
  }

  private static String comparable(String config) {
    return FREE.matcher(config).replaceAll("");
  }

  /** The parts of two texts that differ, a few at most. */
  private static String differences(String found, String wanted) {
    List<String> there = List.of(comparable(found).split(", "));
    List<String> here = List.of(comparable(wanted).split(", "));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < Math.max(there.size(), here.size()) && lines.size() < SHOWN; i++) {
      String a = i < there.size() ? there.get(i) : "nothing";
      String b = i < here.size() ? here.get(i) : "nothing";
      if (!a.equals(b)) {
        lines.add("there " + Printable.brief(a) + ", here " + b);
      }
    }
    return String.join("; ", lines);
  }
}
