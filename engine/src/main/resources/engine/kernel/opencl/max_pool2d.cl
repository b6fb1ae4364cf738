// The largest of each window.

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
