package engine.reference;

/**
 * The formula that gives the reference runs their weights and inputs
 * (testdata/reference/README.md).
 */
public final class Formula {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long SECOND = 0xD1B54A32D192ED03L;

  private Formula() {}

  /** u(seed, p, i) in [0, 1): splitmix64 of element {@code i} of tensor {@code p}. */
  public static double u(long seed, long p, long i) {
    long z = seed * GOLDEN + p * SECOND + (i + 1) * GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z = z ^ (z >>> 31);
    return (z >>> 11) * 0x1p-53;
  }

  /** s(seed, p, i) = 2u - 1 in [-1, 1). */
  public static double s(long seed, long p, long i) {
    return 2 * u(seed, p, i) - 1;
  }

  /** Offset and amplitude of a parameter or buffer. */
  public record Range(double offset, double amplitude) {}

  /** Whether an entry keeps what its module gives it; it still has its index. */
  public static boolean keepsConstant(String name) {
    return switch (leaf(name)) {
      case "num_batches_tracked", "inv_freq", "shift", "scale" -> true;
      default -> false;
    };
  }

  private static String leaf(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /**
   * The table's first rule that fits the last component of the name, then the shape.
   *
   * @throws IllegalArgumentException for entries that keep their module's own constant
   */
  public static Range range(String name, long... shape) {
    if (keepsConstant(name)) {
      throw new IllegalArgumentException("[formula] " + name + " keeps its module's constant");
    }
    String leaf = leaf(name);
    return switch (leaf) {
      case "A_log" -> new Range(1, 1);
      case "dt_bias" -> new Range(-2, 1.5);
      case "D" -> new Range(1, 0.5);
      case "running_mean", "pos_embed", "temp_embed", "time_embed", "cls_token" ->
          new Range(0, 0.1);
      case "running_var" -> new Range(1, 0.2);
      default -> byShape(name, leaf, shape);
    };
  }

  private static Range byShape(String name, String leaf, long[] shape) {
    if (shape.length >= 2) {
      long fanIn = 1;
      for (int i = 1; i < shape.length; i++) {
        fanIn *= shape[i];
      }
      return new Range(0, Math.sqrt(3.0 / fanIn));
    }
    return switch (leaf) {
      case "bias" -> new Range(0, 0.1);
      case "weight" -> new Range(1, 0.2);
      default -> throw new IllegalArgumentException("[formula] no rule for " + name);
    };
  }

  /** The values of the state-dict entry {@code name} with index {@code p}, row-major. */
  public static float[] value(String name, long[] shape, long seed, long p) {
    return value(range(name, shape), count(shape), seed, p);
  }

  /** {@code count} values (float) (offset + amplitude * s(seed, p, i)). */
  public static float[] value(Range range, int count, long seed, long p) {
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = (float) (range.offset + range.amplitude * s(seed, p, i));
    }
    return out;
  }

  /** An input, {@code inp(seed, k, shape, amp, off)}. */
  public static float[] input(long seed, long k, long[] shape, double amplitude, double offset) {
    return value(new Range(offset, amplitude), count(shape), seed, 100_000 + k);
  }

  private static int count(long[] shape) {
    long count = 1;
    for (long extent : shape) {
      count = Math.multiplyExact(count, extent);
    }
    return Math.toIntExact(count);
  }
}
