package engine.kernel;

import engine.random.RandomKey;
import java.util.Locale;

/**
 * Elementary functions and their derivatives on a fixed set of arguments, random draws, and the
 * Fourier transform, by hashes of their bits.
 */
final class ProbeFunctions {
  private static final int N = 211;
  private static final int DRAWS = 70;
  private static final long FNV_START = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final float[] ARGUMENTS = arguments();
  private static final float[] GRADIENTS = Probe.noise(N, 13, -3, 3);

  private static final long UNIFORM = 0xE76FE6AC7C8D893FL;
  private static final long NORMAL = 0x0DFDE853C680F928L;

  private ProbeFunctions() {}

  static void run(Probe probe) {
    for (Unary f : Unary.values()) {
      String name = f.name().toLowerCase(Locale.ROOT);
      probe.hash("function " + name, "unary and unaryGrad", expected(f), hash(probe, f));
    }
    RandomKey key = new RandomKey(7, 11, 13);
    Kernels k = probe.kernels();
    probe.hash(
        "uniform draws",
        "randomUniform",
        UNIFORM,
        hash(FNV_START, probe.run(DRAWS, s -> k.randomUniform(key, s[0], DRAWS))));
    probe.hash(
        "normal draws",
        "randomNormal",
        NORMAL,
        hash(FNV_START, probe.run(DRAWS, s -> k.randomNormal(key, s[0], DRAWS))));
    probe.hash("Fourier transform", "fft2", FftProbe.EXPECTED, FftProbe.hash(k));
  }

  /** All signs and magnitudes that functions treat apart; no denormals, which have a check. */
  private static float[] arguments() {
    float[] x = Probe.noise(N, 12, -26, 6);
    float[] ends = {
      0f, -0f, 1f, -1f, 88.72283f, 88.72284f, -87.33654f, 104f, -104f, 0x1p20f, 0x1.000002p20f, 1e30f,
      -1e30f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN
    };
    System.arraycopy(ends, 0, x, 0, ends.length);
    return x;
  }

  private static long hash(Probe probe, Unary f) {
    Kernels k = probe.kernels();
    float[] y = probe.run(N, s -> k.unary(f, s[0], s[1], N), ARGUMENTS);
    float[] gradient =
        probe.run(N, s -> k.unaryGrad(f, s[0], s[1], s[2], s[3], N), ARGUMENTS, y, GRADIENTS);
    return hash(hash(FNV_START, y), gradient);
  }

  /** FNV-1a over the bits, every NaN being the same. */
  private static long hash(long start, float[] x) {
    long hash = start;
    for (float value : x) {
      hash = (hash ^ Integer.toUnsignedLong(Float.floatToIntBits(value))) * FNV_PRIME;
    }
    return hash;
  }

  /** Made by the scalar loops, which are the definition. */
  private static long expected(Unary f) {
    return switch (f) {
      case NEG -> 0xFCF981D9BB30BD69L;
      case ABS -> 0x49FCD333CA422599L;
      case SQUARE -> 0x726CF5ED036E8067L;
      case SQRT -> 0x9CD364C753AD8049L;
      case RSQRT -> 0x0602B48704B40D19L;
      case RECIPROCAL -> 0xA37583C389193F57L;
      case EXP -> 0x39823BC71C352E7DL;
      case EXPM1 -> 0xDF08B79BE4742B00L;
      case LOG -> 0x949BE3A8A7FE1033L;
      case LOG1P -> 0xE162292B952D179BL;
      case SIN -> 0xDDF7777AB067D4F1L;
      case COS -> 0x910F6DCF2A5A4727L;
      case ERF -> 0x6C07FE598E92F449L;
      case TANH -> 0xEBB0231733711D38L;
      case SIGMOID -> 0x4965FE229ABF7257L;
      case SOFTPLUS -> 0xB7610182AC9C7DA8L;
      case RELU -> 0x7FA82A242E27FEBAL;
      case SILU -> 0xF9B72A3D53E7FDC6L;
      case GELU -> 0x562E858FA112E4B9L;
    };
  }
}
