package medsora.media;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An {@code ffmpeg} program and the {@code ffprobe} beside it. {@link FfmpegPlaces} finds one.
 *
 * @param ffmpeg absolute path of ffmpeg
 * @param ffprobe absolute path of ffprobe
 * @param libraries folder of the shared libraries that the two bring along, where they do
 * @param major major version of ffmpeg, or 0 where it does not say (development builds)
 * @param minor minor version
 */
record FfmpegProgram(Path ffmpeg, Path ffprobe, Optional<Path> libraries, int major, int minor) {
  private static final Pattern VERSION =
      Pattern.compile("ffmpeg version n?(\\d{1,4})\\.(\\d{1,4})");
  private static final int MAX_TEXT = 1 << 20;

  /** What a program answered: its exit status, and the beginnings of what it wrote. */
  record Answer(int exit, String text, String errors) {}

  /** Programs that bring no libraries along. */
  FfmpegProgram(Path ffmpeg, Path ffprobe, int major, int minor) {
    this(ffmpeg, ffprobe, Optional.empty(), major, minor);
  }

  /**
   * The two programs of a folder.
   *
   * @param libraries where their shared libraries are, if not where the system has them
   * @throws IOException when they cannot be run
   */
  static FfmpegProgram in(Path folder, Optional<Path> libraries) throws IOException {
    Path ffmpeg = folder.resolve(file("ffmpeg")).toAbsolutePath();
    Path ffprobe = folder.resolve(file("ffprobe")).toAbsolutePath();
    FfmpegProgram unknown = new FfmpegProgram(ffmpeg, ffprobe, libraries, 0, 0);
    Answer answer = unknown.ask(List.of(ffmpeg.toString(), "-version"), 20);
    if (answer.exit != 0) {
      throw new IOException(ffmpeg + " does not run here: " + answer.errors.strip());
    }
    Matcher m = VERSION.matcher(answer.text);
    return m.find()
        ? new FfmpegProgram(
            ffmpeg, ffprobe, libraries, Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)))
        : unknown;
  }

  /** What a program's file is called here. */
  static String file(String program) {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("win");
    return windows ? program + ".exe" : program;
  }

  /** Whether it is older than 4.4, the oldest that can leave frames the sizes they have. */
  boolean tooOld() {
    return major > 0 && (major < 4 || (major == 4 && minor < 4));
  }

  /** Arguments that keep every decoded frame once, whatever the version calls it. */
  List<String> keepEveryFrame() {
    boolean old = major > 0 && (major < 5 || (major == 5 && minor < 1));
    return old ? List.of("-vsync", "0") : List.of("-fps_mode", "passthrough");
  }

  /** A file argument that cannot be taken for an option or another protocol. */
  static String input(Path file) {
    return "file:" + file.toAbsolutePath();
  }

  /** Starts one of the two; its input is empty. */
  Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    // Without colours, and without a report into the folder that happens to be the current one.
    environment.put("AV_LOG_FORCE_NOCOLOR", "1");
    environment.remove("AV_LOG_FORCE_COLOR");
    environment.remove("FFREPORT");
    libraries.ifPresent(folder -> environment.put("LD_LIBRARY_PATH", folder.toString()));
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /**
   * Runs one of the two to its end.
   *
   * @param seconds after which it is ended
   */
  Answer ask(List<String> command, int seconds) throws IOException {
    Process process = start(command);
    try {
      BoundedText out = new BoundedText(process.getInputStream());
      BoundedText err = new BoundedText(process.getErrorStream());
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new IOException(
            command.getFirst() + " gave no answer in " + seconds + " s and was ended");
      }
      return new Answer(process.exitValue(), out.await(), err.await());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + command.getFirst(), e);
    } finally {
      reap(process);
    }
  }

  /** Ends a process and what it started, which could hold its pipes open. */
  static void kill(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /** Ends a process for certain and waits until it is gone. */
  static void reap(Process process) {
    kill(process);
    boolean interrupted = false;
    while (true) {
      try {
        process.waitFor();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Drains a stream on a thread of its own and keeps its beginning. */
  private static final class BoundedText {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread thread;

    BoundedText(InputStream in) {
      thread = Thread.ofVirtual().start(() -> drain(in));
    }

    private void drain(InputStream in) {
      byte[] buffer = new byte[4096];
      try (in) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          synchronized (kept) {
            kept.write(buffer, 0, Math.min(n, MAX_TEXT - Math.min(kept.size(), MAX_TEXT)));
          }
        }
      } catch (IOException e) {
        // The process was ended; what it said until then is kept.
      }
    }

    /** What was said, after the process ended. */
    String await() {
      try {
        thread.join(2000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      synchronized (kept) {
        return kept.toString(StandardCharsets.UTF_8);
      }
    }
  }
}
