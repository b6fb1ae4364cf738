// Norms, softmax and tokens (N5 to N7).

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

// Chains of 512 rows for each column: sums [blocks, width].
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
  int first = t / width * 512;
  int last = min(rows, first + 512);
  float sum = 0.0f;
  for (int row = first; row < last; row++) {
    int at = row * width + i;
    sum += g[at] * ((x[at] - mean[row]) * rstd[row]);
  }
  sums[t] = sum;
}

kernel void divide(int n, float by, global float *x) {
  int i = get_global_id(0);
  if (i < n) {
    x[i] /= by;
  }
}

kernel void inverse_deviation(int n, float by, float eps, global const float *x, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[i] = n_rsqrt(x[i] / by + eps);
  }
}

kernel void inverse_deviation_of(int n, float eps, global const float *x, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[i] = n_rsqrt(x[i] + eps);
  }
}

// Blocks of runs: the squares of what is left of the mean.
kernel void centred_squares(
    int n, int r, int blocks, int means, global const float *x, global const float *mean, global float *y) {
  ROW_OF(t, n)
  int from = t % blocks * 4096;
  int run = t / blocks;
  global const float *at = x + run * r + from;
  float m = mean[run % means];
  float sum;
  ROW_SUM(sum, min(4096, r - from), i, (at[i] - m) * (at[i] - m));
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
  int from = t % blocks * 4096;
  int s = plane / shared_ % statistics;
  float m = mean[s];
  float r = rstd[s];
  int at = plane * size + from;
  int count = min(4096, size - from);
  float a;
  float b;
  ROW_SUM(a, count, i, g[at + i]);
  ROW_SUM(b, count, i, g[at + i] * ((x[at + i] - m) * r));
  if (live && ROW_LANE == 0) {
    sumG[t] = a;
    sumGx[t] = b;
  }
}

kernel void group_means(
    int n, int each, int channels, float run, global const float *weight, global const float *sums, global float *means) {
  int i = get_global_id(0);
  if (i >= n) {
    return;
  }
  float chain = 0.0f;
  for (int p = i * each; p < (i + 1) * each; p++) {
    chain += weight[p % channels] * sums[p];
  }
  means[i] = chain / run;
}

kernel void weighted_means(
    int n, float each, global const float *weight, global const float *sums, global float *means) {
  int c = get_global_id(0);
  if (c < n) {
    means[c] = (weight[c] * sums[c]) / each;
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

kernel void planes_scale_gradient(
    int n,
    int size,
    int channels,
    global const float *rstd,
    global const float *weight,
    global const float *g,
    global float *gx) {
  int i = get_global_id(0);
  if (i < n) {
    int c = i / size % channels;
    gx[i] = (g[i] * weight[c]) * rstd[c];
  }
}

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
