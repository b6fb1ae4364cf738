package tools.program;

import engine.kernel.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import medsora.MedSora;

/**
 * A hash of the classes and resources of this program, wherever they lie: of equal contents it is
 * equal, in jars or in folders, whatever the times of the files are.
 */
final class BuildHash {
  private static final List<Class<?>> OF_MODULES =
      List.of(Engine.class, nn.Module.class, MedSora.class, Program.class);

  private static final String MAVENS = "META-INF/";

  private BuildHash() {}

  /** The hash, in hexadecimal digits. */
  static String sha256() {
    Map<String, Long> sums = new TreeMap<>();
    try {
      for (Class<?> each : OF_MODULES) {
        Path place = Path.of(each.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(place)) {
          ofFolder(place, sums);
        } else {
          ofJar(place, sums);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    StringBuilder text = new StringBuilder();
    sums.forEach((name, sum) -> text.append(name).append(' ').append(sum).append('\n'));
    try {
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void ofJar(Path jar, Map<String, Long> sums) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      zip.stream()
          .filter(e -> !e.isDirectory() && !e.getName().startsWith(MAVENS))
          .sorted(java.util.Comparator.comparing(ZipEntry::getName))
          .forEach(e -> sums.put(e.getName(), e.getCrc()));
    }
  }

  private static void ofFolder(Path folder, Map<String, Long> sums) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String name = folder.relativize(file).toString().replace('\\', '/');
      if (!name.startsWith(MAVENS)) {
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(file));
        sums.put(name, sum.getValue());
      }
    }
  }
}
