// Reading between pixels.

float pixel(global const float *x, int plane, int height, int width, int row, int column) {
  int inside = row >= 0 && row < height && column >= 0 && column < width;
  return inside ? x[plane + row * width + column] : 0.0f;
}

// Math.clamp: no number stays none.
float within(float v, float low, float high) {
  return v < low ? low : v > high ? high : v;
}

kernel void bilinear_sample(
    int n,
    int channels,
    int height,
    int width,
    int points,
    global const float *x,
    global const float *places,
    global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int at = t / points / channels * points + t % points;
  float left = within(places[2 * at], -2.0f, width);
  float top = within(places[2 * at + 1], -2.0f, height);
  int column = left != left ? 0 : (int) floor(left);
  int row = top != top ? 0 : (int) floor(top);
  float fx = left - column;
  float fy = top - row;
  int plane = t / points * height * width;
  float a = pixel(x, plane, height, width, row, column);
  float b = pixel(x, plane, height, width, row, column + 1);
  float c = pixel(x, plane, height, width, row + 1, column);
  float d = pixel(x, plane, height, width, row + 1, column + 1);
  float above = (1.0f - fx) * a + fx * b;
  float below = (1.0f - fx) * c + fx * d;
  y[t] = (1.0f - fy) * above + fy * below;
}

void put(global float *gx, int plane, int height, int width, int row, int column, float value) {
  if (row >= 0 && row < height && column >= 0 && column < width) {
    gx[plane + row * width + column] += value;
  }
}

// One work-item for each plane: its points ascending.
kernel void bilinear_grad_input(
    int n,
    int channels,
    int height,
    int width,
    int points,
    global const float *places,
    global const float *g,
    global float *gx) {
  int p = get_global_id(0);
  if (p >= n) {
    return;
  }
  int plane = p * height * width;
  for (int i = 0; i < height * width; i++) {
    gx[plane + i] = 0.0f;
  }
  for (int i = 0; i < points; i++) {
    int at = p / channels * points + i;
    float left = within(places[2 * at], -2.0f, width);
    float top = within(places[2 * at + 1], -2.0f, height);
    int column = left != left ? 0 : (int) floor(left);
    int row = top != top ? 0 : (int) floor(top);
    float fx = left - column;
    float fy = top - row;
    float above = (1.0f - fy) * g[p * points + i];
    float below = fy * g[p * points + i];
    put(gx, plane, height, width, row, column, (1.0f - fx) * above);
    put(gx, plane, height, width, row, column + 1, fx * above);
    put(gx, plane, height, width, row + 1, column, (1.0f - fx) * below);
    put(gx, plane, height, width, row + 1, column + 1, fx * below);
  }
}

kernel void bilinear_grad_places(
    int n,
    int channels,
    int height,
    int width,
    int points,
    global const float *x,
    global const float *places,
    global const float *g,
    global float *gp) {
  int i = get_global_id(0);
  if (i >= n) {
    return;
  }
  float left = within(places[2 * i], -2.0f, width);
  float top = within(places[2 * i + 1], -2.0f, height);
  int column = left != left ? 0 : (int) floor(left);
  int row = top != top ? 0 : (int) floor(top);
  float fx = left - column;
  float fy = top - row;
  float alongColumns = 0.0f;
  float alongRows = 0.0f;
  for (int c = 0; c < channels; c++) {
    int first = i / points * channels + c;
    int plane = first * height * width;
    float slope = g[first * points + i % points];
    float p00 = pixel(x, plane, height, width, row, column);
    float p01 = pixel(x, plane, height, width, row, column + 1);
    float p10 = pixel(x, plane, height, width, row + 1, column);
    float p11 = pixel(x, plane, height, width, row + 1, column + 1);
    float u = (1.0f - fy) * (p01 - p00) + fy * (p11 - p10);
    float v = (1.0f - fx) * (p10 - p00) + fx * (p11 - p01);
    alongColumns = fma(slope, u, alongColumns);
    alongRows = fma(slope, v, alongRows);
  }
  gp[2 * i] = alongColumns;
  gp[2 * i + 1] = alongRows;
}
