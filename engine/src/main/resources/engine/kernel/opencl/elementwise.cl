// Functions of each element, broadcast where they have two.

kernel void add_into(int n, global float *sum, global const float *x) {
  int i = get_global_id(0);
  if (i < n) {
    sum[i] += x[i];
  }
}

kernel void affine(int n, global const float *x, float scale, float shift, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[i] = (x[i] * scale) + shift;
  }
}

kernel void clamp_to(int n, global const float *x, float low, float high, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    float v = x[i];
    y[i] = v < low ? low : v > high ? high : v;
  }
}

kernel void clamp_grad(
    int n, global const float *x, float low, float high, global const float *g, global float *gx) {
  int i = get_global_id(0);
  if (i < n) {
    gx[i] = x[i] >= low && x[i] <= high ? g[i] : 0.0f;
  }
}

float value(int f, float x) {
  switch (f) {
    case NEG: return -x;
    case ABS: return fabs(x);
    case SQUARE: return x * x;
    case SQRT: return n_sqrt(x);
    case RSQRT: return n_rsqrt(x);
    case RECIPROCAL: return 1.0f / x;
    case EXP: return n_exp(x);
    case EXPM1: return n_expm1(x);
    case LOG: return n_log(x);
    case LOG1P: return n_log1p(x);
    case SIN: return n_sin(x);
    case COS: return n_cos(x);
    case ERF: return n_erf(x);
    case TANH: return n_tanh(x);
    case SIGMOID: return n_sigmoid(x);
    case SOFTPLUS: return n_softplus(x);
    case RELU: return x <= 0.0f ? 0.0f : x;
    case SILU: return n_silu(x);
    default: return n_gelu(x);
  }
}

kernel void unary(int n, int f, global const float *x, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[i] = value(f, x[i]);
  }
}

float gradient(int f, float x, float y, float g) {
  switch (f) {
    case NEG: return -g;
    case ABS: return x > 0.0f ? g : x < 0.0f ? -g : 0.0f;
    case SQUARE: return (g * x) * 2.0f;
    case SQRT: return g / (2.0f * y);
    case RSQRT: return ((g * -0.5f) * y) * (y * y);
    case RECIPROCAL: return -((g * y) * y);
    case EXP: return g * y;
    case EXPM1: return g * (y + 1.0f);
    case LOG: return g / x;
    case LOG1P: return g / (1.0f + x);
    case SIN: return g * n_cos(x);
    case COS: return -(g * n_sin(x));
    case ERF: return (g * TWO_OVER_SQRT_PI) * n_exp(-(x * x));
    case TANH: return g * (1.0f - y * y);
    case SIGMOID: return g * (y * (1.0f - y));
    case SOFTPLUS: return g * n_sigmoid(x);
    case RELU: return x > 0.0f ? g : 0.0f;
    case SILU: return silu_grad(x, g);
    default: {
      float cdf = 0.5f * (1.0f + n_erf(x * SQRT_HALF));
      float pdf = INV_SQRT_2_PI * n_exp(-0.5f * (x * x));
      return g * (cdf + x * pdf);
    }
  }
}

kernel void unary_grad(
    int n,
    int f,
    global const float *x,
    global const float *y,
    global const float *g,
    global float *gx) {
  int i = get_global_id(0);
  if (i < n) {
    gx[i] = gradient(f, x[i], y[i], g[i]);
  }
}

float combine(int f, float l, float r) {
  switch (f) {
    case ADD: return l + r;
    case SUB: return l - r;
    case MUL: return l * r;
    case DIV: return l / r;
    case MIN: return l != l || l < r ? l : r;
    default: return l != l || l > r ? l : r;
  }
}

// One or two axes are nearly all uses, and an index costs a division for each axis but the first.
kernel void binary1(
    int n,
    int f,
    int strideA,
    int strideB,
    global const float *a,
    global const float *b,
    global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[i] = combine(f, a[i * strideA], b[i * strideB]);
  }
}

kernel void binary2(
    int n,
    int f,
    int inner,
    int rowA,
    int strideA,
    int rowB,
    int strideB,
    global const float *a,
    global const float *b,
    global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    int row = i / inner;
    int column = i - row * inner;
    y[i] = combine(f, a[row * rowA + column * strideA], b[row * rowB + column * strideB]);
  }
}

kernel void binary8(
    int n,
    int f,
    int8 extents,
    int8 stridesA,
    int8 stridesB,
    global const float *a,
    global const float *b,
    global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[i] = combine(f, a[place8(i, extents, stridesA)], b[place8(i, extents, stridesB)]);
  }
}
