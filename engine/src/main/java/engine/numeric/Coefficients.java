package engine.numeric;

/**
 * The constants of the elementary functions: one list for the scalar form ({@link Numerics}), the
 * vector form and the device form, which must agree bit for bit.
 *
 * <p>Each polynomial is a minimax fit (Remez exchange in 40 digits, weighted so that it bounds the
 * relative error of the function itself), its coefficients rounded to float32. "Fit" below is the
 * largest relative error that the rounded polynomial leaves in exact arithmetic. C<i>k</i>
 * multiplies the <i>k</i>-th power of the argument that the comment names.
 */
public final class Coefficients {
  private Coefficients() {}

  /** 1.5 * 2^23: added and taken off again, it rounds to the nearest integer, ties to even. */
  public static final float ROUND = 0x1.8p23f;

  /** The bits of {@link #ROUND}; plus k they are the bits of ROUND + k. */
  public static final int ROUND_BITS = 0x4B400000;

  public static final float MIN_NORMAL = 0x1p-126f;

  public static final int SIGN_BIT = 0x80000000;

  /** Below this size f(x) = x for expm1 and log1p to half an ulp, and -0 stays -0. */
  public static final float TINY = 0x1p-25f;

  // ---- exponential: exp(r) = 1 + r + r^2 Q(r), |r| <= 0.3475; fit 2^-28.2

  public static final float LOG2_E = 0x1.715476p+0f;
  public static final float LN2_HI = 0x1.62e430p-1f;
  public static final float LN2_LO = -0x1.05c610p-29f;
  public static final float EXP_C0 = 0x1.fffffcp-2f;
  public static final float EXP_C1 = 0x1.55548ap-3f;
  public static final float EXP_C2 = 0x1.555850p-5f;
  public static final float EXP_C3 = 0x1.123ec0p-7f;
  public static final float EXP_C4 = 0x1.6ac2e6p-10f;

  /** The smallest float whose exponential reaches 2^-126; below it exp is +0. */
  public static final float EXP_LOWEST = -0x1.5d589ep+6f;

  /** The largest float whose exponential is finite; above it exp is +infinity. */
  public static final float EXP_HIGHEST = 0x1.62e42ep+6f;

  /** Below this expm1 is -1. */
  public static final float EXPM1_LOWEST = -18f;

  // ---- logarithm: log(1+f) = f - f^2/2 + f^3 P(f), sqrt(1/2) <= 1+f < sqrt(2); fit 2^-27.2

  /** Bits of the largest float below sqrt(1/2): mantissas are taken from here upwards. */
  public static final int SQRT_HALF_BITS = 0x3F3504F3;

  public static final float LOG_C0 = 0x1.555554p-2f;
  public static final float LOG_C1 = -0x1.000226p-2f;
  public static final float LOG_C2 = 0x1.99a008p-3f;
  public static final float LOG_C3 = -0x1.547244p-3f;
  public static final float LOG_C4 = 0x1.22da1ap-3f;
  public static final float LOG_C5 = -0x1.0d8548p-3f;
  public static final float LOG_C6 = 0x1.055b7ep-3f;
  public static final float LOG_C7 = -0x1.38b598p-4f;

  // ---- sine, cosine: u = r^2, |r| <= 0.7874; sin r = r + r u S(u), cos r = 1 - u/2 + u^2 C(u)
  // fit 2^-27.8 and 2^-32.3

  public static final float TWO_OVER_PI = 0x1.45f306p-1f;
  public static final float HALF_PI_A = 0x1.921fb6p+0f;
  public static final float HALF_PI_B = -0x1.777a5cp-25f;
  public static final float HALF_PI_C = -0x1.ee59dap-50f;
  public static final float SIN_C0 = -0x1.555544p-3f;
  public static final float SIN_C1 = 0x1.1106c6p-7f;
  public static final float SIN_C2 = -0x1.991c26p-13f;
  public static final float COS_C0 = 0x1.55554ep-5f;
  public static final float COS_C1 = -0x1.6c0e28p-10f;
  public static final float COS_C2 = 0x1.9a6474p-16f;

  /** Largest size of argument for sin and cos; beyond it they give NaN. */
  public static final float TRIG_LIMIT = 0x1p20f;

  // ---- arc tangent: u = a^2, 0 <= a <= 1; atan a = a + a u A(u); fit 2^-28.4

  public static final float PI_HI = 0x1.921fb6p+1f;
  public static final float PI_LO = -0x1.777a5cp-24f;
  public static final float ATAN_C0 = -0x1.55553ep-2f;
  public static final float ATAN_C1 = 0x1.9991e4p-3f;
  public static final float ATAN_C2 = -0x1.242086p-3f;
  public static final float ATAN_C3 = 0x1.c08c50p-4f;
  public static final float ATAN_C4 = -0x1.58091ep-4f;
  public static final float ATAN_C5 = 0x1.da2900p-5f;
  public static final float ATAN_C6 = -0x1.fd76bap-6f;
  public static final float ATAN_C7 = 0x1.6413a6p-7f;
  public static final float ATAN_C8 = -0x1.d32490p-10f;

  // ---- hyperbolic tangent: u = a^2, 0 <= a < 0.625; tanh a = a + a u T(u); fit 2^-27.7

  public static final float TANH_SPLIT = 0.625f;

  /** From here on tanh is 1; as a bound it keeps the exponential finite. */
  public static final float TANH_HIGHEST = 10f;

  public static final float TANH_C0 = -0x1.555532p-2f;
  public static final float TANH_C1 = 0x1.1106f6p-3f;
  public static final float TANH_C2 = -0x1.b835a4p-5f;
  public static final float TANH_C3 = 0x1.51f8cep-6f;
  public static final float TANH_C4 = -0x1.750ce4p-8f;

  // ---- error function: erf a = a + a E(a^2), 0 <= a < 0.921875, fit 2^-30.0;
  // erf a = 1 - exp(F(a)), 0.921875 <= a <= 4, F fits log erfc to 2^-29.1 of erf

  public static final float ERF_SPLIT = 0.921875f;

  /** From here on erf is 1. */
  public static final float ERF_HIGHEST = 4f;

  public static final float ERF_C0 = 0x1.06eba8p-3f;
  public static final float ERF_C1 = -0x1.812740p-2f;
  public static final float ERF_C2 = 0x1.ce2d64p-4f;
  public static final float ERF_C3 = -0x1.b80118p-6f;
  public static final float ERF_C4 = 0x1.5449e4p-8f;
  public static final float ERF_C5 = -0x1.a606c2p-11f;
  public static final float ERF_C6 = 0x1.4f562ep-14f;
  public static final float ERFC_C0 = -0x1.a065e4p-13f;
  public static final float ERFC_C1 = -0x1.20ae92p+0f;
  public static final float ERFC_C2 = -0x1.463f60p-1f;
  public static final float ERFC_C3 = -0x1.a9a1c8p-4f;
  public static final float ERFC_C4 = 0x1.6c070cp-6f;
  public static final float ERFC_C5 = -0x1.8e9a82p-9f;
  public static final float ERFC_C6 = 0x1.9a75a6p-13f;

  // ---- activations

  /** Above this, log(1 + e) is taken as log 2 + log((1 + e)/2). */
  public static final float SOFTPLUS_SPLIT = 0x1.a82798p-2f;

  public static final float SQRT_HALF = 0x1.6a09e6p-1f;

  /** 2 / sqrt(pi), of the derivative of erf. */
  public static final float TWO_OVER_SQRT_PI = 1.12837917f;

  /** 1 / sqrt(2 pi), of the derivative of gelu. */
  public static final float INV_SQRT_2_PI = 0.39894228f;

  /** Below this silu and gelu are -0. */
  public static final float ACTIVATION_LOWEST = -128f;
}
