package medsora.metric.protocol;

/** How frames come to the size that a network wants, inside the network. */
public enum Resize {
  /** Bilinear, source = (i + 0.5) in / out - 0.5, no antialias: torch's, align_corners False. */
  HALF_PIXEL("bilinear half-pixel"),
  /** Bilinear, source = i in / out: TensorFlow 1's. */
  LEGACY("bilinear legacy-TF"),
  /** Bilinear, source = i (in - 1) / (out - 1). */
  ALIGNED("bilinear aligned-corners"),
  /** Pillow's bicubic, antialiased, rounded to bytes, then the centre: CLIP's. */
  CLIP("bicubic Pillow"),
  /** Pillow's bilinear, antialiased, rounded to bytes, to a square of 64: phantom-frames. */
  PILLOW_64("bilinear Pillow 64x64"),
  /** The same to a square of 48: phantom-motion. */
  PILLOW_48("bilinear Pillow 48x48");

  private final String words;

  Resize(String words) {
    this.words = words;
  }

  /** In words, as a result is quoted. */
  public String words() {
    return words;
  }
}
