package engine.op.norm;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.kernel.RmsNormGradients;
import engine.kernel.RmsNormInputs;
import engine.kernel.RmsNormMergeArgs;
import engine.kernel.Walks;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * What several scans of the same tokens gave, each through the gated RMS norm of Mamba-2 and added:
 * y[s,b,t] = sum over the walks w of sum s of RMSNorm(x[row of w at t] * silu(z[b,t])) * weight.
 * Inputs: x [B * sequences, length, W] along the walks, weight [W], z [B,T,Z], whose columns
 * [gateFrom, gateFrom + W) are the gate. Result: [sums,B,T,W].
 *
 * <p>The projection behind the norm is linear and shared, so that a sum goes through it once where
 * the released code projects each direction by itself.
 *
 * @param sums a divisor of the number of walks; neighbouring walks are added
 * @param eps positive; 1e-5 in Mamba-2
 */
public record RmsNormMerge(Walks walks, int sums, float eps, int gateFrom) implements Op {
  public RmsNormMerge {
    if (sums < 1 || walks.count() % sums != 0 || !(eps > 0) || gateFrom < 0) {
      throw new IllegalArgumentException(
          "[rmsNormMerge] wants sums of whole walks, eps > 0, gateFrom >= 0:"
              + " walks=%d sums=%d eps=%s gateFrom=%d"
                  .formatted(walks.count(), sums, eps, gateFrom));
    }
  }

  @Override
  public String name() {
    return "rmsNormMerge";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    Shape z = in.get(2);
    String all = "x=" + x + " weight=" + in.get(1) + " z=" + z;
    ShapeException.require(x.rank() == 3 && z.rank() == 3, name(), "wants three axes: %s", all);
    int width = x.dim(2);
    ShapeException.require(
        width > 0 && in.get(1).equals(Shape.of(width)),
        name(),
        "weight wants [%d]: %s",
        width,
        all);
    ShapeException.require(
        z.dim(1) == walks.tokens()
            && x.dim(0) == z.dim(0) * walks.sequences()
            && x.dim(1) == walks.length(),
        name(),
        "the walks have %d tokens in %d sequences of %d: %s",
        walks.tokens(),
        walks.sequences(),
        walks.length(),
        all);
    ShapeException.require(
        width <= z.dim(2) - gateFrom,
        name(),
        "gate columns [%d,%d) are outside z: %s",
        gateFrom,
        gateFrom + width,
        all);
    return Shape.of(sums, z.dim(0), z.dim(1), width);
  }

  private RmsNormMergeArgs args(Shape x, Shape z) {
    return new RmsNormMergeArgs(z.size(0, 2), x.dim(2), eps, z.dim(2), gateFrom, sums, walks);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    Tensor z = in.get(2);
    Shape shape = infer(in.stream().map(Tensor::shape).toList());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    Shape rows = Shape.of(x.shape().size(0, 2));
    Tensor rstd = new Tensor(rows, k.allocate(rows.size()));
    k.rmsNormMerge()
        .forward(
            args(x.shape(), z.shape()),
            new RmsNormInputs(x.storage(), z.storage(), in.get(1).storage()),
            y.storage(),
            rstd.storage());
    saved.keep(rstd);
    return y;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    Tensor z = saved.input(2);
    RmsNormMergeArgs args = args(x.shape(), z.shape());
    Tensor gradX = new Tensor(x.shape(), k.allocate(x.size()));
    Tensor gradZ = new Tensor(z.shape(), k.allocate(z.size()));
    if (args.gateStride() > args.width()) {
      k.copies().fill(gradZ.storage(), 0f, z.size());
    }
    Storage terms = k.allocate(args.tokens() * args.width());
    k.rmsNormMerge()
        .gradient(
            args,
            new RmsNormInputs(x.storage(), z.storage(), saved.input(1).storage()),
            saved.kept(0).storage(),
            g.storage(),
            new RmsNormGradients(gradX.storage(), gradZ.storage(), terms));
    Tensor gradWeight = null;
    if (saved.needs(1)) {
      gradWeight = new Tensor(Shape.of(args.width()), k.allocate(args.width()));
      k.reduce().sum(new ReduceArgs(1, args.tokens(), args.width()), terms, gradWeight.storage());
    }
    return Arrays.asList(saved.needs(0) ? gradX : null, gradWeight, saved.needs(2) ? gradZ : null);
  }
}
