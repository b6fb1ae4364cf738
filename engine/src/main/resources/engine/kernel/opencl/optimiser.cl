// AdamW and the moving average, as engine.kernel.AdamArgs and EmaArgs state them.

kernel void adam(
    int n,
    float beta1,
    float oneMinusBeta1,
    float beta2,
    float oneMinusBeta2,
    float sqrtCorrection2,
    float eps,
    float stepSize,
    float keep,
    float gradScale,
    global float *p,
    global const float *gradient,
    global float *m,
    global float *v) {
  int i = get_global_id(0);
  if (i >= n) {
    return;
  }
  float g = gradient[i] * gradScale;
  float mi = (beta1 * m[i]) + (oneMinusBeta1 * g);
  float vi = (beta2 * v[i]) + (oneMinusBeta2 * (g * g));
  float denominator = (sqrt(vi) / sqrtCorrection2) + eps;
  m[i] = mi;
  v[i] = vi;
  p[i] = (p[i] * keep) - (stepSize * (mi / denominator));
}

kernel void ema(
    int n, float decay_, float oneMinusDecay, global const float *p, global float *average) {
  int i = get_global_id(0);
  if (i < n) {
    average[i] = (average[i] * decay_) + (p[i] * oneMinusDecay);
  }
}

kernel void emaIncremental(
    int n, float oneMinusDecay, global const float *p, global float *average) {
  int i = get_global_id(0);
  if (i < n) {
    average[i] = fma(p[i] - average[i], oneMinusDecay, average[i]);
  }
}
