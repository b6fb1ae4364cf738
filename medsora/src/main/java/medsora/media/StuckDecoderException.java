package medsora.media;

/** A decoder that does not come back; another file of its kind may well hang it again. */
public final class StuckDecoderException extends VideoException {
  private static final long serialVersionUID = 1L;

  private final int seconds;

  StuckDecoderException(String file, int seconds) {
    super(file, "its decoder does not come back within " + seconds + " s (damaged file?)");
    this.seconds = seconds;
  }

  /** The same of a file that goes by another name. */
  public StuckDecoderException renamed(String file) {
    return new StuckDecoderException(file, seconds);
  }
}
