// One work-item for each element, but for sums.

kernel void fill(int n, float v, global float *x) {
  int i = get_global_id(0);
  if (i < n) {
    x[i] = v;
  }
}

kernel void put_one(int n, global const float *x, int at, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[at + i] = x[i];
  }
}

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

// Where an element of a result of some extents lies under strides; unused axes have extent 1.
int place4(int i, int4 extents, int4 strides) {
  int offset = i % extents.s3 * strides.s3;
  int rest = i / extents.s3;
  offset += rest % extents.s2 * strides.s2;
  rest /= extents.s2;
  offset += rest % extents.s1 * strides.s1;
  return offset + rest / extents.s1 * strides.s0;
}

int place8(int i, int8 extents, int8 strides) {
  int4 inner = extents.hi;
  int size = inner.s0 * inner.s1 * inner.s2 * inner.s3;
  return place4(i / size, extents.lo, strides.lo) + place4(i % size, inner, strides.hi);
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

kernel void strided_copy4(
    int n,
    int4 extents,
    int offsetX,
    int4 stridesX,
    int offsetY,
    int4 stridesY,
    global const float *x,
    global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[offsetY + place4(i, extents, stridesY)] = x[offsetX + place4(i, extents, stridesX)];
  }
}

kernel void strided_copy8(
    int n,
    int8 extents,
    int offsetX,
    int8 stridesX,
    int offsetY,
    int8 stridesY,
    global const float *x,
    global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[offsetY + place8(i, extents, stridesY)] = x[offsetX + place8(i, extents, stridesX)];
  }
}

// Sums of blocks of 4096 neighbours: y[o, b]; with one block, of whole runs.
kernel void run_sums(int n, int r, int blocks, global const float *x, global float *y) {
  ROW_OF(t, n)
  int from = t % blocks * 4096;
  global const float *at = x + t / blocks * r + from;
  float sum;
  ROW_SUM(sum, min(4096, r - from), i, at[i]);
  if (live && ROW_LANE == 0) {
    y[t] = sum;
  }
}

kernel void square_sums(int n, int r, int blocks, global const float *x, global float *y) {
  ROW_OF(t, n)
  int from = t % blocks * 4096;
  global const float *at = x + t / blocks * r + from;
  float sum;
  ROW_SUM(sum, min(4096, r - from), i, at[i] * at[i]);
  if (live && ROW_LANE == 0) {
    y[t] = sum;
  }
}

// Sums of blocks of 512 along r: y[o, b, i].
kernel void chain_sums(
    int n, int r, int inner, int blocks, global const float *x, global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int i = t % inner;
  int b = t / inner % blocks;
  int o = t / inner / blocks;
  int end = min(r, (b + 1) * 512);
  float sum = 0.0f;
  for (int k = b * 512; k < end; k++) {
    sum += x[(o * r + k) * inner + i];
  }
  y[t] = sum;
}

kernel void reduce_max(int n, int r, int inner, global const float *x, global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  global const float *at = x + t / inner * r * inner + t % inner;
  float m = at[0];
  for (int k = 1; k < r; k++) {
    float v = at[k * inner];
    m = m != m || m > v ? m : v;
  }
  y[t] = m + 0.0f;
}

kernel void gather(
    int n, int in, int inner, int out, global const int *index, global const float *x, global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int row = t / inner;
  y[t] = x[(row / out * in + index[row % out]) * inner + t % inner];
}

kernel void resample(
    int n,
    int in,
    int inner,
    int out,
    global const int *start,
    global const int *source,
    global const float *weight,
    global const float *x,
    global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int j = t / inner % out;
  global const float *slab = x + t / inner / out * in * inner + t % inner;
  int first = start[j];
  int last = start[j + 1];
  float sum = first == last ? 0.0f : weight[first] * slab[source[first] * inner];
  for (int k = first + 1; k < last; k++) {
    sum = fma(weight[k], slab[source[k] * inner], sum);
  }
  y[t] = sum;
}

float pixel(global const float *x, int plane, int height, int width, int row, int column) {
  int inside = row >= 0 && row < height && column >= 0 && column < width;
  return inside ? x[plane + row * width + column] : 0.0f;
}

// Math.clamp: no number stays none.
float within(float v, float low, float high) {
  return v < low ? low : v > high ? high : v;
}

kernel void bilinear_sample(
    int n,
    int channels,
    int height,
    int width,
    int points,
    global const float *x,
    global const float *places,
    global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int at = t / points / channels * points + t % points;
  float left = within(places[2 * at], -2.0f, width);
  float top = within(places[2 * at + 1], -2.0f, height);
  int column = left != left ? 0 : (int) floor(left);
  int row = top != top ? 0 : (int) floor(top);
  float fx = left - column;
  float fy = top - row;
  int plane = t / points * height * width;
  float a = pixel(x, plane, height, width, row, column);
  float b = pixel(x, plane, height, width, row, column + 1);
  float c = pixel(x, plane, height, width, row + 1, column);
  float d = pixel(x, plane, height, width, row + 1, column + 1);
  float above = (1.0f - fx) * a + fx * b;
  float below = (1.0f - fx) * c + fx * d;
  y[t] = (1.0f - fy) * above + fy * below;
}

void put(global float *gx, int plane, int height, int width, int row, int column, float value) {
  if (row >= 0 && row < height && column >= 0 && column < width) {
    gx[plane + row * width + column] += value;
  }
}

// One work-item for each plane: its points ascending.
kernel void bilinear_grad_input(
    int n,
    int channels,
    int height,
    int width,
    int points,
    global const float *places,
    global const float *g,
    global float *gx) {
  int p = get_global_id(0);
  if (p >= n) {
    return;
  }
  int plane = p * height * width;
  for (int i = 0; i < height * width; i++) {
    gx[plane + i] = 0.0f;
  }
  for (int i = 0; i < points; i++) {
    int at = p / channels * points + i;
    float left = within(places[2 * at], -2.0f, width);
    float top = within(places[2 * at + 1], -2.0f, height);
    int column = left != left ? 0 : (int) floor(left);
    int row = top != top ? 0 : (int) floor(top);
    float fx = left - column;
    float fy = top - row;
    float above = (1.0f - fy) * g[p * points + i];
    float below = fy * g[p * points + i];
    put(gx, plane, height, width, row, column, (1.0f - fx) * above);
    put(gx, plane, height, width, row, column + 1, fx * above);
    put(gx, plane, height, width, row + 1, column, (1.0f - fx) * below);
    put(gx, plane, height, width, row + 1, column + 1, fx * below);
  }
}

kernel void bilinear_grad_places(
    int n,
    int channels,
    int height,
    int width,
    int points,
    global const float *x,
    global const float *places,
    global const float *g,
    global float *gp) {
  int i = get_global_id(0);
  if (i >= n) {
    return;
  }
  float left = within(places[2 * i], -2.0f, width);
  float top = within(places[2 * i + 1], -2.0f, height);
  int column = left != left ? 0 : (int) floor(left);
  int row = top != top ? 0 : (int) floor(top);
  float fx = left - column;
  float fy = top - row;
  float alongColumns = 0.0f;
  float alongRows = 0.0f;
  for (int c = 0; c < channels; c++) {
    int first = i / points * channels + c;
    int plane = first * height * width;
    float slope = g[first * points + i % points];
    float p00 = pixel(x, plane, height, width, row, column);
    float p01 = pixel(x, plane, height, width, row, column + 1);
    float p10 = pixel(x, plane, height, width, row + 1, column);
    float p11 = pixel(x, plane, height, width, row + 1, column + 1);
    float u = (1.0f - fy) * (p01 - p00) + fy * (p11 - p10);
    float v = (1.0f - fx) * (p10 - p00) + fx * (p11 - p01);
    alongColumns = fma(slope, u, alongColumns);
    alongRows = fma(slope, v, alongRows);
  }
  gp[2 * i] = alongColumns;
  gp[2 * i + 1] = alongRows;
}

int largest(
    global const float *x, int plane, int height, int width, int size, int stride, int outW, int at) {
  int top = at / outW * stride;
  int left = at % outW * stride;
  int bottom = min(top + size, height);
  int right = min(left + size, width);
  int first = plane * height * width;
  int best = first + top * width + left;
  for (int row = top; row < bottom; row++) {
    for (int column = left; column < right; column++) {
      int i = first + row * width + column;
      if (x[i] > x[best] || x[i] != x[i]) {
        best = i;
      }
    }
  }
  return best;
}

kernel void max_pool(
    int n, int height, int width, int size, int stride, int outH, int outW, global const float *x, global float *y) {
  int t = get_global_id(0);
  if (t < n) {
    int out = outH * outW;
    y[t] = x[largest(x, t / out, height, width, size, stride, outW, t % out)];
  }
}

kernel void max_pool_grad(
    int n,
    int height,
    int width,
    int size,
    int stride,
    int outH,
    int outW,
    global const float *x,
    global const float *g,
    global float *gx) {
  int p = get_global_id(0);
  if (p >= n) {
    return;
  }
  int out = outH * outW;
  for (int i = p * height * width; i < (p + 1) * height * width; i++) {
    gx[i] = 0.0f;
  }
  for (int i = 0; i < out; i++) {
    gx[largest(x, p, height, width, size, stride, outW, i)] += g[p * out + i];
  }
}
