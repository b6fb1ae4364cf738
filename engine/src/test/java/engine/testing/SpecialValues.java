package engine.testing;

import engine.numeric.Coefficients;
import java.util.List;

/** Kinds of values at the edges of float32, for comparing bits. */
public enum SpecialValues {
  ZERO {
    @Override
    public float value(long bits) {
      return signed(0f, bits);
    }
  },
  DENORMAL {
    @Override
    public float value(long bits) {
      return signed(Float.intBitsToFloat((int) (bits >>> 32) & 0x007FFFFF), bits);
    }
  },
  /** Normal numbers whose products are denormal or vanish. */
  TINY {
    @Override
    public float value(long bits) {
      return signed(magnitude(1 + below(bits, 60), bits), bits);
    }
  },
  /** Numbers whose sums and products overflow. */
  HUGE {
    @Override
    public float value(long bits) {
      return signed(magnitude(195 + below(bits, 60), bits), bits);
    }
  },
  INFINITE {
    @Override
    public float value(long bits) {
      return signed(Float.POSITIVE_INFINITY, bits);
    }
  },
  /** Quiet and signalling ones of both signs, with any payload. */
  NAN {
    @Override
    public float value(long bits) {
      return signed(Float.intBitsToFloat(0x7F800001 + below(bits, 0x7FFFFF)), bits);
    }
  },
  /** One and its neighbours, and where the elementary functions change over. */
  EDGE {
    @Override
    public float value(long bits) {
      float edge = EDGES[below(bits, EDGES.length)];
      float near =
          (bits & 4) == 0 ? edge : (bits & 8) == 0 ? Math.nextUp(edge) : -Math.nextUp(-edge);
      return signed(near, bits);
    }
  };

  private static final float[] EDGES = {
    1f,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    Coefficients.EXP_HIGHEST,
    Coefficients.EXP_LOWEST,
    Coefficients.TANH_SPLIT,
    Coefficients.TANH_HIGHEST,
    Coefficients.ERF_SPLIT,
    Coefficients.ERF_HIGHEST,
    Coefficients.ACTIVATION_LOWEST,
    18f,
    0x1p-25f,
    0x1p20f,
    0x1.921fb6p0f
  };

  private static final float[] VALUES = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    1e-30f,
    3e38f,
    -3e38f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    88.5f,
    -104f,
    1e-8f,
    7f
  };

  /** A value of this kind, chosen by some random bits. */
  public abstract float value(long bits);

  private static float signed(float x, long bits) {
    return (bits & 1) == 0 ? x : -x;
  }

  private static int below(long bits, int n) {
    return (int) Math.floorMod(bits >>> 40, (long) n);
  }

  private static float magnitude(int exponent, long bits) {
    return Float.intBitsToFloat(exponent << 23 | ((int) (bits >>> 32) & 0x007FFFFF));
  }

  /**
   * Ordinary values in [-1, 1), some of which are special.
   *
   * @param kinds which kinds of special values there are
   * @param share how many of a thousand values are special
   */
  public static float[] mixed(List<SpecialValues> kinds, int share, long seed, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      long bits = SplitMix.at(seed, i);
      boolean special = Math.floorMod(bits >>> 8, 1000L) < share;
      x[i] =
          special
              ? kinds.get((int) Math.floorMod(bits >>> 20, (long) kinds.size())).value(bits)
              : (float) ((bits >>> 11) * 0x1p-52 - 1);
    }
    return x;
  }

  /** n values: a list of all kinds over and over; its prime length meets every lane. */
  public static float[] repeated(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = VALUES[i % VALUES.length];
    }
    return x;
  }

  /** The same without infinities and NaN. */
  public static float[] finite(int n) {
    float[] x = repeated(n);
    for (int i = 0; i < n; i++) {
      x[i] = Float.isFinite(x[i]) ? x[i] : 0.5f;
    }
    return x;
  }
}
