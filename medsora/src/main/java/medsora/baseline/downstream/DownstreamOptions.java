package medsora.baseline.downstream;

/**
 * How the classifier learns.
 *
 * @param epochs over the labelled clips
 * @param batch labelled clips of a step, and as many without label
 * @param rate the first learning rate, which falls along a cosine, epoch by epoch
 * @param adaptive whether the steps are Adam's, or those of gradient descent with a momentum of 0.9
 * @param view which views of unlabelled clips the loss is taken on
 * @param averaged whether the moving average of the weights is tested, or the weights themselves
 * @param best whether the best epoch counts, chosen on the test clips, or the last
 * @param centred whether the middle of test frames is seen, or their left or upper end
 */
public record DownstreamOptions(
    int epochs,
    int batch,
    double rate,
    boolean adaptive,
    FixMatchLoss.View view,
    boolean averaged,
    boolean best,
    boolean centred) {
  /** As released, its errors with it: 0.001 * 4 / 256 is the rate of a fine-tuned ViT-B. */
  public static final DownstreamOptions RELEASED =
      new DownstreamOptions(
          20, 4, 0.001 * 4 / 256, false, FixMatchLoss.View.WEAK, true, true, false);

  /** As FixMatch means it, and with a test that chooses nothing. */
  public static final DownstreamOptions PAPER =
      new DownstreamOptions(
          20, 4, 0.001 * 4 / 256, false, FixMatchLoss.View.STRONG, false, false, true);

  /** Epochs of {@link SmallNetwork}: 500 steps with forty clips; after 200 some seeds fail. */
  public static final int SMALL_EPOCHS = 50;

  /** Its first learning rate. */
  public static final double SMALL_RATE = 0.005;

  public DownstreamOptions {
    if (epochs < 1 || batch < 1 || !(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "[downstream] wants epochs, batch and rate above 0, got %d, %d and %s"
              .formatted(epochs, batch, rate));
    }
  }

  /** The same for another number of epochs and another rate. */
  public DownstreamOptions with(int otherEpochs, double otherRate) {
    return new DownstreamOptions(
        otherEpochs, batch, otherRate, adaptive, view, averaged, best, centred);
  }

  /** The same for {@link SmallNetwork}, which begins with nothing: longer, and by Adam. */
  public DownstreamOptions small() {
    return new DownstreamOptions(
        SMALL_EPOCHS, batch, SMALL_RATE, true, view, averaged, best, centred);
  }
}
