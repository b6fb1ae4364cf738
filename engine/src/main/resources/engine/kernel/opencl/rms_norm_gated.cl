// The gated RMS norm of rows (N6).

// y holds u, then u * rstd. Elements change hands where groups are no multiple of the lanes.
kernel void rms_norm(
    int rows,
    int width,
    int group,
    float eps,
    int after,
    int hasZ,
    global const float *x,
    global const float *z,
    global const float *weight,
    global float *y,
    global float *rstd) {
  ROW_OF(row, rows)
  int at = row * width;
  int groups = width / group;
  for (int i = ROW_LANE; live && i < width; i += ROW_LANES) {
    y[at + i] = hasZ && !after ? x[at + i] * n_silu(z[at + i]) : x[at + i];
  }
  ROW_FENCE
  for (int k = 0; k < groups; k++) {
    int first = at + k * group;
    float sum;
    ROW_SUM(sum, group, i, y[first + i] * y[first + i]);
    float scale = 1.0f / sqrt(sum / group + eps);
    if (live && ROW_LANE == 0) {
      rstd[row * groups + k] = scale;
    }
    for (int i = first + ROW_LANE; live && i < first + group; i += ROW_LANES) {
      y[i] = scale * y[i];
    }
  }
  ROW_FENCE
  for (int i = ROW_LANE; live && i < width; i += ROW_LANES) {
    float v = y[at + i] * weight[i];
    y[at + i] = hasZ && after ? v * n_silu(z[at + i]) : v;
  }
}

float rms_u(int gated, int after, global const float *x, global const float *z, int i, float r) {
  float u = gated && !after ? x[i] * n_silu(z[i]) : x[i];
  return r * u;
}

float rms_outer(int gated, int after, global const float *g, global const float *z, int i) {
  return gated && after ? g[i] * n_silu(z[i]) : g[i];
}

kernel void rms_norm_grad(
    int rows,
    int width,
    int group,
    int after,
    int hasZ,
    int wantsZ,
    global const float *x,
    global const float *z,
    global const float *weight,
    global const float *rstd,
    global const float *g,
    global float *gx,
    global float *gz,
    global float *terms) {
  ROW_OF(row, rows)
  int at = row * width;
  int groups = width / group;
  for (int k = 0; k < groups; k++) {
    int first = at + k * group;
    float r = rstd[row * groups + k];
    float dot_;
    ROW_SUM(dot_, group, i,
        (rms_outer(hasZ, after, g, z, first + i) * weight[first - at + i])
            * rms_u(hasZ, after, x, z, first + i, r));
    float minus = -(dot_ / group);
    for (int i = first + ROW_LANE; live && i < first + group; i += ROW_LANES) {
      float u = rms_u(hasZ, after, x, z, i, r);
      float outer = rms_outer(hasZ, after, g, z, i);
      terms[i] = outer * u;
      float gn = outer * weight[i - at];
      gn += minus * u;
      float gu = r * gn;
      float gradGate = 0.0f;
      if (hasZ && after) {
        gradGate = g[i] * (u * weight[i - at]);
      } else if (hasZ) {
        gradGate = gu * x[i];
        gu = gu * n_silu(z[i]);
      }
      gx[i] = gu;
      if (wantsZ) {
        gz[i] = silu_grad(z[i], gradGate);
      }
    }
  }
}
