package medsora.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code config.json} of a diffusers folder says of an autoencoder. Keys that say nothing
 * needed here are passed over; one that says what these autoencoders cannot be is refused.
 *
 * @param widths {@code block_out_channels}, finest first; empty where it is not said
 * @param layers {@code layers_per_block}, 0 where it is not said
 * @param latentChannels {@code latent_channels}, 0 where it is not said
 * @param groups {@code norm_num_groups}, 0 where it is not said
 * @param scalingFactor {@code scaling_factor}, by which latents are multiplied; 0 where it is not
 *     said
 * @param shiftFactor {@code shift_factor}, which is taken away before; 0 where it is not said
 * @param inverted {@code invert_scale_latents}: latents are divided by the factor instead
 */
public record DiffusersConfig(
    List<Integer> widths,
    int layers,
    int latentChannels,
    int groups,
    double scalingFactor,
    double shiftFactor,
    boolean inverted) {
  /** What the file is called beside the weights. */
  public static final String FILE = "config.json";

  /** Classes whose weights have the names that are read here. */
  private static final List<String> CLASSES = List.of("AutoencoderKLCogVideoX", "AutoencoderKL");

  private static final long TIME_FACTOR = 4;
  private static final long LARGEST = 1 << 20;

  public DiffusersConfig {
    widths = List.copyOf(widths);
  }

  /**
   * Reads the configuration that lies beside a file of weights.
   *
   * @return null where there is none, or one of another kind of model that names no class
   * @throws IOException where it is of another class, or is none
   */
  public static @Nullable DiffusersConfig beside(Path weights) throws IOException {
    Path file = weights.resolveSibling(FILE);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    Yaml.Mapping read;
    try (InputStream in = Files.newInputStream(file)) {
      read = YamlReader.read(file.toString(), in);
      return read.entries().containsKey("_class_name") ? of(read.entries(), file) : null;
    } catch (ConfigException e) {
      throw new IOException("[weights] " + e.getMessage(), e);
    }
  }

  private static DiffusersConfig of(Map<String, Yaml> keys, Path file) {
    String name = text(keys, "_class_name");
    if (!CLASSES.contains(name)) {
      throw fault(file, keys.get("_class_name"), "_class_name", "one of " + CLASSES);
    }
    for (String unread : List.of("latents_mean", "latents_std")) {
      if (!isNull(keys.get(unread))) {
        throw fault(file, keys.get(unread), unread, "null: statistics by channel are not read");
      }
    }
    long time = (long) number(keys, file, "temporal_compression_ratio", TIME_FACTOR);
    if (time != TIME_FACTOR) {
      throw fault(file, keys.get("temporal_compression_ratio"), "temporal_compression_ratio", "4");
    }
    double scaling = number(keys, file, "scaling_factor", 0);
    if (scaling < 0) {
      throw fault(file, keys.get("scaling_factor"), "scaling_factor", "a positive number");
    }
    return new DiffusersConfig(
        list(keys, file, "block_out_channels"),
        size(keys, file, "layers_per_block"),
        size(keys, file, "latent_channels"),
        size(keys, file, "norm_num_groups"),
        scaling,
        number(keys, file, "shift_factor", 0),
        "true".equals(text(keys, "invert_scale_latents")));
  }

  /** What stands there in one word; null for nothing, {@code null}, a list or a mapping. */
  private static @Nullable String text(Map<String, Yaml> keys, String key) {
    return keys.get(key) instanceof Yaml.Scalar s && !isNull(s) ? s.text() : null;
  }

  private static boolean isNull(@Nullable Yaml value) {
    return value == null
        || (value instanceof Yaml.Scalar s && !s.quoted() && s.text().matches("null|~|"));
  }

  private static double number(Map<String, Yaml> keys, Path file, String key, double otherwise) {
    Yaml value = keys.get(key);
    if (isNull(value)) {
      return otherwise;
    }
    try {
      double number = value instanceof Yaml.Scalar s ? Double.parseDouble(s.text()) : Double.NaN;
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the fault.
    }
    throw fault(file, value, key, "a number");
  }

  private static int size(Map<String, Yaml> keys, Path file, String key) {
    double number = number(keys, file, key, 0);
    if (number != Math.rint(number) || number < 0 || number > LARGEST) {
      throw fault(file, keys.get(key), key, "a whole number of 1 to " + LARGEST);
    }
    return (int) number;
  }

  private static List<Integer> list(Map<String, Yaml> keys, Path file, String key) {
    Yaml value = keys.get(key);
    if (isNull(value)) {
      return List.of();
    }
    if (!(value instanceof Yaml.Sequence s)) {
      throw fault(file, value, key, "a list of whole numbers");
    }
    List<Integer> out = new ArrayList<>();
    for (Yaml item : s.items()) {
      out.add(size(Map.of(key, item), file, key));
    }
    return out;
  }

  private static ConfigException fault(Path file, @Nullable Yaml at, String key, String wanted) {
    Place place = at == null ? new Place(file.toString(), 0) : at.place();
    String got = at == null ? "nothing" : at.kind();
    return new ConfigException(place, "'%s' wants %s, got %s".formatted(key, wanted, got));
  }
}
