package medsora.metric.protocol;

/** What a network sees of a byte x. */
public enum PixelRange {
  /** 2 x / 255 - 1, in -1..1. */
  SIGNED("2x/255-1"),
  /** x / 255, in 0..1. */
  UNIT("x/255"),
  /** (x - 128) / 128, in -1..0.992. */
  CENTRED("(x-128)/128"),
  /** x of the channels BGR, less the mean of the training clips. */
  LESS_MEAN("BGR less mean"),
  /** x / 255 less the mean over the deviation of CLIP's pictures. */
  CLIP("CLIP mean/std"),
  /** Luma y, red less blue, and detail h, a quarter of y less its mean over 3x3 pixels. */
  LOOKS("2y/255-1, (R-B)/255, h/sqrt(1+h^2)"),
  /** The flow of TV-L1 between frames: u, v and m over sqrt(1 + m^2), m its length. */
  FLOW("TV-L1 flow (u, v, m)/sqrt(1+m^2)");

  private final String words;

  PixelRange(String words) {
    this.words = words;
  }

  /** In words, as a result is quoted. */
  public String words() {
    return words;
  }
}
