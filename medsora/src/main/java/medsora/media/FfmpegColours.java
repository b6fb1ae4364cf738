package medsora.media;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What ffmpeg's filter {@code showinfo} says of a frame's colours. It writes {@code color_range:},
 * {@code tv}, {@code color_space:}, {@code bt709} and so on each by itself, so that a complaint of
 * another thread may come between a word and its value; the value then begins the next line.
 */
final class FfmpegColours {
  /** Values by ffmpeg's names, a longer one before those that begin it. */
  private static final String VALUES =
      "unknown|unspecified|reserved\\d*|tv|pc|gbr|bt709|fcc|bt470bg|smpte170m|smpte240m|ycgco-re"
          + "|ycgco-ro|ycgco|bt2020nc|bt2020c|smpte2085|chroma-derived-nc|chroma-derived-c|ictcp"
          + "|ipt-c2";

  private static final Pattern WORD =
      Pattern.compile("color_(range|space|primaries|trc):(" + VALUES + ")?");
  private static final Pattern LATE =
      Pattern.compile("^\\[Parsed_showinfo_\\d+ @ \\w+\\] \\[info\\] (" + VALUES + ")\\b");

  /** The word whose value is still to come. */
  private @Nullable String waiting;

  private FfmpegStream.Colours now;

  /** Those of frames that do not say. */
  FfmpegColours(FfmpegStream.Colours unsaid) {
    now = unsaid;
  }

  FfmpegStream.Colours now() {
    return now;
  }

  /** Reads a line; whether a frame's colours end with it. */
  boolean read(String line) {
    Matcher late = LATE.matcher(line);
    if (waiting != null && late.find()) {
      set(waiting, late.group(1));
    }
    boolean last = false;
    for (Matcher word = WORD.matcher(line); word.find(); ) {
      waiting = word.group(2) == null ? word.group(1) : null;
      set(word.group(1), word.group(2));
      last = word.group(1).equals("trc");
    }
    return last;
  }

  private void set(String word, @Nullable String value) {
    if (value == null) {
      return;
    }
    switch (word) {
      case "range" -> now = new FfmpegStream.Colours(now.space(), value);
      case "space" -> now = new FfmpegStream.Colours(value, now.range());
      default -> {
        // Of primaries and transfer nothing is used.
      }
    }
  }
}
