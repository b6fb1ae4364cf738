package tools.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.training.GradientCollector;
import engine.kernel.Conv3dArgs;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.bench.Convolution;
import tools.bench.FeatureRun;
import tools.bench.Matmul;
import tools.bench.Normalisation;
import tools.bench.Operation;
import tools.bench.OptimiserStep;
import tools.bench.Pass;
import tools.bench.Pointwise;
import tools.bench.Task;

/**
 * The operations that libtorch has as one kernel, on the shapes of our rows. What would have to be
 * composed of several is not supported: it would say nothing of libtorch.
 */
final class DjlTasks {
  private final NDManager manager = NDManager.newBaseManager();

  /**
   * Puts data in place.
   *
   * @throws UnsupportedOperationException for other operations
   */
  Task of(Operation operation) {
    return switch (operation) {
      case Matmul m -> matmul(m);
      case Convolution c when c.pass() == Pass.FORWARD -> convolution(c);
      case Convolution c -> convolutionGradient(c);
      case FeatureRun f -> convolutions(f);
      case Normalisation n -> Scripted.normalisation(manager, n);
      case Pointwise p -> Scripted.pointwise(manager, p);
      case OptimiserStep o -> Scripted.optimiser(manager, o);
      default -> throw unsupported(operation);
    };
  }

  static UnsupportedOperationException unsupported(Operation operation) {
    return new UnsupportedOperationException("libtorch has no kernel for " + operation);
  }

  static NDArray normal(NDManager manager, long... shape) {
    return manager.randomNormal(0, 1, new Shape(shape), DataType.FLOAT32);
  }

  static Task timed(Supplier<NDArray> body) {
    return () -> {
      long started = System.nanoTime();
      try (NDArray y = body.get()) {
        return y.isEmpty() ? Double.NaN : Task.since(started);
      }
    };
  }

  /** Transposed operands are views, which libtorch hands on as flags. */
  private Task matmul(Matmul m) {
    NDArray a = m.transA() ? normal(m.k(), m.m()).transpose() : normal(m.m(), m.k());
    NDArray b = m.transB() ? normal(m.n(), m.k()).transpose() : normal(m.k(), m.n());
    return timed(() -> a.matMul(b));
  }

  private NDArray normal(long... shape) {
    return normal(manager, shape);
  }

  /** Padding as libtorch takes it, the same on both sides, or none where it differs. */
  private static Shape padding(Padding3 p) {
    return isEven(p) ? new Shape(p.front(), p.top(), p.left()) : new Shape(0, 0, 0);
  }

  private static boolean isEven(Padding3 p) {
    return p.front() == p.back() && p.top() == p.bottom() && p.left() == p.right();
  }

  /** Padding that differs from side to side stands in the input, which gives the same outputs. */
  private NDArray input(Conv3dArgs a) {
    Padding3 p = isEven(a.padding()) ? Padding3.NONE : a.padding();
    return normal(
        a.n(),
        a.ci(),
        a.t() + p.front() + p.back(),
        a.h() + p.top() + p.bottom(),
        a.w() + p.left() + p.right());
  }

  private NDArray weight(Conv3dArgs a) {
    return normal(a.co(), a.groupIn(), a.kt(), a.kh(), a.kw());
  }

  private Task convolution(Convolution c) {
    NDArray x = input(c.args());
    NDArray w = weight(c.args());
    return timed(() -> convolve(x, w, c.args()));
  }

  /**
   * The convolutions of a network, each on an input of its own, one after the other: without the
   * pools, norms and functions between them, which our time contains.
   */
  private Task convolutions(FeatureRun run) {
    List<Supplier<NDArray>> layers = new ArrayList<>();
    for (Convolution c : run.convolutions()) {
      NDArray x = input(c.args());
      NDArray w = weight(c.args());
      layers.add(() -> convolve(x, w, c.args()));
    }
    return () -> {
      long started = System.nanoTime();
      for (Supplier<NDArray> layer : layers) {
        layer.get().close();
      }
      return Task.since(started);
    };
  }

  private Task convolutionGradient(Convolution c) {
    NDArray x = input(c.args());
    NDArray w = weight(c.args());
    return switch (c.pass()) {
      case GRAD_INPUT -> backward(x, leaf -> convolve(leaf, w, c.args()));
      case GRAD_WEIGHT -> backward(w, leaf -> convolve(x, leaf, c.args()));
      default -> throw unsupported(c);
    };
  }

  private static NDArray convolve(NDArray x, NDArray w, Conv3dArgs a) {
    Stride3 s = a.stride();
    Shape stride = new Shape(s.t(), s.h(), s.w());
    Shape dilation = new Shape(1, 1, 1);
    return Conv3d.conv3d(x, w, null, stride, padding(a.padding()), dilation, a.groups())
        .singletonOrThrow();
  }

  /** A forward pass from a leaf. */
  private interface Forward {
    NDArray of(NDArray leaf);
  }

  /** Times the backward pass alone, from a fresh leaf: gradients would be added to older ones. */
  private static Task backward(NDArray source, Forward forward) {
    return () -> {
      try (NDArray leaf = source.duplicate();
          GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        leaf.setRequiresGradient(true);
        try (NDArray y = forward.of(leaf)) {
          long started = System.nanoTime();
          collector.backward(y);
          double seconds = Task.since(started);
          leaf.getGradient().close();
          return seconds;
        }
      }
    };
  }
}
