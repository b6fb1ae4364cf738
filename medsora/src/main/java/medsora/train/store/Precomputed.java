package medsora.train.store;

import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import engine.io.WholeFile;
import engine.numeric.NumericContract;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import medsora.align.FlowGuidance;
import nn.io.Weights;
import org.jspecify.annotations.Nullable;

/**
 * Results of frozen networks in a folder, a file for each. Below it every kind has folders named
 * after what decides its results: {@code latents-1f3a..}, {@code targets-..}, {@code images-..},
 * each with the settings in words in {@code settings.txt}. So runs of other weights, data or
 * settings may share the folder, and find what they have in common.
 *
 * <p>A file is written aside and renamed, and carries a sum of its content: what a kill left half
 * written is not there, and what is damaged is computed again and said. One process at a time may
 * write ({@link RunFolder}).
 */
public final class Precomputed {
  /** What is kept. */
  public enum Kind {
    /** Mean and log-variance of a clip's latents. */
    LATENTS,
    /** Mean and log-variance of an image window's latents. */
    IMAGES,
    /** Pictures of a clip's flow, and its alignment targets. */
    TARGETS,
    /** Targets of an image window, where a network's guidance sees images. */
    IMAGE_TARGETS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Pictures of flow, kept as bytes; training does not want them back. */
  public static final String PICTURES = FlowGuidance.PICTURES;

  private static final String SETTINGS = "settings_sha256";
  private static final Logger LOG = System.getLogger("medsora");

  private final Path folder;
  private final boolean writes;
  private final Map<Kind, String> hashes = new EnumMap<>(Kind.class);
  private final Map<Kind, Long> results = new EnumMap<>(Kind.class);
  private final Map<Kind, Long> bytes = new EnumMap<>(Kind.class);
  private long computed;

  /** Results below a folder, which is made where it is missing. */
  public Precomputed(Path folder) {
    this(folder, true);
  }

  private Precomputed(Path folder, boolean writes) {
    this.folder = folder;
    this.writes = writes;
  }

  /** The same results for a rank that does not write: what is not there it computes for itself. */
  public Precomputed readOnly() {
    return new Precomputed(folder, false);
  }

  /**
   * Says what decides the results of a kind; called once before any is asked for.
   *
   * @param settings hashes of weights and data, and all settings, as text
   */
  public void decide(Kind kind, String settings) throws IOException {
    String text = settings + ", numeric contract " + NumericContract.VERSION + "\n";
    String hash = sha256(text);
    hashes.put(kind, hash);
    if (!writes) {
      return;
    }
    Path place = place(kind);
    Files.createDirectories(place);
    Path words = place.resolve("settings.txt");
    if (!Files.exists(words)) {
      WholeFile.write(words, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Results that were not there, or damaged, and had to be computed. */
  public long computed() {
    return computed;
  }

  /** Results that were read or written. */
  public long results() {
    return results.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Bytes of the files that were read or written, the mean of a file of each kind. */
  public Map<Kind, Double> meanBytes() {
    Map<Kind, Double> mean = new EnumMap<>(Kind.class);
    results.forEach((kind, n) -> mean.put(kind, (double) bytes.getOrDefault(kind, 0L) / n));
    return mean;
  }

  public Path folder() {
    return folder;
  }

  private Path place(Kind kind) {
    return folder.resolve(kind + "-" + hash(kind).substring(0, 16));
  }

  private String hash(Kind kind) {
    return Objects.requireNonNull(hashes.get(kind), "what decides was not said");
  }

  /** Where a result lies, or will. */
  public Path file(Kind kind, String name) {
    return place(kind).resolve(name + ".safetensors");
  }

  /**
   * Reads a result, without its pictures, or computes and writes it.
   *
   * @return tensors by their names in the file, of any shapes
   */
  public Map<String, Tensor> get(Kind kind, String name, Supplier<Map<String, Tensor>> compute) {
    Path file = file(kind, name);
    try {
      Map<String, Tensor> found = Files.exists(file) ? read(kind, file) : null;
      if (found == null) {
        found = compute.get();
        computed++;
        if (!writes) {
          return found;
        }
        write(kind, file, found);
      }
      results.merge(kind, 1L, Long::sum);
      bytes.merge(kind, Files.size(file), Long::sum);
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Null where the file is damaged. */
  private @Nullable Map<String, Tensor> read(Kind kind, Path file) {
    try (SafeTensors opened = SafeTensors.open(file)) {
      opened.verify();
      String settings = opened.metadata().get(SETTINGS);
      if (!hash(kind).equals(settings) || !opened.metadata().containsKey("sha256")) {
        throw new IOException("it does not say what it was made under");
      }
      return read(opened);
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      LOG.log(Level.WARNING, "{0} is damaged and is computed again: {1}", file, e.getMessage());
      return null;
    }
  }

  private static Map<String, Tensor> read(SafeTensors file) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (String name : file.names()) {
      if (!name.equals(PICTURES)) {
        int[] dims = Arrays.stream(file.shape(name)).mapToInt(Math::toIntExact).toArray();
        out.put(name, Tensor.of(Shape.of(dims), file.floats(name)));
      }
    }
    return out;
  }

  private void write(Kind kind, Path file, Map<String, Tensor> tensors) throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter().recomputable();
    writer.metadata(SETTINGS, hash(kind));
    long wanted = 0;
    for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
      float[] values = e.getValue().toArray();
      long[] shape = Weights.extents(e.getValue().shape());
      if (e.getKey().equals(PICTURES)) {
        writer.bytes(PICTURES, shape, wholeNumbers(values));
      } else {
        writer.floats(e.getKey(), shape, values);
      }
      wanted += 4L * values.length;
    }
    try {
      writer.write(file);
    } catch (IOException e) {
      throw DiskRoom.unwritten(file, wanted, e, "What was computed before is kept");
    }
  }

  /** Of values that are whole numbers in 0..255. */
  private static byte[] wholeNumbers(float[] values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (int) values[i];
    }
    return out;
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
