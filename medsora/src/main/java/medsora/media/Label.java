package medsora.media;

/**
 * A text that travels in a clip's file beside its frames, whatever it says: in mp4 as the comment
 * of its movie, in gif as a comment, in png as a text. Of characters that all three can carry.
 */
public record Label(String text) {
  /** The most characters that are written or read. */
  public static final int LONGEST = 1 << 14;

  public Label {
    if (text.isEmpty() || text.length() > LONGEST || !text.matches("[ -~]*")) {
      throw new IllegalArgumentException(
          "[label] wants 1 to " + LONGEST + " printable characters of ASCII");
    }
  }
}
