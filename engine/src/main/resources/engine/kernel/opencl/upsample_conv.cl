// Doubling by nearest neighbours, then 3x3: sums of weights and their gradient (N11).

void line_sums(const float *w, int at, int step, float *out, int to, int stride) {
  float w0 = w[at];
  float w1 = w[at + step];
  float w2 = w[at + 2 * step];
  out[to] = w2;
  out[to + stride] = w1 + w2;
  out[to + 2 * stride] = w0 + w1;
  out[to + 3 * stride] = w0;
}

// Sub-pixel form: the summed weights [ci, co, 4, 4].
kernel void upsample_spread(
    int count, int ci, int co, global const float *weight, global float *out) {
  int t = get_global_id(0);
  if (t >= count) {
    return;
  }
  int o = t % co;
  int i = t / co;
  float w[UPSAMPLE_TAPS];
  for (int j = 0; j < UPSAMPLE_TAPS; j++) {
    w[j] = weight[(o * ci + i) * UPSAMPLE_TAPS + j];
  }
  float s[UPSAMPLE_SPREAD];
  for (int j = 0; j < 3; j++) {
    line_sums(w, j, 3, s, j, 4);
  }
  for (int j = 0; j < 4; j++) {
    line_sums(s, j * 4, 1, s, j * 4, 1);
  }
  for (int j = 0; j < UPSAMPLE_SPREAD; j++) {
    out[t * UPSAMPLE_SPREAD + j] = s[j];
  }
}

void uses(const float *d, int at, int step, float *out, int to, int stride) {
  out[to] = d[at + 2 * step] + d[at + 3 * step];
  out[to + stride] = d[at + step] + d[at + 2 * step];
  out[to + 2 * stride] = d[at] + d[at + step];
}

kernel void upsample_gather(
    int count, int ci, int co, global const float *spread, global float *gw) {
  int t = get_global_id(0);
  if (t >= count) {
    return;
  }
  int o = t % co;
  int i = t / co;
  float d[UPSAMPLE_SPREAD];
  float tall[12];
  float w[UPSAMPLE_TAPS];
  for (int j = 0; j < UPSAMPLE_SPREAD; j++) {
    d[j] = spread[t * UPSAMPLE_SPREAD + j];
  }
  for (int j = 0; j < 4; j++) {
    uses(d, j, 4, tall, j, 4);
  }
  for (int j = 0; j < 3; j++) {
    uses(tall, j * 4, 1, w, j * 3, 1);
  }
  for (int j = 0; j < UPSAMPLE_TAPS; j++) {
    gw[(o * ci + i) * UPSAMPLE_TAPS + j] = w[j];
  }
}
