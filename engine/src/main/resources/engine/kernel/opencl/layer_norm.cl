// Layer norm (N6).

kernel void layer_norm(
    int rows,
    int width,
    float eps,
    int hasWeight,
    int hasBias,
    global const float *x,
    global const float *weight,
    global const float *bias,
    global float *y,
    global float *mean,
    global float *rstd) {
  ROW_OF(row, rows)
  global const float *in = x + row * width;
  global float *out = y + row * width;
  float sum;
  ROW_SUM(sum, width, i, in[i]);
  float m = sum / width;
  float squares;
  ROW_SUM(squares, width, i, (in[i] - m) * (in[i] - m));
  float r = n_rsqrt(squares / width + eps);
  for (int i = ROW_LANE; live && i < width; i += ROW_LANES) {
    float v = (in[i] - m) * r;
    v = hasWeight ? v * weight[i] : v;
    out[i] = hasBias ? v + bias[i] : v;
  }
  if (live && ROW_LANE == 0) {
    mean[row] = m;
    rstd[row] = r;
  }
}

kernel void layer_norm_grad_input(
    int rows,
    int width,
    int hasWeight,
    global const float *x,
    global const float *weight,
    global const float *mean,
    global const float *rstd,
    global const float *g,
    global float *gx) {
  ROW_OF(row, rows)
  int at = row * width;
  float m = mean[row];
  float r = rstd[row];
  float a;
  float b;
  ROW_SUM(a, width, i, hasWeight ? g[at + i] * weight[i] : g[at + i]);
  ROW_SUM(b, width, i,
      (hasWeight ? g[at + i] * weight[i] : g[at + i]) * ((x[at + i] - m) * r));
  a = a / width;
  b = b / width;
  for (int i = ROW_LANE; live && i < width; i += ROW_LANES) {
    float h = hasWeight ? g[at + i] * weight[i] : g[at + i];
    gx[at + i] = ((h - a) - ((x[at + i] - m) * r) * b) * r;
  }
}

// Chains of SUM_CHAIN rows for each column: sums [blocks, width].
kernel void layer_norm_grad_weight(
    int n,
    int rows,
    int width,
    global const float *x,
    global const float *mean,
    global const float *rstd,
    global const float *g,
    global float *sums) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int i = t % width;
  int first = t / width * SUM_CHAIN;
  int last = min(rows, first + SUM_CHAIN);
  float sum = 0.0f;
  for (int row = first; row < last; row++) {
    int at = row * width + i;
    sum += g[at] * ((x[at] - mean[row]) * rstd[row]);
  }
  sums[t] = sum;
}
