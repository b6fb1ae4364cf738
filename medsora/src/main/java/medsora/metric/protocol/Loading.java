package medsora.metric.protocol;

import medsora.media.Clip;

/** What a protocol does to frames when it reads them, before any network. */
public enum Loading {
  /** Nothing; all frames must be of one size. */
  AS_THEY_ARE("frames as they are"),
  /** To 128x128 with Pillow's bicubic filter, whatever the shape (Endora). */
  SQUARE_128("frames to 128x128 by Pillow bicubic"),
  /** Short side to 128, antialiased bilinear, centre crop, cut off to bytes (CD-FVD). */
  CROP_128("frames to 128 by antialiased bilinear and centre crop");

  private static final int EDGE = 128;

  private final String words;

  Loading(String words) {
    this.words = words;
  }

  /**
   * A clip as the protocol sees it.
   *
   * @throws IllegalArgumentException where frames would have to be resized
   */
  public Clip applied(Clip clip) {
    boolean fits = clip.height() == EDGE && clip.width() == EDGE;
    if (this != AS_THEY_ARE && !fits) {
      throw new IllegalArgumentException(
          "[evaluate] %s is %dx%d; this protocol wants frames of 128x128: resize both sets first"
              .formatted(clip.source(), clip.width(), clip.height()));
    }
    return clip;
  }

  /** In words, as a result is quoted. */
  public String words() {
    return words;
  }
}
