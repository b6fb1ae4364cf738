// Winograd's F(2x2,3x3) (N11): tiles and weights into panels, results out of them.

#define TILE_COLUMNS (TILE_VECTORS * TILE_WIDTH)

void weight_line(const float *g, int at, int step, float *out, int to, int stride) {
  float ends = g[at] + g[at + 2 * step];
  float middle = g[at + step];
  float last = g[at + 2 * step];
  out[to] = g[at];
  out[to + stride] = 0.5f * (ends + middle);
  out[to + 2 * stride] = 0.5f * (ends - middle);
  out[to + 3 * stride] = last;
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
  float points[WINOGRAD_POINTS];
  for (int j = 0; j < 3; j++) {
    weight_line(g, j, 3, points, j, 4);
  }
  for (int i = 0; i < 4; i++) {
    weight_line(points, i * 4, 1, points, i * 4, 1);
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
  int h = 2 * (tile / columns) - top;
  int w = 2 * (tile % columns) - left;
  global const float *from = x + (item * CI + step % CI) * T_ * H_ * W_ + (t * H_ + h) * W_ + w;
  float d[WINOGRAD_POINTS];
  if (inside && h >= 0 && h + 4 <= H_ && w >= 0 && w + 4 <= W_) {
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        d[i * 4 + j] = from[i * W_ + j];
      }
    }
  } else {
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        int seen = inside && h + i >= 0 && h + i < H_ && w + j >= 0 && w + j < W_;
        d[i * 4 + j] = seen ? from[i * W_ + j] : 0.0f;
      }
    }
  }
  for (int j = 0; j < 4; j++) {
    float d0 = d[j];
    float d1 = d[4 + j];
    float d2 = d[8 + j];
    float d3 = d[12 + j];
    d[j] = d0 - d2;
    d[4 + j] = d1 + d2;
    d[8 + j] = d2 - d1;
    d[12 + j] = d1 - d3;
  }
  int point = (tiles + TILE_COLUMNS - 1) / TILE_COLUMNS * steps * TILE_COLUMNS;
  global float *to =
      v + (part / TILE_COLUMNS * steps + step) * TILE_COLUMNS + part % TILE_COLUMNS;
  for (int i = 0; i < 4; i++) {
    float d0 = d[i * 4];
    float d1 = d[i * 4 + 1];
    float d2 = d[i * 4 + 2];
    float d3 = d[i * 4 + 3];
    to[i * 4 * point] = d0 - d2;
    to[(i * 4 + 1) * point] = d1 + d2;
    to[(i * 4 + 2) * point] = d2 - d1;
    to[(i * 4 + 3) * point] = d1 - d3;
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
  float s[8];
  for (int j = 0; j < 4; j++) {
    float m0 = m[j * point + id];
    float m1 = m[(4 + j) * point + id];
    float m2 = m[(8 + j) * point + id];
    float m3 = m[(12 + j) * point + id];
    s[j] = (m0 + m1) + m2;
    s[4 + j] = (m1 - m2) - m3;
  }
  int h = 2 * (tile / columns);
  int w = 2 * (tile % columns);
  for (int i = 0; i < 2 && h + i < ho; i++) {
    int at = (((item * co + c) * frames + frame) * ho + h + i) * wo + w;
    float y0 = (s[i * 4] + s[i * 4 + 1]) + s[i * 4 + 2];
    float y1 = (s[i * 4 + 1] - s[i * 4 + 2]) - s[i * 4 + 3];
    y[at] = hasBias ? y0 + bias[c] : y0;
    if (w + 1 < wo) {
      y[at + 1] = hasBias ? y1 + bias[c] : y1;
    }
  }
}
