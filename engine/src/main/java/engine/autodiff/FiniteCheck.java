package engine.autodiff;

import engine.tensor.Tensor;

/**
 * A watch for values that are not finite. Off by default because it reads every result; a trainer
 * that meets a NaN loss runs the same step again under the watch, which throws at the first op that
 * produced one. Steps are deterministic, so the second run meets the same values.
 */
public final class FiniteCheck {
  private static final ThreadLocal<Boolean> ON = ThreadLocal.withInitial(() -> false);

  private FiniteCheck() {}

  /** Runs the body with every result checked on this thread. */
  public static void watch(Runnable body) {
    boolean before = ON.get();
    ON.set(true);
    try {
      body.run();
    } finally {
      ON.set(before);
    }
  }

  static void check(String op, Tensor tensor) {
    if (ON.get()) {
      float[] values = tensor.toArray();
      for (int i = 0; i < values.length; i++) {
        if (!Float.isFinite(values[i])) {
          throw new NotFiniteException(
              "[" + op + "] produced " + values[i] + " at element " + i + " of " + tensor.shape());
        }
      }
    }
  }

  /** The first value that was not finite, and the op that produced it. */
  public static final class NotFiniteException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    NotFiniteException(String message) {
      super(message);
    }
  }
}
