// The elementary functions of the numeric contract (N12): engine.numeric.Numerics, word for word.
// The constants are those of engine.numeric.Coefficients, defined when the program is built.

#pragma OPENCL FP_CONTRACT OFF

#define ONE_NAN as_float(0x7FC00000)

float n_exp(float x);
float expWithin(float x);
float expTail(float high, float low);
float n_expm1(float x);
float n_log(float x);
float logSum(float f, float k, float low);
float n_log1p(float x);
float n_softplus(float x);
float decay(float a);
float n_sigmoid(float x);
float n_silu(float x);
float n_tanh(float x);
float n_erf(float x);
float erfSmall(float a);
float logErfc(float a);
float n_gelu(float x);
float n_sin(float x);
float n_cos(float x);
float quadrant(float a, float t, int q, int sign);
float n_atan2(float y, float x);
float atan01(float a);
float n_sqrt(float x);
float n_rsqrt(float x);
float n_powi(float x, int n);
float n_max(float a, float b);
float n_min(float a, float b);
float smallFloat(int k);
float canonical(float x, float y);
float withSign(float y, float x);

float n_exp(float x) {
  float y = expWithin(x);
  y = x < EXP_LOWEST ? 0.0f : y;
  y = x > EXP_HIGHEST ? INFINITY : y;
  return canonical(x, y);
}

float expWithin(float x) {
  float t = fma(x, LOG2_E, ROUND);
  float n = t - ROUND;
  float high = fma(n, -LN2_HI, x);
  float low = n * -LN2_LO;
  float sum = 1.0f + high;
  float y = sum + ((high - (sum - 1.0f)) + expTail(high, low));
  // The low bits of t hold n; the shift drops the rest. Adding n to the exponent is exact.
  return as_float(as_uint(y) + (as_uint(t) << 23));
}

float expTail(float high, float low) {
  float r = high + low;
  float q = fma(EXP_C4, r, EXP_C3);
  q = fma(q, r, EXP_C2);
  q = fma(q, r, EXP_C1);
  q = fma(q, r, EXP_C0);
  return fma(r * r, q, low);
}

float n_expm1(float x) {
  float t = fma(x, LOG2_E, ROUND);
  float n = t - ROUND;
  float high = fma(n, -LN2_HI, x);
  float p = high + expTail(high, n * -LN2_LO);
  // h = 2^(n-1), since 2^128 is no float
  float h = as_float((as_uint(t) + 126u) << 23);
  float y = fma(h, p, h - 0.5f) * 2.0f;
  y = x < EXPM1_LOWEST ? -1.0f : y;
  y = x > EXP_HIGHEST ? INFINITY : y;
  y = fabs(x) < TINY ? x : y;
  return canonical(x, y);
}

float n_log(float x) {
  int small = x < MIN_NORMAL;
  float a = small ? x * 0x1p23f : x;
  int bits = as_int(a);
  int e = (bits - SQRT_HALF_BITS) >> 23;
  float f = as_float((uint) bits - ((uint) e << 23)) - 1.0f;
  float k = smallFloat(e) + (small ? -23.0f : 0.0f);
  float y = logSum(f, k, k * LN2_LO);
  y = x > MAXFLOAT ? INFINITY : y;
  y = x == 0.0f ? -INFINITY : y;
  return x >= 0.0f ? y : ONE_NAN;
}

float logSum(float f, float k, float low) {
  float p = fma(LOG_C7, f, LOG_C6);
  p = fma(p, f, LOG_C5);
  p = fma(p, f, LOG_C4);
  p = fma(p, f, LOG_C3);
  p = fma(p, f, LOG_C2);
  p = fma(p, f, LOG_C1);
  p = fma(p, f, LOG_C0);
  float y = fma(f * f * f, p, low);
  y = fma(f * -0.5f, f, y);
  return fma(k, LN2_HI, f + y);
}

float n_log1p(float x) {
  float u = 1.0f + x;
  // 1 + x = u + c exactly (the sum's rounding error, Knuth)
  float back = u - 1.0f;
  float c = (1.0f - (u - back)) + (x - back);
  int bits = as_int(u);
  int e = (bits - SQRT_HALF_BITS) >> 23;
  float m = as_float((uint) bits - ((uint) e << 23)) - 1.0f;
  float k = smallFloat(e);
  int near = k == 0.0f;
  float f = near ? x : m;
  float y = logSum(f, k, fma(k, LN2_LO, near ? 0.0f : c / u));
  y = x > MAXFLOAT ? INFINITY : y;
  y = x == -1.0f ? -INFINITY : y;
  y = fabs(x) < TINY ? x : y;
  return x >= -1.0f ? y : ONE_NAN;
}

float n_softplus(float x) {
  float e = decay(fabs(x));
  // 1 + e = 2^k (1 + f), f without rounding that matters
  int large = e > SOFTPLUS_SPLIT;
  float f = large ? fma(e, 0.5f, -0.5f) : e;
  float k = large ? 1.0f : 0.0f;
  float y = (x > 0.0f ? x : 0.0f) + logSum(f, k, k * LN2_LO);
  return canonical(x, y);
}

float decay(float a) {
  return a > -EXP_LOWEST ? 0.0f : expWithin(-a);
}

float n_sigmoid(float x) {
  float e = decay(fabs(x));
  float y = (x >= 0.0f ? 1.0f : e) / (1.0f + e);
  return canonical(x, y);
}

float n_silu(float x) {
  float e = decay(fabs(x));
  float y = (x >= 0.0f ? x : x * e) / (1.0f + e);
  y = x < ACTIVATION_LOWEST ? -0.0f : y;
  return canonical(x, y);
}

float silu_grad(float v, float g) {
  float s = n_sigmoid(v);
  return g * (s * (1.0f + v * (1.0f - s)));
}

float n_tanh(float x) {
  float a = fabs(x);
  float u = a * a;
  float p = fma(TANH_C4, u, TANH_C3);
  p = fma(p, u, TANH_C2);
  p = fma(p, u, TANH_C1);
  p = fma(p, u, TANH_C0);
  float small = fma(a * u, p, a);
  float bounded = a > TANH_HIGHEST ? TANH_HIGHEST : a;
  float large = 1.0f - 2.0f / (1.0f + expWithin(bounded * 2.0f));
  return canonical(x, withSign(a < TANH_SPLIT ? small : large, x));
}

float n_erf(float x) {
  float a = fabs(x);
  float bounded = a > ERF_HIGHEST ? ERF_HIGHEST : a;
  float small = erfSmall(bounded);
  float large = 1.0f - expWithin(logErfc(bounded));
  return canonical(x, withSign(a < ERF_SPLIT ? small : large, x));
}

float erfSmall(float a) {
  float u = a * a;
  float p = fma(ERF_C6, u, ERF_C5);
  p = fma(p, u, ERF_C4);
  p = fma(p, u, ERF_C3);
  p = fma(p, u, ERF_C2);
  p = fma(p, u, ERF_C1);
  p = fma(p, u, ERF_C0);
  return fma(p, a, a);
}

float logErfc(float a) {
  float p = fma(ERFC_C6, a, ERFC_C5);
  p = fma(p, a, ERFC_C4);
  p = fma(p, a, ERFC_C3);
  p = fma(p, a, ERFC_C2);
  p = fma(p, a, ERFC_C1);
  return fma(p, a, ERFC_C0);
}

float n_gelu(float x) {
  float y = 0.5f * x * (1.0f + n_erf(x * SQRT_HALF));
  y = x < ACTIVATION_LOWEST ? -0.0f : y;
  return canonical(x, y);
}

float n_sin(float x) {
  float a = fabs(x);
  float t = fma(a, TWO_OVER_PI, ROUND);
  int sign = (int) (as_uint(x) & 0x80000000u);
  float y = quadrant(a, t, as_int(t), sign);
  return a <= TRIG_LIMIT ? y : ONE_NAN;
}

float n_cos(float x) {
  float a = fabs(x);
  float t = fma(a, TWO_OVER_PI, ROUND);
  float y = quadrant(a, t, as_int(t) + 1, 0);
  return a <= TRIG_LIMIT ? y : ONE_NAN;
}

float quadrant(float a, float t, int q, int sign) {
  float n = t - ROUND;
  float r = fma(n, -HALF_PI_A, a);
  r = fma(n, -HALF_PI_B, r);
  r = fma(n, -HALF_PI_C, r);
  float u = r * r;
  float s = fma(SIN_C2, u, SIN_C1);
  s = fma(s, u, SIN_C0);
  s = fma(r * u, s, r);
  float c = fma(COS_C2, u, COS_C1);
  c = fma(c, u, COS_C0);
  c = fma(u * u, c, fma(-0.5f, u, 1.0f));
  float y = (q & 1) == 0 ? s : c;
  return as_float(as_uint(y) ^ (uint) sign ^ ((uint) (q & 2) << 30));
}

float n_atan2(float y, float x) {
  float ay = fabs(y);
  float ax = fabs(x);
  int steep = ay > ax;
  float low = steep ? ax : ay;
  float high = steep ? ay : ax;
  float a = low / high;
  a = high == 0.0f ? 0.0f : a;
  a = low > MAXFLOAT ? 1.0f : a;
  float p = atan01(a);
  p = steep ? (HALF_PI_A - p) + HALF_PI_B : p;
  p = as_int(x) < 0 ? (PI_HI - p) + PI_LO : p;
  return canonical(x, canonical(y, withSign(p, y)));
}

float atan01(float a) {
  float u = a * a;
  float p = fma(ATAN_C8, u, ATAN_C7);
  p = fma(p, u, ATAN_C6);
  p = fma(p, u, ATAN_C5);
  p = fma(p, u, ATAN_C4);
  p = fma(p, u, ATAN_C3);
  p = fma(p, u, ATAN_C2);
  p = fma(p, u, ATAN_C1);
  p = fma(p, u, ATAN_C0);
  return fma(a * u, p, a);
}

float n_sqrt(float x) {
  float y = sqrt(x);
  return x >= 0.0f ? y : ONE_NAN;
}

float n_rsqrt(float x) {
  float y = 1.0f / sqrt(x);
  return x >= 0.0f ? y : ONE_NAN;
}

float n_powi(float x, int n) {
  float result = 1.0f;
  float square = x;
  for (uint bits = abs(n); bits != 0; bits >>= 1) {
    if ((bits & 1) != 0) {
      result *= square;
    }
    square *= square;
  }
  return canonical(result, n < 0 ? 1.0f / result : result);
}

float n_max(float a, float b) {
  float y = a > b ? a : b;
  return canonical(a, canonical(b, y));
}

float n_min(float a, float b) {
  float y = a < b ? a : b;
  return canonical(a, canonical(b, y));
}

float smallFloat(int k) {
  return as_float(k + ROUND_BITS) - ROUND;
}

float canonical(float x, float y) {
  return x != x ? ONE_NAN : y;
}

float withSign(float y, float x) {
  return as_float(
      as_int(y) | ((int) (as_uint(x) & 0x80000000u)));
}
