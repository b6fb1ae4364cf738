// Batch norm (N6), beside what planes.cl has.

kernel void inverse_deviation_of(int n, float eps, global const float *x, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[i] = n_rsqrt(x[i] + eps);
  }
}

kernel void weighted_means(
    int n, float each, global const float *weight, global const float *sums, global float *means) {
  int c = get_global_id(0);
  if (c < n) {
    means[c] = (weight[c] * sums[c]) / each;
  }
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
