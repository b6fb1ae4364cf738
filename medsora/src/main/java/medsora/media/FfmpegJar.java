package medsora.media;

import engine.io.UserCache;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The jar {@code org.bytedeco:ffmpeg} of this platform on the class path. Its programs are unpacked
 * once, into the user's cache or where {@code -Dmedsora.ffmpeg.cache=DIR} says, under a name that
 * follows from what they are; the folder is made aside and renamed, so that processes may share it.
 */
final class FfmpegJar {
  private static final Object UNPACKING = new Object();

  private static final String PACKAGE = "org/bytedeco/ffmpeg/";

  /** Builds that the jars come in; those with GPL parts have more encoders. */
  private static final List<String> BUILDS = List.of("", "-gpl");

  /**
   * Libraries that Linux's programs ask for and the jar lacks: for cameras, sound and screens,
   * which no video file needs. Only functions of theirs are named, and each is looked up when it is
   * called first, so that any library may stand in.
   */
  private static final List<String> UNUSED =
      List.of(
          "libdrm.so.2",
          "libva.so.2",
          "libva-drm.so.2",
          "libasound.so.2",
          "libpulse.so.0",
          "libxcb.so.1",
          "libxcb-shm.so.0",
          "libxcb-shape.so.0",
          "libxcb-xfixes.so.0");

  /** Small ones of the jars that need the C library alone. */
  private static final List<String> STAND_INS = List.of("libdrm.so.2", "libvcos.so");

  private final URL jar;
  private final String folder;

  private FfmpegJar(URL jar, String folder) {
    this.jar = jar;
    this.folder = folder;
  }

  /** The jar that the class loaders see, if there is one. */
  static Optional<FfmpegJar> find() {
    for (String build : BUILDS) {
      String folder = PACKAGE + platform() + build + "/";
      String program = folder + FfmpegProgram.file("ffmpeg");
      Optional<URL> url =
          Stream.of(
                  FfmpegJar.class.getClassLoader(), Thread.currentThread().getContextClassLoader())
              .filter(Objects::nonNull)
              .map(loader -> loader.getResource(program))
              .filter(Objects::nonNull)
              .findFirst();
      if (url.isPresent()) {
        return Optional.of(new FfmpegJar(url.get(), folder));
      }
    }
    return Optional.empty();
  }

  /** The system and the processor as the jars name them. */
  static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String os = system.contains("win") ? "windows" : system.contains("mac") ? "macosx" : "linux";
    return switch (processor) {
      case "amd64", "x86_64" -> os + "-x86_64";
      case "aarch64", "arm64" -> os + "-arm64";
      default -> os + "-" + processor;
    };
  }

  /** Its programs, unpacked where they are not yet. */
  FfmpegProgram program() throws IOException {
    Path programs = unpacked();
    boolean linux = platform().startsWith("linux");
    return FfmpegProgram.in(programs, linux ? Optional.of(programs) : Optional.empty());
  }

  private Path unpacked() throws IOException {
    if (!(jar.openConnection() instanceof JarURLConnection connection)) {
      throw new IOException(jar + " is in no jar");
    }
    connection.setUseCaches(false);
    try (JarFile file = connection.getJarFile()) {
      List<JarEntry> entries =
          file.stream()
              .filter(e -> e.getName().startsWith(folder) && !e.isDirectory())
              .filter(e -> plainName(e).matches("[A-Za-z0-9._-]+"))
              .filter(e -> !plainName(e).contains("jni"))
              .sorted(Comparator.comparing(JarEntry::getName))
              .toList();
      Path root = root();
      Path place = root.resolve(platform() + "-" + key(entries));
      if (!isWhole(place, entries)) {
        unpackAlone(file, entries, root, place);
      }
      return place;
    }
  }

  /**
   * Unpacks unless somebody else was faster: one thread and one process at a time, for what is put
   * in the place of a swept folder may already run.
   */
  private void unpackAlone(JarFile file, List<JarEntry> entries, Path root, Path place)
      throws IOException {
    synchronized (UNPACKING) {
      try (FileChannel channel =
              FileChannel.open(
                  root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !isWhole(place, entries)) {
          unpack(file, entries, root, place);
        }
      }
    }
  }

  /** The entry's name below the folder; one with a slash is none of ours. */
  private String plainName(JarEntry entry) {
    return entry.getName().substring(folder.length());
  }

  private static Path root() throws IOException {
    String chosen = System.getProperty("medsora.ffmpeg.cache");
    Optional<Path> cache =
        chosen == null
            ? UserCache.folder().map(f -> f.resolve("ffmpeg"))
            : Optional.of(Path.of(chosen).toAbsolutePath());
    return Files.createDirectories(
        cache.orElseThrow(() ->
            new IOException(
                "there is no folder to unpack into; name one by -Dmedsora.ffmpeg.cache=DIR")));
  }

  /** What the entries hold, as far as the jar's own checksums tell it. */
  private static String key(List<JarEntry> entries) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (JarEntry e : entries) {
        String line = e.getName() + " " + e.getSize() + " " + e.getCrc() + "\n";
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Caches are swept by file, so that each is looked at. */
  private boolean isWhole(Path place, List<JarEntry> entries) throws IOException {
    for (JarEntry e : entries) {
      Path file = place.resolve(plainName(e));
      if (!Files.isRegularFile(file) || Files.size(file) != e.getSize()) {
        return false;
      }
    }
    return true;
  }

  private void unpack(JarFile file, List<JarEntry> entries, Path root, Path place)
      throws IOException {
    Path part = Files.createTempDirectory(root, ".part");
    try {
      for (JarEntry e : entries) {
        Path to = part.resolve(plainName(e));
        try (InputStream in = file.getInputStream(e)) {
          Files.copy(in, to);
        }
        if (!to.toFile().setExecutable(true) && !Files.isExecutable(to)) {
          throw new IOException(to + " cannot be made executable");
        }
      }
      if (platform().startsWith("linux")) {
        standIn(part);
      }
      if (Files.exists(place)) {
        delete(place);
      }
      Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(part);
    }
  }

  /** Gives the libraries that the programs are loaded with the names that they are asked for by. */
  private static void standIn(Path programs) throws IOException {
    for (String name : UNUSED) {
      Path link = programs.resolve(name);
      String own = name.substring(0, name.indexOf(".so") + 3);
      Optional<String> target =
          Stream.concat(Stream.of(own), STAND_INS.stream())
              .filter(n -> Files.exists(programs.resolve(n)))
              .findFirst();
      if (!Files.exists(link) && target.isPresent()) {
        Files.createSymbolicLink(link, Path.of(target.get()));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path p : files.toList()) {
        Files.deleteIfExists(p);
      }
    }
    Files.deleteIfExists(folder);
  }
}
