package nn.layer;

import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.sqrt;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Recompute;
import engine.op.norm.BatchStatistics;
import engine.op.norm.Norm;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import nn.Mode;
import nn.Module;
import nn.Parameter;
import nn.init.Init;

/**
 * Batch norm over all axes but the second (PyTorch: nn.BatchNorm2d, nn.BatchNorm3d). Training uses
 * the batch's own statistics and moves the running ones by a tenth; the running variance takes the
 * unbiased estimate. Evaluation uses the running statistics. A part that runs again in backward
 * moves them once, and what samples do to them that are computed apart waits ({@link
 * RunningMoves}).
 */
public final class BatchNorm extends Module {
  /** PyTorch's default. */
  private static final double STANDARD_EPS = 1e-5;

  private static final double MOMENTUM = 0.1;

  private final Parameter weight;
  private final Parameter bias;
  private final Tensor runningMean;
  private final Tensor runningVariance;
  private final Tensor batches;
  private final float eps;

  /** With PyTorch's eps, 1e-5. */
  public BatchNorm(int channels) {
    this(channels, STANDARD_EPS);
  }

  /**
   * @param eps added to the variance
   */
  public BatchNorm(int channels, double eps) {
    this.eps = (float) eps;
    this.weight = parameter("weight", Shape.of(channels), Init.ones());
    this.bias = parameter("bias", Shape.of(channels), Init.zeros());
    this.runningMean = buffer("running_mean", Tensor.zeros(Shape.of(channels)));
    this.runningVariance = buffer("running_var", Tensor.full(Shape.of(channels), 1f));
    this.batches = counter("num_batches_tracked");
  }

  /**
   * [N, C, ...] -> the same shape.
   *
   * @throws engine.tensor.ShapeException if x has other channels
   */
  public Tensor forward(Tensor x, Mode mode) {
    return mode.isTraining() ? train(x) : evaluate(x);
  }

  private Tensor evaluate(Tensor x) {
    return Norm.batchNorm(x, weight.value(), bias.value(), runningMean, runningVariance, eps);
  }

  /** A convolution whose result needs no norm any more: weight [C, ...], bias [C]. */
  public record Folded(Tensor weight, Tensor bias) {}

  /**
   * A convolution without bias and the evaluation after it in one: weight times s, bias minus mean
   * times s, where s = weight of the norm / sqrt(variance + eps), for each channel.
   *
   * @param convolution its weight [C, ...]
   */
  public Folded fold(Tensor convolution) {
    Tensor s = div(weight.value(), sqrt(affine(runningVariance, 1f, eps)));
    int[] dims = new int[convolution.shape().rank()];
    Arrays.fill(dims, 1);
    dims[0] = s.size();
    return new Folded(mul(convolution, reshape(s, dims)), sub(bias.value(), mul(runningMean, s)));
  }

  private Tensor train(Tensor x) {
    BatchStatistics statistics = BatchStatistics.of(x);
    if (!Recompute.isRunningAgain()) {
      RunningMoves.take(this, statistics);
    }
    return Norm.batchNormTraining(x, weight.value(), bias.value(), statistics, eps);
  }

  /** Moves the running statistics by those of a batch. */
  void move(BatchStatistics statistics) {
    statistics.updateRunning(runningMean, runningVariance, MOMENTUM);
    batches.storage().write(new float[] {batches.item() + 1f});
  }
}
