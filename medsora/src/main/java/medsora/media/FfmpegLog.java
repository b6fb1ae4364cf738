package medsora.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
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
  private static final int MAX_ERRORS = 64;
  private static final int MAX_ERROR = 512;
  private static final int MAX_SAID = 400;
  private static final Pattern ADDRESS = Pattern.compile(" @ (0x)?[0-9a-fA-F]{6,}(?=\\])");
  private static final Pattern FRAME =
      Pattern.compile(
          "n: *(\\d{1,9}) pts:.* pts_time:(\\S+) .*"
              + "fmt:(\\w+) .*sar:(\\d{1,9})/(\\d{1,9}) s:(\\d{1,9})x(\\d{1,9}) i:(\\w)");
  private static final Pattern SHOWN =
      Pattern.compile("^\\[Parsed_showinfo_\\d+ @ \\w+\\] \\[info\\] n: ");
  private static final String MAPPED = "[info] Stream mapping:";
  private static final Pattern ERROR = Pattern.compile("\\[(error|fatal|panic)\\] ");

  /** Time stamps of joined recordings overlap; the frames go out all the same. */
  private static final String ORDER = "non monotonically increasing dts to muxer";

  /** Of every h261, which marks no frame as one; an error by its level alone. */
  private static final String KEYLESS = "warning: first frame is no keyframe";

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
  private final SortedSet<String> errors = new TreeSet<>();
  private final FfmpegLines lines = new FfmpegLines();
  private final FfmpegColours colours;
  private @Nullable MatchResult open;
  private boolean mapped;
  private int shown;

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

  /**
   * The errors so far, one a line, each once and without addresses. Threads complain in any order;
   * so these are in that of their letters, and of very many the first in that.
   */
  String errors() {
    synchronized (errors) {
      return String.join("", errors);
    }
  }

  /** Whether there may be further errors, in lines that are not whole; asked at the end. */
  boolean broken() {
    synchronized (errors) {
      return lines.broken();
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
      if (!line.isEmpty()) {
        read(utf8(line));
      }
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
    mapped |= line.equals(MAPPED);
    if (frame.find() && isNext(line, Integer.parseInt(frame.group(1)))) {
      shown++;
      close();
      open = frame.toMatchResult();
    } else if (colours.read(line)) {
      close();
    }
    note(line);
  }

  /**
   * Whether a frame's line is one. In the middle of another one, such as that of the output, its
   * number has to be right, and what the file says of itself to be over.
   */
  private boolean isNext(String line, int number) {
    return SHOWN.matcher(line).find() || (mapped && number == shown);
  }

  /**
   * Keeps an error. It may stand in the middle of a frame's line, which ffmpeg writes in pieces
   * while another of its threads complains.
   */
  private void note(String line) {
    Matcher mark = ERROR.matcher(line);
    synchronized (errors) {
      lines.read(line);
      if (mark.find()) {
        String error = error(line.substring(Math.max(0, line.lastIndexOf('[', mark.start() - 1))));
        errors.add(error);
        if (errors.size() > MAX_ERRORS) {
          errors.removeLast();
        }
      }
    }
  }

  /** The line of an error without its mark, or nothing. */
  private static String error(String line) {
    Matcher mark = ERROR.matcher(line);
    if (!mark.find() || line.contains(ORDER) || line.contains(KEYLESS)) {
      return "";
    }
    String plain = ADDRESS.matcher(mark.replaceFirst("")).replaceAll("");
    return plain.substring(0, Math.min(plain.length(), MAX_ERROR)) + "\n";
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
                  seconds(m.group(2)),
                  m.group(3),
                  Integer.parseInt(m.group(4)),
                  Integer.parseInt(m.group(5)),
                  Integer.parseInt(m.group(6)),
                  Integer.parseInt(m.group(7)),
                  !m.group(8).equals("P"),
                  colours.now())));
    }
  }

  /**
   * {@code ": TEXT"} cut to a readable length, or nothing. Without the file's name, which the
   * message has already.
   */
  static String said(String errors, Path file) {
    String text =
        errors
            .replace(FfmpegProgram.input(file) + ": ", "")
            .replaceAll("Format not on whitelist '[^'\n]*'?", "a format that is not read here")
            .strip()
            .replaceAll("\\s*\\R\\s*", "; ");
    if (text.isEmpty()) {
      return "";
    }
    return ": " + (text.length() > MAX_SAID ? text.substring(0, MAX_SAID) + " ..." : text);
  }
}
