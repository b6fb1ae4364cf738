package medsora.media;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a y4m ends. Its frames have one size, and each a line before it; of a frame that is cut off
 * ffmpeg says nothing.
 */
final class Y4mParts {
  private static final String MAGIC = "YUV4MPEG2";
  private static final int MOST_LINE = 1 << 12;

  private Y4mParts() {}

  /** {@code ": TEXT"} where a file is a y4m that ends within a frame, else nothing. */
  static String cut(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      String header = line(in);
      Optional<Long> frame = header.startsWith(MAGIC) ? frame(header) : Optional.empty();
      if (frame.isEmpty()) {
        return "";
      }
      while (in.getFilePointer() < in.length()) {
        String mark = line(in);
        long end = in.getFilePointer() + frame.get();
        if (!mark.startsWith("FRAME") && !"FRAME".startsWith(mark)) {
          return "";
        }
        if (end > in.length()) {
          return ": the file ends within a frame";
        }
        in.seek(end);
      }
      return "";
    }
  }

  private static String line(RandomAccessFile in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n' && line.length() < MOST_LINE; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  /** Bytes of a frame; nothing for colours that are not known. */
  private static Optional<Long> frame(String header) {
    long width = 0;
    long height = 0;
    String colours = "420";
    for (String word : header.split(" ")) {
      String rest = word.isEmpty() ? "" : word.substring(1);
      switch (word.isEmpty() ? ' ' : word.charAt(0)) {
        case 'W' -> width = number(rest);
        case 'H' -> height = number(rest);
        case 'C' -> colours = rest;
        default -> {
          // Of rates and shapes.
        }
      }
    }
    boolean deep = colours.matches("mono\\d+|4\\d\\dp\\d+");
    long bytes = (deep ? 2 : 1) * samples(colours.replaceFirst("p\\d+$", ""), width, height);
    return bytes > 0 ? Optional.of(bytes) : Optional.empty();
  }

  private static long samples(String colours, long width, long height) {
    long luma = width * height;
    return switch (colours) {
      case "420", "420jpeg", "420mpeg2", "420paldv" ->
          luma + 2 * ((width + 1) / 2) * ((height + 1) / 2);
      case "411" -> luma + 2 * ((width + 3) / 4) * height;
      case "422" -> luma + 2 * ((width + 1) / 2) * height;
      case "444" -> 3 * luma;
      case "444alpha" -> 4 * luma;
      default -> colours.startsWith("mono") ? luma : 0;
    };
  }

  private static long number(String text) {
    return text.matches("\\d{1,6}") ? Long.parseLong(text) : 0;
  }
}
