package engine.op.norm;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.LayerNormArgs;
import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.kernel.ReduceArgs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layer norm over the last axis: y = (x - mean) / sqrt(var + eps) * weight + bias with the biased
 * variance of each row. Inputs: x [..., D], then weight [D] if {@code weight}, then bias [D] if
 * {@code bias}. Order and roundings: N5, N6 and {@link LayerNormArgs}' scalar kernel. PyTorch:
 * LayerNorm(D, eps).
 */
public record LayerNorm(float eps, boolean weight, boolean bias) implements Op {
  private static final int ROW_MEAN = 0;
  private static final int ROW_RSTD = 1;

  @Override
  public String name() {
    return "layerNorm";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape x = in.get(0);
    ShapeException.require(x.rank() >= 1, name(), "wants at least one axis, x=%s", x);
    for (int i = 1; i < in.size(); i++) {
      ShapeException.require(
          in.get(i).equals(Shape.of(x.dim(-1))),
          name(),
          "%s wants [%d], the last axis of x: x=%s %s=%s",
          inputName(i),
          x.dim(-1),
          x,
          inputName(i),
          in.get(i));
    }
    return x;
  }

  private String inputName(int i) {
    return i == 1 && weight ? "weight" : "bias";
  }

  private LayerNormArgs args(Shape x) {
    int width = x.dim(-1);
    return new LayerNormArgs(x.size(0, x.rank() - 1), width, eps);
  }

  private @Nullable Storage weightOf(List<Tensor> in) {
    return weight ? in.get(1).storage() : null;
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor x = in.get(0);
    LayerNormArgs args = args(x.shape());
    Tensor y = new Tensor(x.shape(), k.allocate(x.size()));
    Tensor mean = new Tensor(Shape.of(args.rows()), k.allocate(args.rows()));
    Tensor rstd = new Tensor(Shape.of(args.rows()), k.allocate(args.rows()));
    k.layerNorm()
        .forward(
            args,
            new NormInputs(
                x.storage(), weightOf(in), bias ? in.get(in.size() - 1).storage() : null),
            y.storage(),
            mean.storage(),
            rstd.storage());
    saved.keep(mean);
    saved.keep(rstd);
    return y;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor gradOutput) {
    List<Tensor> gradients = new ArrayList<>();
    gradients.add(saved.needs(0) ? gradInput(k, saved, gradOutput) : null);
    if (weight) {
      gradients.add(saved.needs(1) ? gradWeight(k, saved, gradOutput) : null);
    }
    if (bias) {
      gradients.add(saved.needs(gradients.size()) ? gradBias(k, gradOutput) : null);
    }
    return gradients;
  }

  private NormSaved read(Saved saved) {
    return new NormSaved(
        saved.input(0).storage(),
        weight ? saved.input(1).storage() : null,
        saved.kept(ROW_MEAN).storage(),
        saved.kept(ROW_RSTD).storage());
  }

  private Tensor gradInput(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    Tensor gradInput = new Tensor(x.shape(), k.allocate(x.size()));
    k.layerNorm().gradInput(args(x.shape()), read(saved), g.storage(), gradInput.storage());
    return gradInput;
  }

  private Tensor gradWeight(Kernels k, Saved saved, Tensor g) {
    Tensor x = saved.input(0);
    int width = x.dim(-1);
    Tensor gradWeight = new Tensor(Shape.of(width), k.allocate(width));
    k.layerNorm().gradWeight(args(x.shape()), read(saved), g.storage(), gradWeight.storage());
    return gradWeight;
  }

  private Tensor gradBias(Kernels k, Tensor g) {
    LayerNormArgs args = args(g.shape());
    Tensor gradBias = new Tensor(Shape.of(args.width()), k.allocate(args.width()));
    k.reduce().sum(new ReduceArgs(1, args.rows(), args.width()), g.storage(), gradBias.storage());
    return gradBias;
  }
}
