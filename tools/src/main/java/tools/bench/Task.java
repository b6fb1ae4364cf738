package tools.bench;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** An operation with its data in place, ready to be repeated. */
@FunctionalInterface
public interface Task {
  /** Does it once and says how long the part that counts took, in seconds. */
  double seconds();

  /** Something shorter that brings the same code to speed, where there is such a thing. */
  default void warmUp() {
    seconds();
  }

  /** Where tensors come from: drawn by seed to be computed with, or shapes alone to be counted. */
  @FunctionalInterface
  interface Tensors {
    Tensor of(int... dims);
  }

  /** A {@link System#nanoTime} with no work under way. */
  static long start() {
    Backends.current().finish();
    return System.nanoTime();
  }

  /** Seconds since a {@link #start}, when all is done. */
  static double since(long started) {
    Backends.current().finish();
    return (System.nanoTime() - started) * 1e-9;
  }

  /** Times something as a whole. */
  static double time(Runnable body) {
    long started = start();
    body.run();
    return since(started);
  }

  /** A forward pass with its memory recycled. */
  static Task forward(Supplier<Tensor> body) {
    return () ->
        time(() -> {
          try (Tape scope = Tape.noGrad()) {
            Objects.requireNonNull(body.get());
          }
        });
  }

  /** The gradients of the leaves in a forward pass; the pass itself is not timed. */
  static Task backward(Tensors tensors, Supplier<Tensor> forward) {
    return () -> {
      try (Tape tape = Tape.open()) {
        Tensor y = forward.get();
        Tensor gradOutput = tensors.of(y.shape().dims());
        long started = start();
        Gradients gradients = tape.backward(List.of(y), List.of(gradOutput));
        double seconds = since(started);
        release(gradients);
        return seconds;
      }
    };
  }

  /** Whichever the pass asks for. */
  static Task of(Pass pass, Tensors tensors, Supplier<Tensor> forward) {
    return pass == Pass.FORWARD ? forward(forward) : backward(once(tensors), forward);
  }

  /** Gives the memory of gradients back to the pool. */
  static void release(Gradients gradients) {
    gradients.leaves().forEach(leaf -> gradients.of(leaf).storage().release());
  }

  /** The same tensor at every call, for drawing one takes longer than many operations. */
  private static Tensors once(Tensors tensors) {
    Tensor[] drawn = new Tensor[1];
    return dims -> {
      if (drawn[0] == null) {
        drawn[0] = tensors.of(dims);
      }
      return drawn[0];
    };
  }
}
