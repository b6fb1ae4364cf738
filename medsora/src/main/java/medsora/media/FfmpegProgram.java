package medsora.media;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code ffmpeg} and {@code ffprobe} programs found on PATH.
 *
 * @param ffmpeg absolute path of ffmpeg
 * @param ffprobe absolute path of ffprobe
 * @param major major version of ffmpeg, or 0 where it does not say (development builds)
 * @param minor minor version
 */
record FfmpegProgram(Path ffmpeg, Path ffprobe, int major, int minor) {
  private static final Pattern VERSION =
      Pattern.compile("ffmpeg version n?(\\d{1,4})\\.(\\d{1,4})");
  private static final Pattern ADDRESS = Pattern.compile(" @ (0x)?[0-9a-fA-F]{6,}(?=\\])");
  private static final int MAX_TEXT = 1 << 16;

  /**
   * Containers of video by ffmpeg's names. Not among them are those that name further files to
   * read, such as playlists: a data folder's file may not reach out of it.
   */
  static final String FORMATS =
      "mov,matroska,webm,avi,mpeg,mpegts,mpegvideo,asf,flv,ogg,gif,h264,hevc,m4v,ivf,mxf";

  /** What ffprobe says of the first video stream. */
  record Stream(
      String codec,
      String profile,
      int width,
      int height,
      String pixelFormat,
      String colourSpace,
      String colourRange,
      long frames) {}

  private static volatile @Nullable FfmpegProgram found;

  /** The programs on PATH; looked for anew until found, so that an installation is seen at once. */
  static Optional<FfmpegProgram> find() {
    FfmpegProgram known = found;
    if (known != null && Files.isExecutable(known.ffmpeg) && Files.isExecutable(known.ffprobe)) {
      return Optional.of(known);
    }
    Optional<FfmpegProgram> now = lookUp();
    found = now.orElse(null);
    return now;
  }

  private static Optional<FfmpegProgram> lookUp() {
    Optional<Path> ffmpeg = onPath("ffmpeg");
    Optional<Path> ffprobe = onPath("ffprobe");
    if (ffmpeg.isEmpty() || ffprobe.isEmpty()) {
      return Optional.empty();
    }
    try {
      String text = run(List.of(ffmpeg.get().toString(), "-version"), 20).text();
      Matcher m = VERSION.matcher(text);
      return Optional.of(
          m.find()
              ? new FfmpegProgram(
                  ffmpeg.get(),
                  ffprobe.get(),
                  Integer.parseInt(m.group(1)),
                  Integer.parseInt(m.group(2)))
              : new FfmpegProgram(ffmpeg.get(), ffprobe.get(), 0, 0));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> onPath(String program) {
    String path = System.getenv("PATH");
    if (path == null) {
      return Optional.empty();
    }
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("win");
    for (String folder : path.split(java.io.File.pathSeparator)) {
      Path p = Path.of(folder.isEmpty() ? "." : folder, windows ? program + ".exe" : program);
      if (Files.isExecutable(p) && Files.isRegularFile(p)) {
        return Optional.of(p.toAbsolutePath());
      }
    }
    return Optional.empty();
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

  /** Asks ffprobe about the first video stream. */
  Stream probe(Path file, ReadLimits limits) throws IOException {
    List<String> command =
        List.of(
            ffprobe.toString(),
            "-v",
            "error",
            "-protocol_whitelist",
            "file",
            "-format_whitelist",
            FORMATS,
            "-select_streams",
            "v:0",
            "-show_entries",
            "stream=codec_name,profile,width,height,pix_fmt,color_space,color_range,nb_frames"
                + ":stream_side_data=rotation",
            "-of",
            "default=noprint_wrappers=1",
            input(file));
    Result result;
    try {
      result = run(command, limits.stallSeconds());
    } catch (IOException e) {
      throw new VideoException(file.toString(), Pictures.reason(e), e);
    }
    Map<String, String> values = new HashMap<>();
    for (String line : result.text.split("\\R")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.putIfAbsent(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    if (result.exit != 0 || !values.containsKey("width")) {
      throw new VideoException(
          file.toString(), "ffmpeg finds no video stream in it" + said(result.errors, file));
    }
    return stream(values);
  }

  private static Stream stream(Map<String, String> values) {
    int w = (int) number(values.get("width"));
    int h = (int) number(values.get("height"));
    // ffmpeg turns the picture upright by itself; only the sizes change places.
    boolean sideways = Math.abs(number(values.get("rotation"))) % 180 == 90;
    return new Stream(
        values.getOrDefault("codec_name", "unknown"),
        values.getOrDefault("profile", "unknown"),
        sideways ? h : w,
        sideways ? w : h,
        values.getOrDefault("pix_fmt", "unknown"),
        values.getOrDefault("color_space", "unknown"),
        values.getOrDefault("color_range", "unknown"),
        number(values.get("nb_frames")));
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? 0 : (long) Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * {@code ": TEXT"} cut to a readable length, or nothing. Without the file's name, which the
   * message has already, and without addresses, which differ from run to run.
   */
  static String said(String errors, Path file) {
    String text =
        ADDRESS
            .matcher(errors.replace(input(file) + ": ", ""))
            .replaceAll("")
            .strip()
            .replaceAll("\\s*\\R\\s*", "; ");
    if (text.isEmpty()) {
      return "";
    }
    return ": " + (text.length() > 400 ? text.substring(0, 400) + " ..." : text);
  }

  private record Result(int exit, String text, String errors) {}

  private static Result run(List<String> command, int seconds) throws IOException {
    Process process = new ProcessBuilder(command).start();
    try {
      process.getOutputStream().close();
      BoundedText out = new BoundedText(process.getInputStream());
      BoundedText err = new BoundedText(process.getErrorStream());
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new IOException(
            command.getFirst() + " gave no answer in " + seconds + " s and was ended");
      }
      return new Result(process.exitValue(), out.await(), err.await());
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
  static final class BoundedText {
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
