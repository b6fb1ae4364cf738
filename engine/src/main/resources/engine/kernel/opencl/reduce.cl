// Reductions in the order of N5; sums.cl has the order within a block.

kernel void put_one(int n, global const float *x, int at, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[at + i] = x[i];
  }
}

// Sums of blocks of SUM_BLOCK neighbours: y[o, b]; with one block, of whole runs.
kernel void run_sums(int n, int r, int blocks, global const float *x, global float *y) {
  ROW_OF(t, n)
  int from = t % blocks * SUM_BLOCK;
  global const float *at = x + t / blocks * r + from;
  float sum;
  ROW_SUM(sum, min(SUM_BLOCK, r - from), i, at[i]);
  if (live && ROW_LANE == 0) {
    y[t] = sum;
  }
}

kernel void square_sums(int n, int r, int blocks, global const float *x, global float *y) {
  ROW_OF(t, n)
  int from = t % blocks * SUM_BLOCK;
  global const float *at = x + t / blocks * r + from;
  float sum;
  ROW_SUM(sum, min(SUM_BLOCK, r - from), i, at[i] * at[i]);
  if (live && ROW_LANE == 0) {
    y[t] = sum;
  }
}

// Sums of blocks of SUM_CHAIN along r: y[o, b, i].
kernel void chain_sums(
    int n, int r, int inner, int blocks, global const float *x, global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int i = t % inner;
  int b = t / inner % blocks;
  int o = t / inner / blocks;
  int end = min(r, (b + 1) * SUM_CHAIN);
  float sum = 0.0f;
  for (int k = b * SUM_CHAIN; k < end; k++) {
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
