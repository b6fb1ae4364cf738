// Softmax of rows (N7).

kernel void softmax(int rows, int n, global const float *x, global float *y) {
  ROW_OF(row, rows)
  global const float *in = x + row * n;
  global float *out = y + row * n;
  float m;
  ROW_MAX(m, n, i, in[i]);
  for (int i = ROW_LANE; live && i < n; i += ROW_LANES) {
    out[i] = n_exp(in[i] - m);
  }
  float sum;
  ROW_SUM(sum, n, i, out[i]);
  for (int i = ROW_LANE; live && i < n; i += ROW_LANES) {
    out[i] /= sum;
  }
}

kernel void softmax_grad(
    int rows, int n, global const float *y, global const float *g, global float *gx) {
  ROW_OF(row, rows)
  int at = row * n;
  float d;
  ROW_SUM(d, n, i, g[at + i] * y[at + i]);
  for (int i = at + ROW_LANE; live && i < at + n; i += ROW_LANES) {
    gx[i] = y[i] * (g[i] - d);
  }
}
