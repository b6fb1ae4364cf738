package medsora.config;

import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a configuration as files have it, whole or in part. Its keys are the components of a
 * root record, such as {@link TrainConfig}, and of the records below it. What a file lacks has the
 * default of its profile; what the root does not know is refused with the nearest name that it
 * does.
 *
 * <p>The canonical form is JSON on one line, keys sorted, no blanks, numbers as Java writes them.
 * Its SHA-256 tells configurations apart.
 */
public final class ConfigTree {
  /**
   * The version of the tree, under the key {@code version}. The one before it is read too, with
   * what it meant where it is silent.
   */
  public static final int VERSION = 3;

  static final String VERSION_KEY = "version";

  private final Class<? extends Record> root;
  private final Yaml.Mapping whole;

  /** The keys that the file itself has. */
  private final Set<String> said;

  private ConfigTree(Class<? extends Record> root, Yaml.Mapping whole, Set<String> said) {
    this.root = root;
    this.whole = whole;
    this.said = said;
  }

  /**
   * Reads a tree.
   *
   * @param file its name for messages
   * @param text JSON or YAML
   * @throws ConfigException where that is neither, of another version, or has an unknown key
   */
  public static ConfigTree read(String file, String text, Class<? extends Record> root) {
    ConfigTree tree = of(YamlReader.read(file, text), root);
    Config.MAPPER.refuseUnknown(root, tree.whole);
    return tree;
  }

  /** The one rule for what a file says and does not say. */
  static ConfigTree of(Yaml.Mapping own, Class<? extends Record> root) {
    Yaml.Mapping whole = own;
    if (root == TrainConfig.class) {
      whole = Config.overProfile(OldTree.isOne(own) ? OldTree.withItsDefaults(own) : own);
    }
    if (root == DinoConfig.class) {
      whole = Yaml.over(own, YamlReader.read("version " + VERSION, DinoConfig.DEFAULTS));
    }
    whole = new Yaml.Mapping(new LinkedHashMap<>(whole.entries()), own.place());
    refuseOtherVersion(whole.entries().remove(VERSION_KEY));
    return new ConfigTree(root, whole, own.entries().keySet());
  }

  private static void refuseOtherVersion(@Nullable Yaml version) {
    if (version == null
        || OldTree.isVersion(version)
        || (version instanceof Yaml.Scalar s && s.text().equals(Integer.toString(VERSION)))) {
      return;
    }
    boolean newer =
        version instanceof Yaml.Scalar s
            && s.text().matches("[0-9]{1,9}")
            && Integer.parseInt(s.text()) > VERSION;
    throw new ConfigException(
        version.place(),
        "'%s' wants %d or %d, got %s%s"
            .formatted(
                VERSION_KEY,
                OldTree.VERSION,
                VERSION,
                version.kind(),
                newer ? ": what a newer program wrote is for that program" : ""));
  }

  /** A configuration as mappings, lists and plain values, the version first. */
  public static Map<String, Object> plain(Record config) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put(VERSION_KEY, VERSION);
    tree.putAll(RecordTree.of(config));
    return tree;
  }

  /** A configuration in canonical form. */
  public static String json(Record config) {
    return RecordTree.json(plain(config));
  }

  /** The hash of a canonical form, 64 hexadecimal digits. */
  public static String sha256(String json) {
    try {
      byte[] text = json.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The whole configuration. */
  public <T extends Record> T whole(Class<T> type) {
    return Config.MAPPER.read(type, whole);
  }

  /**
   * The record, number or text under a key.
   *
   * @param path of the key, with dots: {@code denoiser.switches}
   * @throws ConfigException where nothing or something else stands there
   */
  public <T> T part(String path, Class<T> type) {
    Yaml at = whole;
    for (String key : path.split("\\.")) {
      at = at instanceof Yaml.Mapping m ? m.entries().get(key) : null;
      if (at == null) {
        throw new ConfigException(whole.place(), "key '" + path + "' is missing");
      }
    }
    return Config.MAPPER.read(path, type, at);
  }

  /** The parts that the file has, defaults filled in, as {@link #plain(Record)}. */
  public Map<String, Object> plain() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put(VERSION_KEY, VERSION);
    for (RecordComponent c : root.getRecordComponents()) {
      if (said.contains(c.getName())) {
        tree.put(c.getName(), RecordTree.plain(part(c.getName(), c.getType())));
      }
    }
    return tree;
  }

  /**
   * The values below some parts by the paths of their keys, each as canonical JSON, a list in one
   * piece. Of a record that is switched off by its {@code enabled} only that stands.
   *
   * @param paths which parts: {@code vae}, {@code perceptual.adversarial}
   * @param without names of keys that are left out, wherever they stand
   */
  public SortedMap<String, String> leaves(Collection<String> paths, Set<String> without) {
    SortedMap<String, String> out = new TreeMap<>();
    for (String path : paths) {
      String first = path.split("\\.", 2)[0];
      Class<?> type = component(first);
      SortedMap<String, String> below = new TreeMap<>();
      add(first, RecordTree.plain(part(first, type)), without, below);
      below.forEach((key, value) -> {
        if (key.equals(path) || key.startsWith(path + ".")) {
          out.put(key, value);
        }
      });
    }
    return out;
  }

  private Class<?> component(String name) {
    return Arrays.stream(root.getRecordComponents())
        .filter(c -> c.getName().equals(name))
        .map(RecordComponent::getType)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("[config] " + root + " has no " + name));
  }

  private static void add(
      String path, Object value, Set<String> without, SortedMap<String, String> out) {
    if (!(value instanceof Map<?, ?> map)) {
      out.put(path, RecordTree.json(value));
      return;
    }
    boolean off = Boolean.FALSE.equals(map.get("enabled"));
    for (Map.Entry<?, ?> e : map.entrySet()) {
      String key = e.getKey().toString();
      if (!without.contains(key) && (!off || key.equals("enabled"))) {
        add(path + "." + key, e.getValue(), without, out);
      }
    }
  }
}
