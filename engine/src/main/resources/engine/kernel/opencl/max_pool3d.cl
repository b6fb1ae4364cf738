// The largest of each window. Sizes come in the order of OpenClMaxPool3d.

enum { POOL_IN = 0, POOL_OUT = 3, POOL_KERNEL = 6, POOL_STRIDE = 9, POOL_PADDING = 12 };

// The first place of a window along an axis (0 time, 1 height, 2 width); may lie outside.
int pool_begin(global const int *s, int axis, int output) {
  return output * s[POOL_STRIDE + axis] - s[POOL_PADDING + axis];
}

int pool_end(global const int *s, int axis, int begin) {
  return min(begin + s[POOL_KERNEL + axis], s[POOL_IN + axis]);
}

kernel void max_pool(int n, global const int *s, global const float *x, global float *y) {
  int i = get_global_id(0);
  if (i >= n) {
    return;
  }
  int outW = s[POOL_OUT + 2];
  int outH = s[POOL_OUT + 1];
  int outT = s[POOL_OUT];
  int w0 = pool_begin(s, 2, i % outW);
  int h0 = pool_begin(s, 1, i / outW % outH);
  int t0 = pool_begin(s, 0, i / outW / outH % outT);
  int first = i / outW / outH / outT * s[POOL_IN];
  float most = -INFINITY;
  for (int t = max(t0, 0); t < pool_end(s, 0, t0); t++) {
    for (int h = max(h0, 0); h < pool_end(s, 1, h0); h++) {
      for (int w = max(w0, 0); w < pool_end(s, 2, w0); w++) {
        most = n_max(most, x[((first + t) * s[POOL_IN + 1] + h) * s[POOL_IN + 2] + w]);
      }
    }
  }
  y[i] = most + 0.0f;
}

int pool_largest(global const int *s, global const float *x, int first, int output) {
  int w0 = pool_begin(s, 2, output % s[POOL_OUT + 2]);
  int h0 = pool_begin(s, 1, output / s[POOL_OUT + 2] % s[POOL_OUT + 1]);
  int t0 = pool_begin(s, 0, output / s[POOL_OUT + 2] / s[POOL_OUT + 1]);
  int best = -1;
  for (int t = max(t0, 0); t < pool_end(s, 0, t0); t++) {
    for (int h = max(h0, 0); h < pool_end(s, 1, h0); h++) {
      for (int w = max(w0, 0); w < pool_end(s, 2, w0); w++) {
        int at = first + (t * s[POOL_IN + 1] + h) * s[POOL_IN + 2] + w;
        if (best < 0 || x[at] > x[best] || x[at] != x[at]) {
          best = at;
        }
      }
    }
  }
  return best;
}

kernel void max_pool_grad(
    int n, global const int *s, global const float *x, global const float *g, global float *gx) {
  int volume = get_global_id(0);
  if (volume >= n) {
    return;
  }
  int in = s[POOL_IN] * s[POOL_IN + 1] * s[POOL_IN + 2];
  int out = s[POOL_OUT] * s[POOL_OUT + 1] * s[POOL_OUT + 2];
  for (int i = volume * in; i < (volume + 1) * in; i++) {
    gx[i] = 0.0f;
  }
  for (int i = 0; i < out; i++) {
    gx[pool_largest(s, x, volume * in, i)] += g[volume * out + i];
  }
}
