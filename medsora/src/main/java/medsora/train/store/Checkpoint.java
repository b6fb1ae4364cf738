package medsora.train.store;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.config.ConfigException;
import medsora.config.ConfigTree;
import medsora.config.TrainConfig;
import nn.io.Weights;
import org.jspecify.annotations.Nullable;

/**
 * One file that a stage of training can be continued from: weights, moving average, optimiser
 * state, step, and in its metadata the configuration in canonical form with its hash, what else
 * decides ({@link Identity}), the data's hash, the version of the numeric contract and whether the
 * backend kept it. Written beside the old one, forced to disk, renamed.
 */
public final class Checkpoint {
  private static final String FORMAT = "medsora checkpoint 2";

  private static final String IDENTITY = "identity.";
  private static final String EXTRA = "extra.";

  /** What to do about a whole file that cannot be continued from. */
  public static final String REMEDY =
      "move the file away to train anew, or choose another output folder";

  private static final String RESTORE = "it is damaged: restore it from a copy, or ";

  private static final String ANY_FORMAT = "medsora checkpoint ";

  /** Differences that a refusal names. */
  private static final int SHOWN = 5;

  private static final Logger LOG = System.getLogger("medsora");

  private Checkpoint() {}

  /**
   * What a checkpoint says about itself.
   *
   * @param config the tree of the run's configuration as JSON
   * @param beside what decides beside the configuration ({@link Identity})
   * @param extra the stage's own
   */
  public record Info(
      String stage,
      long step,
      String config,
      Map<String, String> beside,
      String dataSha256,
      Map<String, String> extra) {

    /** Of a stage that is to be saved. */
    public Info(
        String stage, long step, Identity identity, String dataSha256, Map<String, String> extra) {
      this(stage, step, identity.json(), identity.beside(), dataSha256, extra);
    }

    /** The hash of the weights that the run began with, or nothing where that is not said. */
    public String begunFrom() {
      return beside.getOrDefault(Identity.BEGUN_FROM, "");
    }

    /**
     * The configuration.
     *
     * @throws IOException naming the file, where it is none
     */
    public ConfigTree tree(Path file) throws IOException {
      try {
        return ConfigTree.read(file.toString(), config, TrainConfig.class);
      } catch (ConfigException e) {
        throw unreadable(file, e);
      }
    }
  }

  private static IOException unreadable(Path file, ConfigException e) {
    return new IOException(
        "[checkpoint] %s holds no configuration that this program reads: %s; %s"
            .formatted(file, e.getMessage(), remedy(file)),
        e);
  }

  /** What to do about a file that says what it should not: only a damaged one wants a copy. */
  public static String remedy(Path file) {
    try (SafeTensors opened = SafeTensors.open(file)) {
      opened.verify();
      return REMEDY;
    } catch (IOException e) {
      return RESTORE + REMEDY;
    }
  }

  /**
   * Writes a checkpoint; returns the hash of its raw weights.
   *
   * @throws IOException naming the file, the bytes wanted and free, and what to do; the checkpoint
   *     that was there before is then still there and whole
   */
  public static String save(Path file, Stored state, Info info) throws IOException {
    String hash = Weights.sha256(state.module().stateDict());
    SafeTensorsWriter writer = new SafeTensorsWriter().checksummed();
    state.write(writer);
    writer.metadata("format", FORMAT);
    writer.metadata("stage", info.stage());
    writer.metadata("step", Long.toString(info.step()));
    writer.metadata("config", info.config());
    writer.metadata("config_sha256", ConfigTree.sha256(info.config()));
    info.beside().forEach((k, v) -> writer.metadata(IDENTITY + k, v));
    writer.metadata("data_sha256", info.dataSha256());
    writer.metadata("weights_sha256", hash);
    writer.metadata("holds", "model: raw weights; ema: moving averages; adam: moments");
    writer.metadata("numeric_contract", Integer.toString(NumericContract.VERSION));
    writer.metadata("numeric_fidelity", Backends.fidelity().toString());
    info.extra().forEach((k, v) -> writer.metadata(EXTRA + k, v));
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
  public static @Nullable Info info(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    try (SafeTensors opened = SafeTensors.open(file)) {
      return info(opened);
    }
  }

  /** Whether a file is a checkpoint of this program. */
  public static boolean isOne(TensorSource file) {
    String format = String.valueOf(file.metadata().get("format"));
    return FORMAT.equals(format) || OldCheckpoint.FORMAT.equals(format);
  }

  /** Whether a file says of itself what checkpoints do, be it of another version or damaged. */
  static boolean isLike(TensorSource file) {
    return file.metadata().keySet().containsAll(List.of("stage", "config"));
  }

  static Info info(TensorSource file) throws IOException {
    Map<String, String> m = file.metadata();
    if (!isOne(file)) {
      throw foreign(file, String.valueOf(m.get("format")));
    }
    warnOfOtherContract(file, m.get("numeric_contract"));
    warnOfApproximation(file, m.get("numeric_fidelity"));
    Info info =
        new Info(
            wanted(file, m, "stage"),
            step(file, wanted(file, m, "step")),
            wanted(file, m, "config"),
            below(m, IDENTITY),
            wanted(file, m, "data_sha256"),
            below(m, EXTRA));
    return FORMAT.equals(m.get("format")) ? info : OldCheckpoint.migrated(file.path(), info);
  }

  private static IOException foreign(TensorSource file, String format) {
    boolean newer = format.matches(ANY_FORMAT + "[0-9]{1,9}");
    return new IOException(
        "[checkpoint] %s is %s: its format is '%s', wants '%s'; %s"
            .formatted(
                file.path(),
                newer
                    ? "a checkpoint of a newer program, which it is for"
                    : "not a checkpoint of this program",
                Printable.brief(format),
                FORMAT,
                REMEDY));
  }

  /** What stands under keys that begin so. */
  static Map<String, String> below(Map<String, String> metadata, String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    metadata.forEach((key, value) -> {
      if (key.startsWith(prefix)) {
        found.put(key.substring(prefix.length()), value);
      }
    });
    return found;
  }

  /** Numeric contract N11, N20: an older contract may have computed other bits. */
  private static void warnOfOtherContract(TensorSource file, @Nullable String version) {
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

  private static long step(TensorSource file, String text) throws IOException {
    // Eighteen digits are below 2^63.
    if (!text.matches("[0-9]{1,18}")) {
      throw new IOException(
          "[checkpoint] "
              + file.path()
              + ": its step '"
              + Printable.brief(text)
              + "' is no number of steps; "
              + remedy(file.path()));
    }
    return Long.parseLong(text);
  }

  /** Numeric contract N18: a backend that failed its probe computed other bits. */
  private static void warnOfApproximation(TensorSource file, @Nullable String fidelity) {
    if (Fidelity.APPROXIMATE.toString().equals(fidelity)) {
      LOG.log(
          Level.WARNING,
          "{0} was made by an approximate backend: an exact one would have got other bits",
          file.path());
    }
  }

  private static String wanted(TensorSource file, Map<String, String> m, String key)
      throws IOException {
    String value = m.get(key);
    if (value == null) {
      throw new IOException(
          "[checkpoint] %s has no '%s'; %s".formatted(file.path(), key, remedy(file.path())));
    }
    return value;
  }

  /**
   * Continues a state from a file.
   *
   * @throws IOException where the file was made under another configuration or from other data
   */
  public static Info load(Path path, Stored state, Identity identity, String dataSha256)
      throws IOException {
    try (SafeTensors file = SafeTensors.open(path)) {
      file.verify();
      Info info = info(file);
      refuse(path, "settings", differences(path, info, identity, false));
      if (!info.dataSha256().equals(dataSha256)) {
        refuse(path, "data", List.of("there %s, here %s".formatted(brief(info), dataSha256)));
      }
      state.read(file, info.step());
      return info;
    }
  }

  private static String brief(Info info) {
    return Printable.brief(info.dataSha256());
  }

  /**
   * Refuses a checkpoint of other settings before any data are read.
   *
   * @param begin what is known by now of the identity of the stage that is to continue
   * @throws IOException naming what differs
   */
  public static void refuseOtherSettings(Path path, Info info, Identity begin) throws IOException {
    refuse(path, "settings", differences(path, info, begin, true));
  }

  private static List<String> differences(Path path, Info info, Identity identity, boolean begun)
      throws IOException {
    try {
      return identity.differences(path.toString(), info, begun);
    } catch (ConfigException e) {
      throw unreadable(path, e);
    }
  }

  private static void refuse(Path path, String what, List<String> differences) throws IOException {
    if (!differences.isEmpty()) {
      throw new IOException(
          "[checkpoint] "
              + path
              + " was made under other "
              + what
              + ": choose another output folder, or what it was made under. "
              + String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size()))));
    }
  }
}
