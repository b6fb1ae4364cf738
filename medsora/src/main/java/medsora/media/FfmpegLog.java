package medsora.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what ffmpeg logs, on a thread of its own: what its filter {@code showinfo} says of each
 * frame, and errors. A line's middle or end may be lost in a damaged file's noise, so that a frame
 * is one as soon as its first line is there.
 */
final class FfmpegLog {
  private static final int MAX_LINE = 1 << 12;
  private static final int MAX_ERRORS = 1 << 14;
  private static final int MAX_SAID = 400;
  private static final Pattern ADDRESS = Pattern.compile(" @ (0x)?[0-9a-fA-F]{6,}(?=\\])");
  private static final Pattern FRAME =
      Pattern.compile(
          "^\\[Parsed_showinfo_\\d+ @ \\w+\\] \\[info\\] n: *\\d+ pts:.* pts_time:(\\S+) .*"
              + "fmt:(\\w+) .*sar:(\\d{1,9})/(\\d{1,9}) s:(\\d{1,9})x(\\d{1,9}) i:(\\w)");
  private static final Pattern ERROR = Pattern.compile("\\[(error|fatal|panic)\\] ");

  /** Time stamps of joined recordings overlap; the frames go out all the same. */
  private static final String ORDER = "non monotonically increasing dts to muxer";

  /**
   * What is known of a frame before its pixels are read.
   *
   * @param seconds its time, or not-a-number
   * @param format ffmpeg's name of the format of its pixels
   * @param sarWidth width of a pixel in units of its height, times {@code sarHeight}; 0: unknown
   * @param interlaced whether it holds two fields
   */
  record Frame(
      double seconds,
      String format,
      int sarWidth,
      int sarHeight,
      int width,
      int height,
      boolean interlaced,
      FfmpegStream.Colours colours) {}

  private final BlockingQueue<Optional<Frame>> frames = new LinkedBlockingQueue<>();
  private final StringBuilder errors = new StringBuilder();
  private final FfmpegColours colours;
  private @Nullable MatchResult open;

  /**
   * Begins to read.
   *
   * @param colours those of frames that do not say
   */
  FfmpegLog(InputStream in, FfmpegStream.Colours colours) {
    this.colours = new FfmpegColours(colours);
    Thread.ofVirtual().start(() -> drain(in));
  }

  /** The next frame; empty when ffmpeg has ended. Waits. */
  Optional<Frame> next() throws InterruptedException {
    Optional<Frame> next = frames.take();
    if (next.isEmpty()) {
      frames.add(next);
    }
    return next;
  }

  /** The errors so far, one a line. */
  String errors() {
    synchronized (errors) {
      return errors.toString();
    }
  }

  private void drain(InputStream in) {
    byte[] buffer = new byte[1 << 13];
    StringBuilder line = new StringBuilder();
    try (in) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        for (char c : new String(buffer, 0, n, StandardCharsets.ISO_8859_1).toCharArray()) {
          if (c == '\n') {
            read(utf8(line));
            line.setLength(0);
          } else if (line.length() < MAX_LINE) {
            line.append(c);
          }
        }
      }
    } catch (IOException e) {
      // The process was ended; what it said until then is kept.
    } finally {
      read(utf8(line));
      close();
      frames.add(Optional.empty());
    }
  }

  private static String utf8(CharSequence bytes) {
    return new String(
        bytes.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private void read(String line) {
    Matcher frame = FRAME.matcher(line);
    if (frame.find()) {
      close();
      open = frame.toMatchResult();
    } else if (colours.read(line)) {
      close();
    }
    note(line);
  }

  /**
   * Keeps an error. It may stand in the middle of a frame's line, which ffmpeg writes in pieces
   * while another of its threads complains.
   */
  private void note(String line) {
    Matcher mark = ERROR.matcher(line);
    if (mark.find()) {
      int from = Math.max(0, line.lastIndexOf('[', mark.start() - 1));
      synchronized (errors) {
        if (errors.length() < MAX_ERRORS) {
          errors.append(error(line.substring(from)));
        }
      }
    }
  }

  /** The line of an error without its mark, or nothing. */
  private static String error(String line) {
    Matcher mark = ERROR.matcher(line);
    return mark.find() && !line.contains(ORDER) ? mark.replaceFirst("") + "\n" : "";
  }

  /** The errors in what a program wrote with {@code -v level+error}. */
  static String errors(String text) {
    return text.lines().map(FfmpegLog::error).collect(Collectors.joining());
  }

  private static double seconds(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** The last of its colours ends a frame, or whatever comes in its place. */
  private void close() {
    MatchResult m = open;
    if (m != null) {
      open = null;
      frames.add(
          Optional.of(
              new Frame(
                  seconds(m.group(1)),
                  m.group(2),
                  Integer.parseInt(m.group(3)),
                  Integer.parseInt(m.group(4)),
                  Integer.parseInt(m.group(5)),
                  Integer.parseInt(m.group(6)),
                  !m.group(7).equals("P"),
                  colours.now())));
    }
  }

  /**
   * {@code ": TEXT"} cut to a readable length, or nothing. Without the file's name, which the
   * message has already, and without addresses, which differ from run to run.
   */
  static String said(String errors, Path file) {
    String text =
        ADDRESS
            .matcher(errors.replace(FfmpegProgram.input(file) + ": ", ""))
            .replaceAll("")
            .replaceAll("Format not on whitelist '[^'\n]*'?", "a format that is not read here")
            .strip()
            .replaceAll("\\s*\\R\\s*", "; ");
    if (text.isEmpty()) {
      return "";
    }
    return ": " + (text.length() > MAX_SAID ? text.substring(0, MAX_SAID) + " ..." : text);
  }
}
