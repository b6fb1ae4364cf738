package medsora.metric.distance;

/**
 * The frame consistency of clips (Esser et al. 2023): 100 x the mean cosine between the features of
 * consecutive frames, over the pairs of a clip, then over the clips. Cosines are not clamped.
 *
 * @param value -100..100
 * @param pairs of all clips
 */
public record FrameConsistency(double value, int pairs) {
  private static final int SCALE = 100;

  /**
   * Of clips' frames in their order.
   *
   * @param frames a row a frame, all of a clip together
   * @param perClip frames of a clip, at least 2
   */
  public static FrameConsistency of(FeatureRows frames, int perClip) {
    if (perClip < 2 || frames.count() % perClip != 0) {
      throw new IllegalArgumentException(
          "[frame consistency] %d frames are no clips of %d".formatted(frames.count(), perClip));
    }
    int clips = frames.count() / perClip;
    double sum = 0;
    for (int c = 0; c < clips; c++) {
      double ofClip = 0;
      for (int t = 1; t < perClip; t++) {
        int at = c * perClip + t;
        ofClip += cosine(frames.row(at - 1), frames.row(at));
      }
      sum += ofClip / (perClip - 1);
    }
    return new FrameConsistency(SCALE * sum / clips, clips * (perClip - 1));
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double squareOfA = 0;
    double squareOfB = 0;
    for (int j = 0; j < a.length; j++) {
      product += (double) a[j] * b[j];
      squareOfA += (double) a[j] * a[j];
      squareOfB += (double) b[j] * b[j];
    }
    return product / (Math.sqrt(squareOfA) * Math.sqrt(squareOfB));
  }
}
