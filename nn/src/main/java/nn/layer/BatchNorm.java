package nn.layer;

import engine.autodiff.Recompute;
import engine.op.norm.BatchStatistics;
import engine.op.norm.Norm;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;
import nn.Parameter;
import nn.init.Init;

/**
 * Batch norm over all axes but the second (PyTorch: nn.BatchNorm2d, nn.BatchNorm3d), eps 1e-5.
 * Training uses the batch's own statistics and moves the running ones by a tenth; the running
 * variance takes the unbiased estimate. Evaluation uses the running statistics. A part that runs
 * again in backward moves them once.
 */
public final class BatchNorm extends Module {
  private static final float EPS = 1e-5f;
  private static final double MOMENTUM = 0.1;

  private final Parameter weight;
  private final Parameter bias;
  private final Tensor runningMean;
  private final Tensor runningVariance;
  private final Tensor batches;

  public BatchNorm(int channels) {
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
    return Norm.batchNorm(x, weight.value(), bias.value(), runningMean, runningVariance, EPS);
  }

  private Tensor train(Tensor x) {
    BatchStatistics statistics = BatchStatistics.of(x);
    if (!Recompute.isRunningAgain()) {
      statistics.updateRunning(runningMean, runningVariance, MOMENTUM);
      batches.storage().write(new float[] {batches.item() + 1f});
    }
    return Norm.batchNormTraining(x, weight.value(), bias.value(), statistics, EPS);
  }
}
