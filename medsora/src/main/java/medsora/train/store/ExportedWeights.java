package medsora.train.store;

import engine.io.Dtype;
import engine.io.SafeTensorsWriter;
import engine.io.TensorSource;
import engine.io.TorchCheckpoint;
import engine.tensor.HalfFloats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import medsora.config.ConfigTree;
import medsora.diffusion.NetworkConfig;
import medsora.vae.AutoencoderConfig;
import medsora.vae.ClipAutoencoder;
import nn.Module;
import nn.io.Weights;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a checkpoint, of this program or a released one, as a plain safetensors file under
 * the names of the released state dicts: one tensor for each name, no prefix, no optimiser state.
 * What only the {@code paper} profile has keeps its name of this program ({@link #isPaperOnly}).
 * The metadata hold what loading needs beside the weights, so that an export stands for its
 * checkpoint everywhere but in continued training.
 */
public final class ExportedWeights {
  /** PyTorch's loaders look for this word. */
  private static final String FORMAT = "pt";

  /**
   * What an autoencoder in 16 bits says beside its latents' scale: the hash of the weights that it
   * was rounded from, which a denoiser that was trained on them names.
   */
  public static final String ROUNDED_FROM = "rounded_from";

  private static final String KIND = "medsora.weights";
  private static final String STAGE = "medsora.stage";
  private static final String STEP = "medsora.step";
  private static final String CONFIG = "medsora.config";
  private static final String DATA = "medsora.data_sha256";
  private static final String IDENTITY = "medsora.identity.";
  private static final String EXTRA = "medsora.extra.";

  /** The version of what the metadata say; the first had none. */
  private static final String VERSION = "medsora.version";

  private ExportedWeights() {}

  /**
   * A tensor that was written.
   *
   * @param averaged whether it is a moving average
   */
  public record Row(String name, long[] shape, Dtype dtype, boolean averaged) {
    public long count() {
      return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
  }

  /** Whether the released code has no such name: what the {@code paper} profile adds. */
  public static boolean isPaperOnly(String name) {
    boolean amongBlocks = name.contains("_blocks.") && name.contains(".frequency_compensation.");
    return amongBlocks || name.contains(".output_matrix.");
  }

  /**
   * Writes an export.
   *
   * @param source a checkpoint of this program, or plain weights in any form that {@link
   *     WeightsFile} opens
   * @param kind averaged weights (where a parameter has an average) or raw ones
   * @param dtype F32, F16 or BF16, rounded to nearest; whole numbers stay 64-bit integers
   * @return what was written, in the order of the state dict
   * @throws IOException if these are no weights of this program's networks, or values do not fit
   *     the type; all are listed
   */
  public static List<Row> write(Path source, InitialWeights.Kind kind, Dtype dtype, Path target)
      throws IOException {
    try (TensorSource file = WeightsFile.open(source, kind)) {
      refuseExported(file);
      file.verify();
      Checkpoint.Info info = WeightsFile.info(file);
      SafeTensorsWriter writer = new SafeTensorsWriter().checksummed().metadata("format", FORMAT);
      describe(writer, info, kind);
      if (dtype != Dtype.F32 && info.stage().equals(PlainWeights.VAE)) {
        writer.metadata(EXTRA + ROUNDED_FROM, sha256(source, info, kind));
      }
      List<Row> rows = new ArrayList<>();
      List<String> tooLarge = new ArrayList<>();
      for (Map.Entry<String, Source> e : sources(file, info, kind).entrySet()) {
        Row row = row(file, e.getKey(), e.getValue(), dtype);
        if (!add(writer, file, e.getValue().name(), row)) {
          tooLarge.add(row.name());
        }
        rows.add(row);
      }
      if (!tooLarge.isEmpty()) {
        throw new IOException(
            "[export] values of these lie beyond the range of "
                + dtype
                + ", choose another type:\n  "
                + String.join("\n  ", tooLarge));
      }
      writer.write(target);
      return rows;
    }
  }

  /** The hash of an autoencoder's weights as they are before they are rounded. */
  private static String sha256(Path source, Checkpoint.Info info, InitialWeights.Kind kind)
      throws IOException {
    AutoencoderConfig sizes = info.tree(source).part("vae", AutoencoderConfig.class);
    ClipAutoencoder vae =
        InitialWeights.loaded(source, sizes::network, ClipAutoencoder::module, kind);
    return Weights.sha256(vae.module().stateDict());
  }

  /** Where the values of a name come from. */
  private record Source(String name, boolean averaged) {}

  /** The names that are written, in their order. */
  private static Map<String, Source> sources(
      TensorSource file, Checkpoint.Info info, InitialWeights.Kind kind) throws IOException {
    Map<String, Source> sources = new LinkedHashMap<>();
    if (!Checkpoint.isOne(file)) {
      requireWhole(file, info);
      boolean averaged = file instanceof TorchCheckpoint torch && torch.isAverage();
      file.names().forEach(name -> sources.put(name, new Source(name, averaged)));
      return sources;
    }
    for (String name : file.names()) {
      if (name.startsWith(InitialWeights.MODEL)) {
        String plain = name.substring(InitialWeights.MODEL.length());
        String average = InitialWeights.EMA + plain;
        boolean averaged = kind == InitialWeights.Kind.EMA && file.contains(average);
        sources.put(plain, new Source(averaged ? average : name, averaged));
      }
    }
    return sources;
  }

  /** Plain weights can lack some, or have others: what is exported shall load. */
  private static void requireWhole(TensorSource file, Checkpoint.Info info) throws IOException {
    Path path = file.path();
    Module outline;
    if (info.stage().equals(PlainWeights.VAE)) {
      AutoencoderConfig sizes = info.tree(path).part("vae", AutoencoderConfig.class);
      outline = InitialWeights.outline(path, () -> sizes.network().module());
    } else {
      NetworkConfig sizes = info.tree(path).part("denoiser", NetworkConfig.class);
      outline = InitialWeights.outline(path, () -> sizes.network().module());
    }
    Weights.check(file, "", outline, Weights.Reading.WHOLE);
  }

  /** An export has lost what else its checkpoint held, the raw weights or the averages. */
  private static void refuseExported(TensorSource file) throws IOException {
    Checkpoint.Info exported = info(file);
    if (exported != null) {
      throw new IOException(
          "[export] %s is exported already (%s, step %d): give the run folder or the checkpoint"
                  .formatted(file.path(), exported.stage(), exported.step())
              + " that it came from");
    }
  }

  private static Row row(TensorSource file, String plain, Source source, Dtype dtype) {
    boolean floating = file.dtype(source.name()).isFloating();
    return new Row(
        plain, file.shape(source.name()), floating ? dtype : Dtype.I64, source.averaged());
  }

  /** False where a finite value became infinite. */
  private static boolean add(SafeTensorsWriter writer, TensorSource file, String source, Row row)
      throws IOException {
    switch (row.dtype()) {
      case I64 -> writer.longs(row.name(), row.shape(), file.longs(source));
      case F32 -> writer.floats(row.name(), row.shape(), file.floats(source));
      case F16, BF16 -> {
        HalfFloats.Format format =
            row.dtype() == Dtype.F16 ? HalfFloats.Format.FLOAT16 : HalfFloats.Format.BFLOAT16;
        float[] values = file.floats(source);
        HalfFloats halves = HalfFloats.round(format, values);
        writer.halves(row.name(), row.shape(), halves);
        int infinity = format == HalfFloats.Format.FLOAT16 ? 0x7C00 : 0x7F80;
        short[] bits = halves.bits();
        return IntStream.range(0, bits.length)
            .noneMatch(i -> (bits[i] & 0x7FFF) == infinity && Float.isFinite(values[i]));
      }
      default -> throw new IllegalArgumentException("[export] no rule for " + row.dtype());
    }
    return true;
  }

  private static void describe(
      SafeTensorsWriter writer, Checkpoint.Info info, InitialWeights.Kind kind) {
    writer.metadata(VERSION, Integer.toString(ConfigTree.VERSION));
    writer.metadata(KIND, kind.name());
    writer.metadata(STAGE, info.stage());
    writer.metadata(STEP, Long.toString(info.step()));
    writer.metadata(CONFIG, info.config());
    writer.metadata(DATA, info.dataSha256());
    info.beside().forEach((key, value) -> writer.metadata(IDENTITY + key, value));
    info.extra().forEach((key, value) -> writer.metadata(EXTRA + key, value));
  }

  /**
   * What an export says about the checkpoint that it came from, or null for any other file.
   *
   * @throws IOException where it is an old one and its configuration is none
   */
  public static Checkpoint.@Nullable Info info(TensorSource file) throws IOException {
    Map<String, String> m = file.metadata();
    if (!m.containsKey(STAGE) || !m.containsKey(CONFIG)) {
      return null;
    }
    String step = m.getOrDefault(STEP, "0");
    Checkpoint.Info info =
        new Checkpoint.Info(
            m.get(STAGE),
            step.matches("\\d{1,18}") ? Long.parseLong(step) : 0,
            m.get(CONFIG),
            Checkpoint.below(m, IDENTITY),
            m.getOrDefault(DATA, ""),
            Checkpoint.below(m, EXTRA));
    return m.containsKey(VERSION) ? info : OldCheckpoint.migrated(file.path(), info);
  }
}
