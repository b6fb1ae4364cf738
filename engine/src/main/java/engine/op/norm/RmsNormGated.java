package engine.op.norm;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.kernel.RmsNormGatedArgs;
import engine.kernel.RmsNormGradients;
import engine.kernel.RmsNormInputs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Root mean square norm over groups of the last axis, gated (Mamba-2): x [...,W], weight [W], gate
 * z [...,W] or none. y = RMSNorm(x * silu(z)) * weight, or RMSNorm(x) * weight * silu(z) where the
 * norm comes first; RMSNorm(u) = u / sqrt(mean(u * u) + eps), the mean over each group.
 *
 * @param groupSize columns per group, a divisor of W; 0 for the whole width
 * @param eps positive; 1e-5 in Mamba-2
 */
public record RmsNormGated(int groupSize, boolean normBeforeGate, float eps) implements Op {
  public RmsNormGated {
    if (!(eps > 0)) {
      throw new IllegalArgumentException("[rmsNorm] eps must be positive, got " + eps);
    }
  }

  @Override
  public String name() {
    return "rmsNorm";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    Shape weight = in.get(1);
    String all = "x=" + x + " weight=" + weight + (in.size() > 2 ? " z=" + in.get(2) : "");
    require(x.rank() >= 1, "x wants at least one axis: %s", all);
    int width = x.dim(-1);
    require(weight.equals(Shape.of(width)), "weight wants [%d]: %s", width, all);
    require(
        width > 0 && groupSize >= 0 && (groupSize == 0 || width % groupSize == 0),
        "groups of %d do not divide a width of %d: %s",
        groupSize,
        width,
        all);
    require(in.size() < 3 || in.get(2).equals(x), "z wants the shape of x: %s", all);
    return x;
  }

  private static void require(boolean condition, String text, Object... arguments) {
    ShapeException.require(condition, "rmsNorm", text, arguments);
  }

  private RmsNormGatedArgs args(Shape x) {
    int width = x.dim(-1);
    return new RmsNormGatedArgs(
        x.size(0, x.rank() - 1), width, groupSize == 0 ? width : groupSize, eps, normBeforeGate);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor z = in.size() > 2 ? in.get(2) : null;
    RmsNormGatedArgs args = args(x.shape());
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    Shape groups = Shape.of(args.rows(), args.groups());
    Tensor rstd = new Tensor(groups, k.allocate(groups.size()));
    RmsNormInputs read = new RmsNormInputs(x.storage(), storage(z), in.get(1).storage());
    k.rmsNormGated().forward(args, read, y.storage(), rstd.storage());
    saved.keep(rstd);
    return y;
  }

  private static @Nullable Storage storage(@Nullable Tensor tensor) {
    return tensor == null ? null : tensor.storage();
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    Tensor z = saved.inputCount() > 2 ? saved.input(2) : null;
    RmsNormGatedArgs args = args(x.shape());
    Tensor gradX = new Tensor(x.shape(), k.allocate(x.size()));
    Tensor gradZ = null;
    if (z != null && saved.needs(2)) {
      gradZ = new Tensor(z.shape(), k.allocate(z.size()));
    }
    Storage terms = k.allocate(x.size());
    k.rmsNormGated()
        .gradient(
            args,
            new RmsNormInputs(x.storage(), storage(z), saved.input(1).storage()),
            saved.kept(0).storage(),
            g.storage(),
            new RmsNormGradients(gradX.storage(), storage(gradZ), terms));
    List<Tensor> gradients = new ArrayList<>();
    gradients.add(saved.needs(0) ? gradX : null);
    gradients.add(saved.needs(1) ? gradWeight(k, args, terms) : null);
    if (z != null) {
      gradients.add(gradZ);
    }
    terms.release();
    return gradients;
  }

  private static Tensor gradWeight(Kernels k, RmsNormGatedArgs args, Storage terms) {
    Tensor gradWeight = new Tensor(Shape.of(args.width()), k.allocate(args.width()));
    k.reduce().sum(new ReduceArgs(1, args.rows(), args.width()), terms, gradWeight.storage());
    return gradWeight;
  }
}
