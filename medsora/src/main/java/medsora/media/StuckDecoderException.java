package medsora.media;

/** A decoder that does not come back; another file of its kind may well hang it again. */
final class StuckDecoderException extends VideoException {
  private static final long serialVersionUID = 1L;

  StuckDecoderException(String file, int seconds) {
    super(file, "its decoder does not come back within " + seconds + " s (damaged file?)");
  }
}
