package engine.op.norm;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.GroupNormArgs;
import engine.kernel.Kernels;
import engine.kernel.NormGradients;
import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Group norm of x [N, C, spatial...]: the C / groups channels of a group, with all their spatial
 * elements, are normalised together, then y = xhat * weight + bias per channel; weight, bias [C].
 * Biased variance. Order and roundings: N5, N6 and the scalar kernel. PyTorch: GroupNorm(groups,
 * C).
 */
public record GroupNorm(int groups, float eps) implements Op {
  private static final int MEAN = 0;
  private static final int RSTD = 1;

  @Override
  public String name() {
    return "groupNorm";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    Channels.require(name(), in);
    ShapeException.require(
        groups > 0 && x.dim(1) % groups == 0,
        name(),
        "%d channels do not split into %d groups: x=%s",
        x.dim(1),
        groups,
        x);
    return x;
  }

  private GroupNormArgs args(Shape x) {
    return new GroupNormArgs(x.dim(0), x.dim(1), x.size(2, x.rank()), groups, eps);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Shape perGroup = Shape.of(x.dim(0), groups);
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    Tensor mean = new Tensor(perGroup, k.allocate(perGroup.size()));
    Tensor rstd = new Tensor(perGroup, k.allocate(perGroup.size()));
    k.groupNorm()
        .forward(
            args(x.shape()),
            new NormInputs(x.storage(), in.get(1).storage(), in.get(2).storage()),
            y.storage(),
            mean.storage(),
            rstd.storage());
    saved.keep(mean);
    saved.keep(rstd);
    return y;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    Tensor weight = saved.input(1);
    Tensor gradInput = saved.needs(0) ? new Tensor(x.shape(), k.allocate(x.size())) : null;
    Tensor gradWeight = new Tensor(weight.shape(), k.allocate(weight.size()));
    Tensor gradBias = new Tensor(weight.shape(), k.allocate(weight.size()));
    k.groupNorm()
        .gradient(
            args(x.shape()),
            new NormSaved(
                x.storage(),
                weight.storage(),
                saved.kept(MEAN).storage(),
                saved.kept(RSTD).storage()),
            g.storage(),
            new NormGradients(
                gradInput == null ? null : gradInput.storage(),
                gradWeight.storage(),
                gradBias.storage()));
    return Arrays.asList(
        gradInput, saved.needs(1) ? gradWeight : null, saved.needs(2) ? gradBias : null);
  }
}
