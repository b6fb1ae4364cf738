// Resampling along an axis by tables of taps.

kernel void resample(
    int n,
    int in,
    int inner,
    int out,
    global const int *start,
    global const int *source,
    global const float *weight,
    global const float *x,
    global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int j = t / inner % out;
  global const float *slab = x + t / inner / out * in * inner + t % inner;
  int first = start[j];
  int last = start[j + 1];
  float sum = first == last ? 0.0f : weight[first] * slab[source[first] * inner];
  for (int k = first + 1; k < last; k++) {
    sum = fma(weight[k], slab[source[k] * inner], sum);
  }
  y[t] = sum;
}
