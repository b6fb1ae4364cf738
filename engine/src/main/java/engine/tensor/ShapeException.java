package engine.tensor;

/**
 * Thrown when shapes do not fit an operation. The message names the op in brackets, the value that
 * is wrong, and every shape involved: {@code [matmul] inner dimensions differ: a=[2,3] b=[4,5]}.
 */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ShapeException(String message) {
    super(message);
  }

  /** Throws with {@code [op] text} unless {@code condition} holds. */
  public static void require(boolean condition, String op, String text, Object... arguments) {
    if (!condition) {
      throw new ShapeException("[" + op + "] " + String.format(text, arguments));
    }
  }
}
