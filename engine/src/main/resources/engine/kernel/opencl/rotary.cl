// Rotary embedding (N7).

// sizes: batch, length, heads, dim, window, offset, versions, positions.
kernel void rotary(
    int n, int8 sizes, float scale, global const float *table, global const float *x, global float *y) {
  int at = get_global_id(0);
  if (at >= n) {
    return;
  }
  int half_ = sizes.s3 / 2;
  int width = sizes.s2 * sizes.s3;
  int c = at % half_;
  int h = at / half_ % sizes.s2;
  int t = at / half_ / sizes.s2;
  int rows = sizes.s0 * sizes.s1;
  int row = t % rows;
  int cosine = (sizes.s5 + t / rows * sizes.s4 + row % sizes.s1 % sizes.s4) * half_ + c;
  int sine = cosine + sizes.s7 * half_;
  int from = row * width + h * sizes.s3 + c;
  int to = t * width + h * sizes.s3 + c;
  float x1 = x[from] * scale;
  float x2 = x[from + half_] * scale;
  y[to] = x1 * table[cosine] - x2 * table[sine];
  y[to + half_] = x2 * table[cosine] + x1 * table[sine];
}

kernel void rotary_grad(
    int n, int8 sizes, float scale, global const float *table, global const float *g, global float *gx) {
  int at = get_global_id(0);
  if (at >= n) {
    return;
  }
  int half_ = sizes.s3 / 2;
  int width = sizes.s2 * sizes.s3;
  int c = at % half_;
  int h = at / half_ % sizes.s2;
  int row = at / half_ / sizes.s2;
  int plane = sizes.s0 * sizes.s1 * width;
  int to = row * width + h * sizes.s3 + c;
  float s1 = 0.0f;
  float s2 = 0.0f;
  for (int v = 0; v < sizes.s6; v++) {
    int cosine = (sizes.s5 + v * sizes.s4 + row % sizes.s1 % sizes.s4) * half_ + c;
    int sine = cosine + sizes.s7 * half_;
    float g1 = g[v * plane + to];
    float g2 = g[v * plane + to + half_];
    float y1 = g1 * table[cosine] + g2 * table[sine];
    float y2 = g2 * table[cosine] - g1 * table[sine];
    s1 = v > 0 ? s1 + y1 : y1;
    s2 = v > 0 ? s2 + y2 : y2;
  }
  gx[to] = s1 * scale;
  gx[to + half_] = s2 * scale;
}
