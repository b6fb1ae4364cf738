package medsora.media.jpeg;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes between the data that a JPEG's pixels took and the next marker, of which the Java runtime's
 * decoder warns: padding, or data in which it lost its way.
 */
public final class StrayBytes {
  private static final Pattern WARNING =
      Pattern.compile("([0-9]{1,9}) extraneous bytes before marker 0xd([0-9])");

  private static final String END = "9";

  private StrayBytes() {}

  /** How many bytes a warning speaks of; 0 where it does of something else. */
  public static int count(String warning) {
    Matcher m = WARNING.matcher(warning);
    return m.find() ? Integer.parseInt(m.group(1)) : 0;
  }

  /** Whether a warning speaks of data; those before a restart always are. */
  public static boolean data(String warning, byte[] jpeg) {
    Matcher m = WARNING.matcher(warning);
    return m.find() && !(m.group(2).equals(END) && padded(jpeg, Integer.parseInt(m.group(1))));
  }

  /** Whether nothing but 0 and 0xff stands before the last marker of the end. */
  private static boolean padded(byte[] jpeg, int count) {
    int end = jpeg.length - 2;
    while (end >= 0 && !(jpeg[end] == -1 && (jpeg[end + 1] & 0xff) == 0xd9)) {
      end--;
    }
    for (int i = Math.max(0, end - count); i < end; i++) {
      if (jpeg[i] != 0 && jpeg[i] != -1) {
        return false;
      }
    }
    return true;
  }
}
