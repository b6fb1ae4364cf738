// Group norm (N6), beside what planes.cl has.

kernel void inverse_deviation(int n, float by, float eps, global const float *x, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[i] = n_rsqrt(x[i] / by + eps);
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
