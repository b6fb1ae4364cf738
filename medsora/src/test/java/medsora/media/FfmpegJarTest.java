package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar with shell scripts in the place of the programs. */
class FfmpegJarTest {
  private static final String SCRIPT = "#!/bin/sh\necho ffmpeg version 6.1.2 of a test\n";

  @TempDir Path folder;
  private ClassLoader before;
  private URLClassLoader loader;

  @BeforeEach
  void putAJarOnTheClassPath() throws IOException {
    assumeTrue(Files.exists(Path.of("/bin/sh")), "the scripts want a shell");
    Path jar = folder.resolve("ffmpeg.jar");
    String place = "org/bytedeco/ffmpeg/" + FfmpegJar.platform() + "/";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      add(out, place + "ffmpeg", SCRIPT);
      add(out, place + "ffprobe", SCRIPT);
      add(out, place + "libdrm.so.2", "a library");
      add(out, place + "libjniavutil.so", "for Java, and not needed");
      add(out, place + "../../../../escaped", "not ours");
      add(out, place + "deeper/ffmpeg", "not ours");
    }
    before = Thread.currentThread().getContextClassLoader();
    loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
    Thread.currentThread().setContextClassLoader(loader);
    System.setProperty("medsora.ffmpeg.cache", folder.resolve("cache").toString());
  }

  private static void add(JarOutputStream out, String name, String text) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.closeEntry();
  }

  @AfterEach
  void putBack() throws IOException {
    System.clearProperty("medsora.ffmpeg.cache");
    if (loader != null) {
      Thread.currentThread().setContextClassLoader(before);
      loader.close();
    }
  }

  private List<String> cached() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
      return files
          .map(f -> folder.resolve("cache").relativize(f).toString())
          .map(n -> n.replaceFirst("^[^/]*/?", ""))
          .filter(n -> !n.isEmpty())
          .sorted()
          .toList();
    }
  }

  @Test
  void theProgramsAreUnpackedOnceAndRun() throws IOException {
    FfmpegProgram program = FfmpegJar.find().orElseThrow().program();
    assertEquals(6, program.major());
    assertEquals(1, program.minor());
    Object written = Files.getLastModifiedTime(program.ffmpeg());
    assertEquals(program, FfmpegJar.find().orElseThrow().program());
    assertEquals(written, Files.getLastModifiedTime(program.ffmpeg()));
    List<String> files = cached();
    assertTrue(files.containsAll(List.of("ffmpeg", "ffprobe", "libdrm.so.2")), files::toString);
    assertFalse(files.contains("libjniavutil.so") || files.contains("deeper"), files::toString);
    boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    assertEquals(linux, files.contains("libpulse.so.0"));
    try (Stream<Path> all = Files.walk(folder)) {
      assertTrue(all.noneMatch(p -> p.endsWith("escaped")));
    }
  }

  @Test
  void whatWasSweptAwayIsUnpackedAgain() throws IOException {
    FfmpegProgram program = FfmpegJar.find().orElseThrow().program();
    Files.delete(program.ffprobe());
    Files.writeString(program.ffmpeg(), "cut");
    assertEquals(program, FfmpegJar.find().orElseThrow().program());
    assertEquals(SCRIPT, Files.readString(program.ffmpeg()));
    assertTrue(Files.isExecutable(program.ffprobe()));
  }

  @Test
  void severalAtOnceShareTheFolder() throws Exception {
    FfmpegJar jar = FfmpegJar.find().orElseThrow();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<FfmpegProgram> unpack = jar::program;
      for (int round = 0; round < 5; round++) {
        for (Future<FfmpegProgram> f : threads.invokeAll(Collections.nCopies(8, unpack))) {
          assertEquals(6, f.get().major());
        }
        Files.delete(jar.program().ffprobe());
      }
      jar.program();
    }
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      assertEquals(1, files.filter(Files::isDirectory).count());
    }
  }

  @Test
  void programsOlderThanFourPointFourAreLeftAlone() {
    Path any = Path.of("ffmpeg");
    assertTrue(new FfmpegProgram(any, any, 4, 3).tooOld());
    assertTrue(new FfmpegProgram(any, any, 3, 9).tooOld());
    assertFalse(new FfmpegProgram(any, any, 4, 4).tooOld());
    assertFalse(new FfmpegProgram(any, any, 10, 0).tooOld());
    assertFalse(new FfmpegProgram(any, any, 0, 0).tooOld());
  }
}
