// Gated RMS norms of several walks, added (N6, N11).

// The walks of a token, added.
kernel void rms_merge(
    int clipsTokens,
    int width,
    float eps,
    int gateStride,
    int gateOffset,
    int perSum,
    int walks,
    int tokens,
    global const int *position,
    global const float *x,
    global const float *z,
    global const float *weight,
    global float *y,
    global float *rstd) {
  ROW_OF(t, clipsTokens)
  global const float *gate = z + t * gateStride + gateOffset;
  for (int walk = 0; walk < walks; walk++) {
    int row = walk_row(walks, tokens, position, walk, t);
    global const float *in = x + row * width;
    float sum;
    ROW_SUM(sum, width, i, (in[i] * n_silu(gate[i])) * (in[i] * n_silu(gate[i])));
    float r = 1.0f / sqrt(sum / width + eps);
    if (live && ROW_LANE == 0) {
      rstd[row] = r;
    }
    int at = (walk / perSum * clipsTokens + t) * width;
    for (int i = ROW_LANE; live && i < width; i += ROW_LANES) {
      float u = r * (in[i] * n_silu(gate[i]));
      float v = u * weight[i];
      y[at + i] = walk % perSum == 0 ? v : y[at + i] + v;
    }
  }
}

// gradGate [tokens, width] is scratch.
kernel void rms_merge_grad(
    int clipsTokens,
    int width,
    int gateStride,
    int gateOffset,
    int perSum,
    int walks,
    int tokens,
    global const int *position,
    global const float *x,
    global const float *z,
    global const float *weight,
    global const float *rstd,
    global const float *g,
    global float *gx,
    global float *gz,
    global float *terms,
    global float *gradGate) {
  ROW_OF(t, clipsTokens)
  global const float *gate = z + t * gateStride + gateOffset;
  for (int i = ROW_LANE; live && i < width; i += ROW_LANES) {
    terms[t * width + i] = 0.0f;
    gradGate[t * width + i] = 0.0f;
  }
  for (int walk = 0; walk < walks; walk++) {
    int row = walk_row(walks, tokens, position, walk, t);
    global const float *in = x + row * width;
    global const float *out = g + (walk / perSum * clipsTokens + t) * width;
    float r = rstd[row];
    float dot_;
    ROW_SUM(dot_, width, i, (out[i] * weight[i]) * (r * (in[i] * n_silu(gate[i]))));
    float minus = -(dot_ / width);
    for (int i = ROW_LANE; live && i < width; i += ROW_LANES) {
      float s = n_silu(gate[i]);
      float u = r * (in[i] * s);
      terms[t * width + i] += out[i] * u;
      float gn = out[i] * weight[i];
      gn += minus * u;
      gn = r * gn;
      gradGate[t * width + i] += gn * in[i];
      gx[row * width + i] = gn * s;
    }
  }
  for (int i = ROW_LANE; live && i < width; i += ROW_LANES) {
    gz[t * gateStride + gateOffset + i] = silu_grad(gate[i], gradGate[t * width + i]);
  }
}
