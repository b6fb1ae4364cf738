// What group norm and batch norm share: statistics and passes over planes (N6).

kernel void divide(int n, float by, global float *x) {
  int i = get_global_id(0);
  if (i < n) {
    x[i] /= by;
  }
}

// Blocks of runs: the squares of what is left of the mean.
kernel void centred_squares(
    int n, int r, int blocks, int means, global const float *x, global const float *mean, global float *y) {
  ROW_OF(t, n)
  int from = t % blocks * SUM_BLOCK;
  int run = t / blocks;
  global const float *at = x + run * r + from;
  float m = mean[run % means];
  float sum;
  ROW_SUM(sum, min(SUM_BLOCK, r - from), i, (at[i] - m) * (at[i] - m));
  if (live && ROW_LANE == 0) {
    y[t] = sum;
  }
}

kernel void planes_normalise(
    int n,
    int size,
    int channels,
    int shared_,
    int statistics,
    global const float *x,
    global const float *mean,
    global const float *rstd,
    global const float *weight,
    global const float *bias,
    global float *y) {
  int i = get_global_id(0);
  if (i >= n) {
    return;
  }
  int plane = i / size;
  int s = plane / shared_ % statistics;
  int c = plane % channels;
  y[i] = ((x[i] - mean[s]) * rstd[s]) * weight[c] + bias[c];
}

kernel void planes_grad_sums(
    int n,
    int size,
    int blocks,
    int shared_,
    int statistics,
    global const float *x,
    global const float *mean,
    global const float *rstd,
    global const float *g,
    global float *sumG,
    global float *sumGx) {
  ROW_OF(t, n)
  int plane = t / blocks;
  int from = t % blocks * SUM_BLOCK;
  int s = plane / shared_ % statistics;
  float m = mean[s];
  float r = rstd[s];
  int at = plane * size + from;
  int count = min(SUM_BLOCK, size - from);
  float a;
  float b;
  ROW_SUM(a, count, i, g[at + i]);
  ROW_SUM(b, count, i, g[at + i] * ((x[at + i] - m) * r));
  if (live && ROW_LANE == 0) {
    sumG[t] = a;
    sumGx[t] = b;
  }
}

kernel void planes_grad_input(
    int n,
    int size,
    int channels,
    int shared_,
    int statistics,
    global const float *x,
    global const float *mean,
    global const float *rstd,
    global const float *weight,
    global const float *g,
    global const float *a,
    global const float *b,
    global float *gx) {
  int i = get_global_id(0);
  if (i >= n) {
    return;
  }
  int plane = i / size;
  int s = plane / shared_ % statistics;
  float w = weight[plane % channels];
  gx[i] = ((g[i] * w - a[s]) - ((x[i] - mean[s]) * rstd[s]) * b[s]) * rstd[s];
}
