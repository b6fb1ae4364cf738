package engine.op.norm;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.BatchNormArgs;
import engine.kernel.Kernels;
import engine.kernel.NormGradients;
import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Batch norm of x [N, C, spatial...] per channel: y = (x - mean) / sqrt(variance + eps) * weight +
 * bias. Inputs: x, weight [C], bias [C], then mean [C] and variance [C]. With {@code ofBatch} the
 * last two may be left out; they are the mean and the biased variance of x itself, and gradients
 * run through them. Without it they are constants (running statistics). Order and roundings: N5, N6
 * and the scalar kernel. PyTorch: batch_norm(training = ofBatch).
 */
public record BatchNorm(float eps, boolean ofBatch) implements Op {
  private static final int MEAN = 0;
  private static final int VARIANCE = 1;

  @Override
  public String name() {
    return "batchNorm";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Channels.require(name(), in);
    Shape x = in.get(0);
    ShapeException.require(
        !ofBatch || x.size() != x.dim(1),
        name(),
        "statistics of a batch want more than one value per channel, x=%s",
        x);
    return x;
  }

  private BatchNormArgs args(Shape x) {
    return args(x, eps, ofBatch);
  }

  static BatchNormArgs args(Shape x, float eps, boolean ofBatch) {
    return new BatchNormArgs(x.dim(0), x.dim(1), x.size(2, x.rank()), eps, ofBatch);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    BatchStatistics statistics =
        in.size() > 3
            ? new BatchStatistics(in.get(3), in.get(4), 0)
            : BatchStatistics.compute(k, x);
    saved.keep(statistics.mean());
    saved.keep(statistics.variance());
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    k.batchNorm()
        .forward(
            args(x.shape()),
            new NormInputs(x.storage(), in.get(1).storage(), in.get(2).storage()),
            statistics.mean().storage(),
            statistics.variance().storage(),
            y.storage());
    return y;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    Tensor weight = saved.input(1);
    Tensor gradInput = saved.needs(0) ? new Tensor(x.shape(), k.allocate(x.size())) : null;
    Tensor gradWeight = new Tensor(weight.shape(), k.allocate(weight.size()));
    Tensor gradBias = new Tensor(weight.shape(), k.allocate(weight.size()));
    k.batchNorm()
        .gradient(
            args(x.shape()),
            new NormSaved(
                x.storage(),
                weight.storage(),
                saved.kept(MEAN).storage(),
                saved.kept(VARIANCE).storage()),
            g.storage(),
            new NormGradients(
                gradInput == null ? null : gradInput.storage(),
                gradWeight.storage(),
                gradBias.storage()));
    List<Tensor> gradients =
        new ArrayList<>(
            Arrays.asList(
                gradInput, saved.needs(1) ? gradWeight : null, saved.needs(2) ? gradBias : null));
    while (gradients.size() < saved.inputCount()) {
      gradients.add(null);
    }
    return gradients;
  }
}
