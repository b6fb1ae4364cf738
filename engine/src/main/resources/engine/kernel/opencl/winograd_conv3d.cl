// Winograd's F(4x4,3x3) (N11): tiles and weights into panels, results out of them. The lines are
// those of ScalarWinogradLines, which says what they are.

#define TILE_COLUMNS (TILE_VECTORS * TILE_WIDTH)

void weight_line(const float *g, int at, int step, float *u, int to, int stride) {
  float g0 = g[at];
  float g1 = g[at + step];
  float g2 = g[at + 2 * step];
  float near = fma(WINOGRAD_NEAR_2, g2, g0);
  float far = fma(WINOGRAD_FAR_2, g2, g0);
  u[to] = WINOGRAD_AT_ZERO * g0;
  u[to + stride] = WINOGRAD_AT_NEAR * fma(WINOGRAD_NEAR, g1, near);
  u[to + 2 * stride] = WINOGRAD_AT_NEAR * fma(-WINOGRAD_NEAR, g1, near);
  u[to + 3 * stride] = WINOGRAD_AT_FAR * fma(WINOGRAD_FAR, g1, far);
  u[to + 4 * stride] = WINOGRAD_AT_FAR * fma(-WINOGRAD_FAR, g1, far);
  u[to + 5 * stride] = g2;
}

void input_line(float *d, int at, int step) {
  float d1 = d[at + step];
  float d2 = d[at + 2 * step];
  float d3 = d[at + 3 * step];
  float d4 = d[at + 4 * step];
  float f0 = fma(-WINOGRAD_FAR_2, d[at], d2);
  float f1 = fma(-WINOGRAD_FAR_2, d1, d3);
  float f2 = fma(-WINOGRAD_FAR_2, d2, d4);
  float f3 = fma(-WINOGRAD_FAR_2, d3, d[at + 5 * step]);
  float n1 = fma(-WINOGRAD_NEAR_2, d1, d3);
  float n2 = fma(-WINOGRAD_NEAR_2, d2, d4);
  d[at] = fma(-WINOGRAD_NEAR_2, f0, f2);
  d[at + step] = fma(WINOGRAD_NEAR, f1, f2);
  d[at + 2 * step] = fma(-WINOGRAD_NEAR, f1, f2);
  d[at + 3 * step] = fma(WINOGRAD_FAR, n1, n2);
  d[at + 4 * step] = fma(-WINOGRAD_FAR, n1, n2);
  d[at + 5 * step] = fma(-WINOGRAD_NEAR_2, f1, f3);
}

void result_line(const float *m, int at, int step, float *y, int to, int stride) {
  float nearSum = m[at + step] + m[at + 2 * step];
  float nearDifference = m[at + step] - m[at + 2 * step];
  float farSum = m[at + 3 * step] + m[at + 4 * step];
  float farDifference = m[at + 3 * step] - m[at + 4 * step];
  float last = fma(WINOGRAD_FAR_3, farDifference, m[at + 5 * step]);
  y[to] = (m[at] + nearSum) + farSum;
  y[to + stride] = fma(WINOGRAD_NEAR, nearDifference, WINOGRAD_FAR * farDifference);
  y[to + 2 * stride] = fma(WINOGRAD_NEAR_2, nearSum, WINOGRAD_FAR_2 * farSum);
  y[to + 3 * stride] = fma(WINOGRAD_NEAR_3, nearDifference, last);
}

// Winograd: transformed weights as panels of rows, [point, panel, k, co], k = (time tap, ci).
kernel void winograd_weights(
    int count, int ci, int co, int kt, int mirrored, global const float *weight, global float *u) {
  int t = get_global_id(0);
  if (t >= count) {
    return;
  }
  int k = t % (kt * ci);
  int out = t / (kt * ci);
  int in = k % ci;
  int tap = k / ci;
  int at = mirrored ? ((in * co + out) * kt + kt - 1 - tap) * WINOGRAD_TAPS : ((out * ci + in) * kt + tap) * WINOGRAD_TAPS;
  float g[WINOGRAD_TAPS];
  for (int i = 0; i < WINOGRAD_TAPS; i++) {
    g[i] = weight[at + (mirrored ? WINOGRAD_TAPS - 1 - i : i)];
  }
  float columns[WINOGRAD_SIDE * 3];
  for (int j = 0; j < 3; j++) {
    weight_line(g, j, 3, columns, j, 3);
  }
  float points[WINOGRAD_POINTS];
  for (int i = 0; i < WINOGRAD_SIDE; i++) {
    weight_line(columns, i * 3, 1, points, i * WINOGRAD_SIDE, 1);
  }
  int panels = (co + TILE_ROWS - 1) / TILE_ROWS;
  for (int p = 0; p < WINOGRAD_POINTS; p++) {
    int panel = p * panels + out / TILE_ROWS;
    u[(panel * kt * ci + k) * TILE_ROWS + out % TILE_ROWS] = points[p];
  }
}

// Transformed inputs of some tiles as panels of columns: v [point, panel, step, tile], steps =
// (frame, channel) over all frames that the results read, those before the first of x included.
kernel void winograd_inputs(
    int count,
    int8 sizes,
    int front,
    int top,
    int left,
    int columns,
    int item,
    int first,
    int tiles,
    int steps,
    global const float *x,
    global float *v) {
  int id = get_global_id(0);
  if (id >= count) {
    return;
  }
  int part = id % tiles;
  int tile = first + part;
  int step = id / tiles;
  int t = step / CI - front;
  int inside = t >= 0 && t < T_;
  int h = WINOGRAD_OUTPUTS * (tile / columns) - top;
  int w = WINOGRAD_OUTPUTS * (tile % columns) - left;
  global const float *from = x + (item * CI + step % CI) * T_ * H_ * W_ + (t * H_ + h) * W_ + w;
  float d[WINOGRAD_POINTS];
  if (inside && h >= 0 && h + WINOGRAD_SIDE <= H_ && w >= 0 && w + WINOGRAD_SIDE <= W_) {
    for (int i = 0; i < WINOGRAD_SIDE; i++) {
      for (int j = 0; j < WINOGRAD_SIDE; j++) {
        d[i * WINOGRAD_SIDE + j] = from[i * W_ + j];
      }
    }
  } else {
    for (int i = 0; i < WINOGRAD_SIDE; i++) {
      for (int j = 0; j < WINOGRAD_SIDE; j++) {
        int seen = inside && h + i >= 0 && h + i < H_ && w + j >= 0 && w + j < W_;
        d[i * WINOGRAD_SIDE + j] = seen ? from[i * W_ + j] : 0.0f;
      }
    }
  }
  for (int j = 0; j < WINOGRAD_SIDE; j++) {
    input_line(d, j, WINOGRAD_SIDE);
  }
  for (int i = 0; i < WINOGRAD_SIDE; i++) {
    input_line(d, i * WINOGRAD_SIDE, 1);
  }
  int point = (tiles + TILE_COLUMNS - 1) / TILE_COLUMNS * steps * TILE_COLUMNS;
  global float *to =
      v + (part / TILE_COLUMNS * steps + step) * TILE_COLUMNS + part % TILE_COLUMNS;
  for (int p = 0; p < WINOGRAD_POINTS; p++) {
    to[p * point] = d[p];
  }
}

// Results of some tiles of all frames from products m [point, frame, co, tile].
kernel void winograd_results(
    int count,
    int co,
    int frames,
    int ho,
    int wo,
    int columns,
    int item,
    int first,
    int tiles,
    int hasBias,
    global const float *m,
    global const float *bias,
    global float *y) {
  int id = get_global_id(0);
  if (id >= count) {
    return;
  }
  int tile = first + id % tiles;
  int frame = id / tiles / co;
  int c = id / tiles % co;
  int point = frames * co * tiles;
  float d[WINOGRAD_POINTS];
  for (int p = 0; p < WINOGRAD_POINTS; p++) {
    d[p] = m[p * point + id];
  }
  float rows[WINOGRAD_OUTPUTS * WINOGRAD_SIDE];
  for (int j = 0; j < WINOGRAD_SIDE; j++) {
    result_line(d, j, WINOGRAD_SIDE, rows, j, WINOGRAD_SIDE);
  }
  float out[WINOGRAD_OUTPUTS * WINOGRAD_OUTPUTS];
  for (int i = 0; i < WINOGRAD_OUTPUTS; i++) {
    result_line(rows, i * WINOGRAD_SIDE, 1, out, i * WINOGRAD_OUTPUTS, 1);
  }
  int h = WINOGRAD_OUTPUTS * (tile / columns);
  int w = WINOGRAD_OUTPUTS * (tile % columns);
  int at = (((item * co + c) * frames + frame) * ho + h) * wo + w;
  for (int i = 0; i < WINOGRAD_OUTPUTS; i++) {
    for (int j = 0; j < WINOGRAD_OUTPUTS; j++) {
      if (h + i < ho && w + j < wo) {
        float value = out[i * WINOGRAD_OUTPUTS + j];
        y[at + i * wo + j] = hasBias ? value + bias[c] : value;
      }
    }
  }
}
