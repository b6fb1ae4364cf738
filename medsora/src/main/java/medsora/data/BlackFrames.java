package medsora.data;

/**
 * Frames without a picture, such as those of a capture whose signal is gone.
 *
 * <p>The measure is that of ffmpeg's filter {@code blackdetect}: 98 of 100 pixels are dark, though
 * with a lower threshold than its tenth of full brightness: dark grey is a picture in ultrasound
 * and at the end of a scope's light. A frame with anything to see in it, such as an ultrasound's
 * fan or the glare of a lamp, is none.
 */
final class BlackFrames {
  private static final int DARK = 15;
  private static final int OF_HUNDRED = 98;

  private BlackFrames() {}

  /**
   * Whether a frame is black.
   *
   * @param rgb interleaved; a pixel is as bright as the brightest of its three values
   */
  static boolean isBlack(byte[] rgb) {
    long pixels = rgb.length / 3;
    long bright = 0;
    for (int i = 0; i + 2 < rgb.length; i += 3) {
      int most = Math.max(rgb[i] & 0xff, Math.max(rgb[i + 1] & 0xff, rgb[i + 2] & 0xff));
      bright += most > DARK ? 1 : 0;
      if (bright * 100 > pixels * (100 - OF_HUNDRED)) {
        return false;
      }
    }
    return true;
  }
}
