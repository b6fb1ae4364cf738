// Causal convolutions along a sequence, with SiLU, and through walks.

// sizes: rows, length, channels, kernel, rowStride, offset, carried, silu.
#define LENGTH sizes.s1
#define CHANNELS sizes.s2
#define TAPS sizes.s3
#define ROW sizes.s4
#define OFFSET sizes.s5
#define CARRIED sizes.s6
#define WITH_SILU sizes.s7
#define WIDTH (CHANNELS + CARRIED)

float causal_sum(
    int8 sizes,
    int walks,
    int tokens,
    global const int *order,
    int hasBias,
    global const float *x,
    global const float *weight,
    global const float *bias,
    int row,
    int c) {
  float sum = 0.0f;
  for (int k = 0; k < TAPS; k++) {
    int back = TAPS - 1 - k;
    float v = 0.0f;
    if (back <= row % LENGTH) {
      v = x[token(walks, tokens, order, row - back) * ROW + OFFSET + c];
    }
    sum = fma(weight[c * TAPS + k], v, sum);
  }
  return hasBias ? sum + bias[c] : sum;
}

kernel void causal_conv(
    int n,
    int8 sizes,
    int walks,
    int tokens,
    global const int *order,
    int hasBias,
    global const float *x,
    global const float *weight,
    global const float *bias,
    global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int c = t % WIDTH;
  int row = t / WIDTH;
  if (c >= CHANNELS) {
    y[t] = x[token(walks, tokens, order, row) * ROW + OFFSET + c];
    return;
  }
  float sum = causal_sum(sizes, walks, tokens, order, hasBias, x, weight, bias, row, c);
  y[t] = WITH_SILU ? n_silu(sum) : sum;
}

kernel void causal_grad_sums(
    int n,
    int8 sizes,
    int walks,
    int tokens,
    global const int *order,
    int hasBias,
    global const float *x,
    global const float *weight,
    global const float *bias,
    global const float *g,
    global float *sums) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int c = t % WIDTH;
  if (c >= CHANNELS) {
    sums[t] = g[t];
    return;
  }
  float sum = causal_sum(sizes, walks, tokens, order, hasBias, x, weight, bias, t / WIDTH, c);
  sums[t] = silu_grad(sum, g[t]);
}

kernel void causal_grad_input(
    int n,
    int8 sizes,
    int walks,
    int tokens,
    global const int *position,
    global const float *weight,
    global const float *sums,
    global float *gx) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int c = t % WIDTH;
  int input = t / WIDTH;
  float total = 0.0f;
  int count = max(1, walks);
  for (int walk = 0; walk < count; walk++) {
    int row = walk_row(walks, tokens, position, walk, input);
    float sum = 0.0f;
    if (c >= CHANNELS) {
      sum = sums[row * WIDTH + c];
    } else {
      int left = LENGTH - 1 - row % LENGTH;
      for (int k = max(0, TAPS - 1 - left); k < TAPS; k++) {
        sum = fma(weight[c * TAPS + k], sums[(row + TAPS - 1 - k) * WIDTH + c], sum);
      }
    }
    total = walk == 0 ? sum : total + sum;
  }
  gx[input * ROW + OFFSET + c] = total;
}

kernel void causal_grad_weight(
    int n,
    int8 sizes,
    int walks,
    int tokens,
    global const int *order,
    global const float *x,
    global const float *sums,
    global float *gw) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int k = t % TAPS;
  int c = t / TAPS;
  int back = TAPS - 1 - k;
  float total;
  DOT(total, sizes.s0, row, sums[row * WIDTH + c],
      back > row % LENGTH ? 0.0f : x[token(walks, tokens, order, row - back) * ROW + OFFSET + c]);
  gw[t] = total;
}
