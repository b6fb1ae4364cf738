package tools.djl;

import static tools.djl.DjlTasks.normal;
import static tools.djl.DjlTasks.timed;
import static tools.djl.DjlTasks.unsupported;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import tools.bench.Normalisation;
import tools.bench.OptimiserStep;
import tools.bench.Pass;
import tools.bench.Pointwise;
import tools.bench.Task;

/** Norms, functions of elements and the optimiser: the very kernels of libtorch, by their names. */
final class Scripted {
  private static final int GROUPS = Normalisation.GROUPS;

  /** torch.float32 as an operator's argument. */
  private static final int FLOAT = 6;

  private Scripted() {}

  /** Layer norm, group norm and softmax; backward from what libtorch's own forward keeps. */
  static Task normalisation(NDManager manager, Normalisation n) {
    boolean forward = n.pass() == Pass.FORWARD;
    return switch (n.kind()) {
      case LAYER_NORM -> forward ? layerNorm(manager, n) : layerNormGradient(manager, n);
      case GROUP_NORM -> forward ? groupNorm(manager, n) : groupNormGradient(manager, n);
      case SOFTMAX -> forward ? softmax(manager, n) : softmaxGradient(manager, n);
      case RMS_NORM_GATED -> throw unsupported(n);
    };
  }

  private static Task layerNorm(NDManager manager, Normalisation n) {
    Script script =
        new Script(
            manager,
            3,
            List.of("return torch.layer_norm(x0, [%d], x1, x2, 1e-05)".formatted(n.width())));
    NDArray x = normal(manager, n.outer(), n.width());
    NDArray weight = normal(manager, n.width());
    NDArray bias = normal(manager, n.width());
    return timed(() -> script.run(x, weight, bias));
  }

  private static Task layerNormGradient(NDManager manager, Normalisation n) {
    Script script =
        new Script(
            manager,
            6,
            List.of(
                "_0, _1, _2 = torch.native_layer_norm_backward("
                    + "x0, x1, [%d], x2, x3, x4, x5, [True, True, True])".formatted(n.width()),
                "return _0"));
    NDArray gradOutput = normal(manager, n.outer(), n.width());
    NDArray x = normal(manager, n.outer(), n.width());
    NDArray mean = manager.zeros(new Shape(n.outer(), 1));
    NDArray rstd = manager.ones(new Shape(n.outer(), 1));
    NDArray weight = normal(manager, n.width());
    NDArray bias = normal(manager, n.width());
    return timed(() -> script.run(gradOutput, x, mean, rstd, weight, bias));
  }

  private static Task groupNorm(NDManager manager, Normalisation n) {
    Script script =
        new Script(
            manager,
            3,
            List.of("return torch.group_norm(x0, %d, x1, x2, 1e-05)".formatted(GROUPS)));
    NDArray x = normal(manager, n.outer(), n.width(), n.inner());
    NDArray weight = normal(manager, n.width());
    NDArray bias = normal(manager, n.width());
    return timed(() -> script.run(x, weight, bias));
  }

  private static Task groupNormGradient(NDManager manager, Normalisation n) {
    Script script =
        new Script(
            manager,
            5,
            List.of(
                "_0, _1, _2 = torch.native_group_norm_backward("
                    + "x0, x1, x2, x3, x4, %d, %d, %d, %d, [True, True, True])"
                        .formatted(n.outer(), n.width(), n.inner(), GROUPS),
                "return _0"));
    NDArray gradOutput = normal(manager, n.outer(), n.width(), n.inner());
    NDArray x = normal(manager, n.outer(), n.width(), n.inner());
    NDArray mean = manager.zeros(new Shape(n.outer(), GROUPS));
    NDArray rstd = manager.ones(new Shape(n.outer(), GROUPS));
    NDArray weight = normal(manager, n.width());
    return timed(() -> script.run(gradOutput, x, mean, rstd, weight));
  }

  private static Task softmax(NDManager manager, Normalisation n) {
    Script script = new Script(manager, 1, List.of("return torch.softmax(x0, -1)"));
    NDArray x = normal(manager, n.outer(), n.width());
    return timed(() -> script.run(x));
  }

  private static Task softmaxGradient(NDManager manager, Normalisation n) {
    Script script =
        new Script(
            manager,
            2,
            List.of("return torch._softmax_backward_data(x0, x1, -1, %d)".formatted(FLOAT)));
    NDArray gradOutput = normal(manager, n.outer(), n.width());
    NDArray y = normal(manager, n.outer(), n.width()).softmax(-1);
    return timed(() -> script.run(gradOutput, y));
  }

  /** Of one or two tensors: x and y forward, gradOutput and what was kept backward. */
  static Task pointwise(NDManager manager, Pointwise p) {
    boolean forward = p.pass() == Pass.FORWARD;
    String line =
        switch (p.kind()) {
          case ADD -> forward ? "torch.add(x0, x1)" : null;
          case EXP -> forward ? "torch.exp(x0)" : "torch.mul(x0, x1)";
          case GELU -> forward ? "torch.gelu(x0)" : "torch.gelu_backward(x0, x1)";
          case SILU -> forward ? "torch.silu(x0)" : "torch.silu_backward(x0, x1)";
          case MODULATE, GATE_ADD -> null;
        };
    if (line == null) {
      throw unsupported(p);
    }
    Script script = new Script(manager, 2, List.of("return " + line));
    NDArray x = normal(manager, p.rows(), p.width());
    NDArray y = normal(manager, p.rows(), p.width());
    return timed(() -> script.run(x, y));
  }

  /** libtorch's fused AdamW, then the moving average as one interpolation in place. */
  static Task optimiser(NDManager manager, OptimiserStep o) {
    Script script =
        new Script(
            manager,
            6,
            List.of(
                // What is written is read from the same list: libtorch drops the step otherwise.
                "_0 = [x0]",
                "_1 = torch._fused_adamw_(_0, [x1], [x2], [x3], annotate(List[Tensor], []), [x4],"
                    + " lr=0.0001, beta1=0.9, beta2=0.999, weight_decay=0.01, eps=1e-08,"
                    + " amsgrad=False, maximize=False)",
                "return torch.lerp_(x5, _0[0], 0.0001)"));
    NDArray p = normal(manager, o.n());
    NDArray gradient = normal(manager, o.n());
    NDArray first = manager.zeros(p.getShape());
    NDArray second = manager.zeros(p.getShape());
    NDArray step = manager.create(1f);
    NDArray average = p.duplicate();
    NDArray before = p.duplicate();
    script.run(p, gradient, first, second, step, average);
    if (before.equals(p)) {
      throw new IllegalStateException("libtorch's optimiser left the parameters as they were");
    }
    return timed(() -> script.run(p, gradient, first, second, step, average));
  }
}
