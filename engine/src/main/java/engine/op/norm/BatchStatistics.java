package engine.op.norm;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;

/**
 * Mean and biased variance of each channel of a batch, [C] each, over {@code count} values. Plain
 * data, outside of any differentiation.
 */
public record BatchStatistics(Tensor mean, Tensor variance, int count) {
  /** The statistics of x [N, C, spatial...]. */
  public static BatchStatistics of(Tensor x) {
    return compute(Backends.current(), x);
  }

  static BatchStatistics compute(Kernels k, Tensor x) {
    Shape perChannel = Shape.of(x.dim(1));
    Tensor mean = new Tensor(perChannel, k.allocate(perChannel.size()));
    Tensor variance = new Tensor(perChannel, k.allocate(perChannel.size()));
    k.batchNorm()
        .statistics(
            BatchNorm.args(x.shape(), 0f, true), x.storage(), mean.storage(), variance.storage());
    return new BatchStatistics(mean, variance, x.size() / x.dim(1));
  }

  /**
   * Moves running statistics in place towards these: r = r * (1 - momentum) + statistic * momentum,
   * each operation rounded, the variance by momentum * count / (count - 1), its unbiased estimate.
   * The factors are computed in double and rounded once.
   *
   * @param runningMean [C]
   * @param runningVariance [C]
   * @param momentum 0.1 in PyTorch's default
   */
  public void updateRunning(Tensor runningMean, Tensor runningVariance, double momentum) {
    double unbiased = count / (count - 1.0);
    move(runningMean.storage(), mean, (float) (1 - momentum), (float) momentum);
    move(
        runningVariance.storage(), variance, (float) (1 - momentum), (float) (momentum * unbiased));
  }

  private static void move(Storage running, Tensor statistic, float keep, float take) {
    Kernels k = Backends.current();
    int n = statistic.size();
    Storage kept = k.allocate(n);
    Storage taken = k.allocate(n);
    k.elementwise().affine(running, keep, 0f, kept, n);
    k.elementwise().affine(statistic.storage(), take, 0f, taken, n);
    k.elementwise().addInto(kept, taken, n);
    k.copies().copy(kept, running, n);
  }
}
