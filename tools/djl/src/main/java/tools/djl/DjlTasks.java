package tools.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.GradientCollector;
import engine.kernel.Conv3dArgs;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import java.util.function.Supplier;
import tools.bench.Convolution;
import tools.bench.Matmul;
import tools.bench.Normalisation;
import tools.bench.Operation;
import tools.bench.OptimiserStep;
import tools.bench.Pass;
import tools.bench.Pointwise;
import tools.bench.Task;

/**
 * The operations that libtorch has as one kernel and DJL can call, on the shapes of our rows. What
 * DJL would have to compose of several is not supported: it would say nothing of libtorch.
 */
final class DjlTasks {
  private static final float EPS = 1e-5f;

  private final NDManager manager = NDManager.newBaseManager();

  /**
   * Puts data in place.
   *
   * @throws UnsupportedOperationException for other operations
   */
  Task of(Operation operation) {
    return switch (operation) {
      case Matmul m -> matmul(m);
      case Convolution c -> convolution(c);
      case Normalisation n when n.pass() == Pass.FORWARD -> norm(n);
      case Pointwise p when p.pass() == Pass.FORWARD -> pointwise(p);
      case OptimiserStep o -> optimiser(o);
      default -> throw unsupported(operation);
    };
  }

  private static UnsupportedOperationException unsupported(Operation operation) {
    return new UnsupportedOperationException("DJL has no kernel for " + operation);
  }

  private NDArray normal(long... shape) {
    return manager.randomNormal(0, 1, new Shape(shape), DataType.FLOAT32);
  }

  private static Task timed(Supplier<NDArray> body) {
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

  private Task convolution(Convolution c) {
    Conv3dArgs a = c.args();
    Padding3 p = a.padding();
    boolean even = p.front() == p.back() && p.top() == p.bottom() && p.left() == p.right();
    // Padding that differs from side to side stands in the input, which gives the same outputs.
    NDArray x =
        even
            ? normal(a.n(), a.ci(), a.t(), a.h(), a.w())
            : normal(
                a.n(),
                a.ci(),
                a.t() + p.front() + p.back(),
                a.h() + p.top() + p.bottom(),
                a.w() + p.left() + p.right());
    Shape padding = even ? new Shape(p.front(), p.top(), p.left()) : new Shape(0, 0, 0);
    NDArray w = normal(a.co(), a.groupIn(), a.kt(), a.kh(), a.kw());
    return switch (c.pass()) {
      case FORWARD -> timed(() -> convolve(x, w, a, padding));
      case GRAD_INPUT -> backward(x, leaf -> convolve(leaf, w, a, padding));
      case GRAD_WEIGHT -> backward(w, leaf -> convolve(x, leaf, a, padding));
      case BACKWARD -> throw unsupported(c);
    };
  }

  private static NDArray convolve(NDArray x, NDArray w, Conv3dArgs a, Shape padding) {
    Stride3 s = a.stride();
    Shape stride = new Shape(s.t(), s.h(), s.w());
    Shape dilation = new Shape(1, 1, 1);
    return Conv3d.conv3d(x, w, null, stride, padding, dilation, a.groups()).singletonOrThrow();
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

  private Task norm(Normalisation n) {
    NDArray x = normal(n.outer(), n.width());
    NDArray weight = normal(n.width());
    NDArray bias = normal(n.width());
    Shape row = new Shape(n.width());
    return switch (n.kind()) {
      case LAYER_NORM ->
          timed(() -> LayerNorm.layerNorm(x, row, weight, bias, EPS).singletonOrThrow());
      case SOFTMAX -> timed(() -> x.softmax(-1));
      default -> throw unsupported(n);
    };
  }

  private Task pointwise(Pointwise p) {
    NDArray x = normal(p.rows(), p.width());
    NDArray y = normal(p.rows(), p.width());
    return switch (p.kind()) {
      case ADD -> timed(() -> x.add(y));
      case EXP -> timed(x::exp);
      case GELU -> timed(() -> Activation.gelu(x));
      default -> throw unsupported(p);
    };
  }

  /** DJL's AdamW, native code that calls libtorch's kernels one by one, and the moving average. */
  private Task optimiser(OptimiserStep o) {
    NDArray p = normal(o.n());
    NDArray gradient = normal(o.n());
    NDArray first = manager.zeros(p.getShape());
    NDArray second = manager.zeros(p.getShape());
    NDArray average = p.duplicate();
    NDList inputs = new NDList(p, gradient, first, second);
    NDArrayEx kernels = p.getNDArrayInternal();
    return () ->
        Task.time(() -> {
          kernels.adamUpdate(
              inputs,
              new NDList(p),
              1e-4f,
              1e-4f,
              0.01f,
              1f,
              -1f,
              0.9f,
              0.999f,
              1e-8f,
              false,
              true);
          average.muli(0.9999f);
          try (NDArray part = p.mul(1e-4f)) {
            average.addi(part);
          }
        });
  }
}
