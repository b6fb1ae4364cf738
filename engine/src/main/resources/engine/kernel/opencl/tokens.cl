// Tokens shifted, scaled and gated by a vector for each sample.

kernel void modulate(
    int n,
    int tokens,
    int width,
    global const float *x,
    global const float *shift,
    global const float *scale,
    global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    int v = i / (tokens * width) * width + i % width;
    float s = 1.0f + scale[v];
    y[i] = (x[i] * s) + shift[v];
  }
}

kernel void modulate_grad(
    int n, int tokens, int width, global const float *scale, global const float *g, global float *gx) {
  int i = get_global_id(0);
  if (i < n) {
    gx[i] = g[i] * (1.0f + scale[i / (tokens * width) * width + i % width]);
  }
}

kernel void gate_add(
    int n,
    int tokens,
    int width,
    global const float *x,
    global const float *gate,
    global const float *h,
    global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[i] = x[i] + (gate[i / (tokens * width) * width + i % width] * h[i]);
  }
}

kernel void product_sum(
    int n, int tokens, int width, global const float *a, global const float *b, global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int at = t / width * tokens * width + t % width;
  float sum;
  if (width == 1) {
    RUN_SUM(sum, tokens, i, a[at + i] * b[at + i]);
  } else {
    CHAIN_SUM(sum, tokens, i, a[at + i * width] * b[at + i * width]);
  }
  y[t] = sum;
}
