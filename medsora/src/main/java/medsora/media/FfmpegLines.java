package medsora.media;

import java.util.regex.Pattern;

/**
 * Tells whether lines of ffmpeg's log are whole. It writes what {@code showinfo} says, and what it
 * says of files, in pieces; a message of another thread that comes between two of them begins
 * neither with its name nor with its level, and what is left of the line begins a new one. So an
 * error may be there that does not say that it is one.
 */
final class FfmpegLines {
  private static final String TRANSFERS =
      "unknown|unspecified|reserved\\d*|bt709|gamma2\\d|bt470bg?m?|smpte170m|smpte240m|linear|log"
          + "|log100|log_sqrt|log316|iec61966[-_]2[-_][14]|bt1361e?|bt2020-1[02]"
          + "|bt2020_1[02]bits?|smpte2084|smpte428(_1)?|arib-std-b67";

  private static final Pattern WHOLE =
      Pattern.compile(
          "\\[Parsed_showinfo_\\d+ @ \\w+\\] \\[info\\] (config .*|n: .* type:. ?"
              + "|color_range:\\S+ color_space:\\S+ color_primaries:\\S+ color_trc:("
              + TRANSFERS
              + ") ?)"
              // All others write a message at once.
              + "|\\[(?!Parsed_showinfo)[^\\]]+ @ \\w+\\] .*"
              + "|\\[info\\] ((Input|Output) #|Stream mapping:|frame=|video:|  ).*"
              + "|\\[(?!info\\])\\w+\\] .*"
              + "| {4}Last message repeated \\d+ times");

  /**
   * One thread alone writes what stands before these, the file's own words of many lines among it.
   */
  private static final Pattern BEGIN =
      Pattern.compile("\\[info\\] Stream mapping:|\\[Parsed_showinfo_.*");

  private boolean begun;
  private boolean broken;

  /** Reads the next line. */
  void read(String line) {
    begun |= BEGIN.matcher(line).matches();
    broken |= begun && !WHOLE.matcher(line).matches();
  }

  /** Whether a line was not whole. */
  boolean broken() {
    return broken;
  }
}
