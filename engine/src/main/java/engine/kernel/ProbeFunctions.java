package engine.kernel;

import engine.random.RandomKey;
import java.util.Locale;

/**
 * Elementary functions and their derivatives on a fixed set of arguments, random draws, and the
 * Fourier transform, by hashes of their bits.
 */
final class ProbeFunctions {
  private static final int N = 101;
  private static final int DRAWS = 70;
  private static final long FNV_START = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;
  private static final float[] ARGUMENTS = arguments();
  private static final float[] GRADIENTS = ProbeChecks.noise(N, 13, -3, 3);

  private static final long UNIFORM = 0xE76FE6AC7C8D893FL;
  private static final long NORMAL = 0x0DFDE853C680F928L;

  private ProbeFunctions() {}

  static void run(ProbeChecks probe) {
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
        hash(FNV_START, probe.run(DRAWS, s -> k.random().uniform(key, s[0], DRAWS))));
    probe.hash(
        "normal draws",
        "randomNormal",
        NORMAL,
        hash(FNV_START, probe.run(DRAWS, s -> k.random().normal(key, s[0], DRAWS))));
    probe.hash("Fourier transform", "fft2", FftProbe.EXPECTED, FftProbe.hash(k));
  }

  /** All signs and magnitudes that functions treat apart; no denormals, which have a check. */
  private static float[] arguments() {
    float[] x = ProbeChecks.noise(N, 12, -4, 4);
    System.arraycopy(ProbeChecks.noise(N / 4, 15, -26, 6), 0, x, N - N / 4, N / 4);
    float[] ends = {
      0f,
      -0f,
      1f,
      -1f,
      88.72283f,
      88.72284f,
      -87.33654f,
      104f,
      -104f,
      0x1p20f,
      0x1.000002p20f,
      1e30f,
      -1e30f,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN
    };
    System.arraycopy(ends, 0, x, 0, ends.length);
    return x;
  }

  private static long hash(ProbeChecks probe, Unary f) {
    Kernels k = probe.kernels();
    float[] y = probe.run(N, s -> k.elementwise().unary(f, s[0], s[1], N), ARGUMENTS);
    float[] gradient =
        probe.run(
            N,
            s -> k.elementwise().unaryGrad(f, s[0], s[1], s[2], s[3], N),
            ARGUMENTS,
            y,
            GRADIENTS);
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
      case NEG -> 0xB3ADC823D765CBC2L;
      case ABS -> 0x3CB920C7950F3F62L;
      case SQUARE -> 0x28FEA2478F0BA7C0L;
      case SQRT -> 0x472F6F658C628ED6L;
      case RSQRT -> 0x6E2D16D4BE9639BAL;
      case RECIPROCAL -> 0x759CF92AEB1132C1L;
      case EXP -> 0x30A37A3BE35AFF5FL;
      case EXPM1 -> 0xE58515645B391994L;
      case LOG -> 0x3B805C0C6DD572BCL;
      case LOG1P -> 0x3038CC57C721002DL;
      case SIN -> 0x0CF8B8C9198BAF87L;
      case COS -> 0x4F462C2A9ABF4816L;
      case ERF -> 0xCBC32507B7F77C31L;
      case TANH -> 0x3C58F14C32E9DD63L;
      case SIGMOID -> 0x401548D6B769F10CL;
      case SOFTPLUS -> 0x745F6CCAEAB1294CL;
      case RELU -> 0x4B3EB4228503B082L;
      case SILU -> 0x7C2529C9A91B9402L;
      case GELU -> 0x9D47C7E781C23F99L;
    };
  }
}
