package medsora.train.manifest;

import engine.numeric.NumericContract;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import nn.Parameter;

/**
 * Which build this is, as far as it can know it: its version, and a hash over the classes, kernels
 * and configurations that decide about results, the same whether they lie in jars or in folders.
 */
final class Build {
  private static final String UNKNOWN = "unknown";

  /** One class of each module whose code decides. */
  private static final List<Class<?>> MODULES =
      List.of(NumericContract.class, Parameter.class, Build.class);

  private static final SortedMap<String, String> DESCRIBED = read();

  private Build() {}

  static SortedMap<String, String> describe() {
    return new TreeMap<>(DESCRIBED);
  }

  private static SortedMap<String, String> read() {
    SortedMap<String, String> all = new TreeMap<>();
    all.put("version", version());
    all.put(Made.CLASSES, classes());
    return all;
  }

  private static String version() {
    Properties properties = new Properties();
    String path = "/META-INF/maven/medsora/medsora/pom.properties";
    try (InputStream in = Build.class.getResourceAsStream(path)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      // Classes that no jar was made of have no version.
    }
    return properties.getProperty("version", "unpackaged");
  }

  private static String classes() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Class<?> module : MODULES) {
        CodeSource source = module.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
          return UNKNOWN;
        }
        add(Path.of(source.getLocation().toURI()), digest);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException | URISyntaxException | RuntimeException e) {
      // Code that lies in neither a jar nor a folder: an image of the runtime, a network.
      return UNKNOWN;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(Path place, MessageDigest digest) throws IOException {
    if (Files.isDirectory(place)) {
      addFolder(place, digest);
      return;
    }
    try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
      addFolder(jar.getPath("/"), digest);
    }
  }

  private static void addFolder(Path root, MessageDigest digest) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      all.filter(Files::isRegularFile)
          .forEach(f -> files.put(root.relativize(f).toString().replace('\\', '/'), f));
    }
    for (Map.Entry<String, Path> file : files.entrySet()) {
      // What a packager adds says nothing of the code.
      if (file.getKey().matches(".*\\.(class|cl|yaml|safetensors)")
          && !file.getKey().endsWith("module-info.class")) {
        digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file.getValue()));
      }
    }
  }
}
