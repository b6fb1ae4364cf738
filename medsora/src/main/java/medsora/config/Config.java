package medsora.config;

import engine.io.Printable;
import engine.io.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import medsora.baseline.endora.EndoraConfig;
import medsora.baseline.lvdm.LvdmConfig;
import medsora.baseline.lvdm.LvdmVaeConfig;
import medsora.baseline.sdvae.SdVaeConfig;
import medsora.denoiser.DenoiserConfig;
import medsora.diffusion.NetworkConfig;
import medsora.vae.AutoencoderConfig;
import medsora.vae.VaeConfig;
import nn.optim.LearningRate;

/**
 * The built-in configurations and those in files, for programs and for those who embed the library:
 *
 * <pre>{@code
 * TrainConfig b = Config.builtin("medsora-b");
 * TrainConfig own = Config.read("own.yaml", Map.of("denoiser.depth", "6"));
 * }</pre>
 *
 * A configuration is laid over the defaults of its {@code profile}: {@code paper} (the default)
 * follows the paper, {@code reference} the released code; every single switch can still be set by
 * its name. A file may begin with {@code base: NAME} and then says only what differs from that
 * built-in configuration. {@code version} is that of the tree ({@link ConfigTree#VERSION}); without
 * it this one is meant.
 */
public final class Config {
  /** What {@code --config} takes by name. */
  public static final List<String> BUILT_IN =
      List.of(
          "tiny",
          "demo",
          "phantom-64",
          "phantom-64-tuned",
          "phantom-128",
          "fine-tune-64",
          "medsora-s",
          "medsora-b",
          "medsora-l",
          "endora-tiny",
          "endora-demo",
          "endora-s",
          "endora-b",
          "endora-l",
          "endora-xl",
          "lvdm-demo",
          "lvdm");

  /** Names of single networks that inspect takes, and how else a run is configured so. */
  private static final Map<String, String> INSPECTED =
      Map.of(
          "medsora-xl", "--config medsora-l --set denoiser.depth=48",
          "vae", "--config medsora-s, and to train the autoencoder alone --stage vae");

  /** What the configuration of a run is called in its folder. */
  public static final String FILE = "config.yaml";

  /** What was meant as a path: it has a separator, or the ending of a file. */
  private static final String PATH = "(?i).*([/\\\\].*|\\.(ya?ml|json))";

  private static final List<String> PROFILES = List.of("paper", "reference");
  private static final String NAME = "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}";

  static final Kinds NETWORKS =
      new Kinds()
          .with(DenoiserConfig.KIND, DenoiserConfig.class)
          .with(EndoraConfig.KIND, EndoraConfig.class)
          .with(LvdmConfig.KIND, LvdmConfig.class);

  /** Their first has the name of the first network, which a tree without {@code kind} means. */
  static final Kinds AUTOENCODERS =
      new Kinds()
          .with(VaeConfig.KIND, VaeConfig.class)
          .with(SdVaeConfig.KIND, SdVaeConfig.class)
          .with(LvdmVaeConfig.KIND, LvdmVaeConfig.class);

  static final RecordMapper MAPPER =
      new RecordMapper()
          .numberAs(LearningRate.class, LearningRate::constant)
          .family(NetworkConfig.class, NETWORKS)
          .family(AutoencoderConfig.class, AUTOENCODERS);

  private Config() {}

  /** Reads a configuration as it stands. */
  public static TrainConfig read(String nameOrFile) throws IOException {
    return read(nameOrFile, Map.of());
  }

  /**
   * Reads a configuration.
   *
   * @param nameOrFile a built-in name, or a YAML file
   * @param changes values that take precedence, by the path of their key: {@code denoiser.depth}
   * @throws ConfigException naming file, line and key where something is wrong
   */
  public static TrainConfig read(String nameOrFile, Map<String, String> changes)
      throws IOException {
    Yaml.Mapping own = source(nameOrFile);
    Yaml.Mapping whole = withBase(own);
    for (Map.Entry<String, String> change : changes.entrySet()) {
      whole = copy(Yaml.over(change(change.getKey(), change.getValue()), whole));
    }
    whole.entries().putIfAbsent("name", text(stem(nameOrFile), own.place()));
    whole.entries().putIfAbsent("seed", text("0", own.place()));
    TrainConfig read = ConfigTree.of(whole, TrainConfig.class).whole(TrainConfig.class);
    if (!read.name().matches(NAME)) {
      throw new ConfigException(
          own.place(),
          "'name' wants 1 to 100 letters, digits and '. _ -', the first no '.', got '"
              + Printable.brief(read.name())
              + "'");
    }
    return read;
  }

  /** A built-in configuration; {@link #BUILT_IN} are the names. */
  public static TrainConfig builtin(String name) {
    return builtin(name, Map.of());
  }

  /**
   * A built-in configuration with changes.
   *
   * @param changes by the path of their key: {@code Map.of("profile", "reference")}
   * @throws ConfigException where there is none of that name, or a change is none
   */
  public static TrainConfig builtin(String name, Map<String, String> changes) {
    if (!BUILT_IN.contains(name)) {
      Place place = new Place(name, 0);
      throw new ConfigException(
          place, "is none of " + String.join(", ", BUILT_IN) + Nearest.hint(name, BUILT_IN));
    }
    try {
      return read(name, changes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The defaults of a profile, which are no whole configuration: sizes are missing.
   *
   * @param name {@code paper} or {@code reference}
   */
  public static ConfigTree profile(String name) {
    Yaml.Mapping chosen =
        new Yaml.Mapping(
            Map.of("profile", text(name, new Place(name, 0))), new Place("profile " + name, 0));
    return ConfigTree.of(chosen, TrainConfig.class);
  }

  /**
   * A tree over the defaults of the profile that it names, which is {@code paper} if it does not.
   */
  static Yaml.Mapping overProfile(Yaml.Mapping own) {
    Yaml.Mapping said = copy(own);
    String profile = taken(said, "profile", "paper", PROFILES);
    said.entries().remove("profile");
    try {
      return Yaml.over(said, resource("profile-" + profile));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Yaml.Mapping withBase(Yaml.Mapping own) throws IOException {
    Yaml.Mapping whole = copy(own);
    if (whole.entries().containsKey("base")) {
      // The built-in ones that have a base have one that is whole, so this ends.
      Yaml.Mapping base = withBase(resource(taken(own, "base", "", BUILT_IN)));
      whole.entries().remove("base");
      whole = copy(Yaml.over(whole, base));
    }
    return whole;
  }

  /** {@code a.b} and {@code v} as the mapping {@code a: {b: v}}. */
  private static Yaml.Mapping change(String path, String value) throws IOException {
    String origin = "--set " + path;
    byte[] line = ("value: " + value).getBytes(StandardCharsets.UTF_8);
    Yaml tree = YamlReader.read(origin, new ByteArrayInputStream(line)).required("value");
    Place place = new Place(origin, 0);
    String[] keys = path.split("\\.", -1);
    for (int i = keys.length - 1; i >= 0; i--) {
      tree = new Yaml.Mapping(new LinkedHashMap<>(Map.of(keys[i], tree)), place);
    }
    return (Yaml.Mapping) tree;
  }

  private static Yaml.Mapping copy(Yaml.Mapping m) {
    return new Yaml.Mapping(new LinkedHashMap<>(m.entries()), m.place());
  }

  private static String taken(
      Yaml.Mapping source, String key, String otherwise, List<String> allowed) {
    Yaml value = source.entries().get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Yaml.Scalar s && allowed.contains(s.text().toLowerCase(Locale.ROOT))) {
      return s.text().toLowerCase(Locale.ROOT);
    }
    String hint = value instanceof Yaml.Scalar s ? Nearest.hint(s.text(), allowed) : "";
    throw new ConfigException(
        value.place(),
        "'%s' wants one of %s, got %s%s"
            .formatted(key, String.join(", ", allowed), value.kind(), hint));
  }

  private static Yaml.Mapping source(String nameOrFile) throws IOException {
    if (BUILT_IN.contains(nameOrFile.toLowerCase(Locale.ROOT))) {
      return resource(nameOrFile.toLowerCase(Locale.ROOT));
    }
    requireSource(nameOrFile, BUILT_IN);
    try (InputStream in = Files.newInputStream(Path.of(nameOrFile))) {
      return YamlReader.read(nameOrFile, in);
    }
  }

  /**
   * Refuses what is neither one of the names nor a file.
   *
   * @throws ConfigException saying which, and what the names are
   */
  public static void requireSource(String nameOrFile, List<String> names) {
    if (names.stream().anyMatch(nameOrFile::equalsIgnoreCase)) {
      return;
    }
    if (nameOrFile.isBlank()) {
      Place place = new Place("'" + nameOrFile + "'", 0);
      throw new ConfigException(
          place, "is no name; wants a YAML file or one of " + String.join(", ", names));
    }
    Place place = new Place(nameOrFile, 0);
    Path file;
    try {
      file = Path.of(nameOrFile);
    } catch (InvalidPathException e) {
      throw new ConfigException(
          place, "can be no file, and is none of " + String.join(", ", names));
    }
    if (Files.isDirectory(file)) {
      throw new ConfigException(place, "is a folder, wants a YAML file");
    }
    if (Files.isRegularFile(file)) {
      return;
    }
    String listed = String.join(", ", names);
    if (nameOrFile.matches(PATH)) {
      throw new ConfigException(place, "no such file; the built-in ones are " + listed);
    }
    String shown = INSPECTED.get(nameOrFile.toLowerCase(Locale.ROOT));
    if (shown != null) {
      throw new ConfigException(place, "is a name for inspect alone; give " + shown);
    }
    throw new ConfigException(
        place, "is neither a file nor one of " + listed + Nearest.hint(nameOrFile, names));
  }

  /** A whole configuration as YAML that {@link #read} takes. */
  public static String yaml(TrainConfig config) {
    return RecordTree.yaml(ConfigTree.plain(config));
  }

  /** Writes {@code config.yaml} into a run folder. */
  public static void write(Path folder, TrainConfig config) throws IOException {
    WholeFile.write(folder.resolve(FILE), yaml(config).getBytes(StandardCharsets.UTF_8));
  }

  private static Yaml.Mapping resource(String name) throws IOException {
    String path = name + ".yaml";
    try (InputStream in = Config.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("[config] the jar lacks " + path);
      }
      return YamlReader.read(path, in);
    }
  }

  private static Yaml text(String value, Place place) {
    return new Yaml.Scalar(value, false, place);
  }

  private static String stem(String nameOrFile) {
    String name = Path.of(nameOrFile).getFileName().toString();
    int dot = name.lastIndexOf('.');
    String plain =
        (dot > 0 ? name.substring(0, dot) : name)
            .replaceAll("[^A-Za-z0-9_.-]", "_")
            .replaceFirst("^\\.", "_");
    return plain.substring(0, Math.min(100, plain.length()));
  }
}
