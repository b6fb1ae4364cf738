// Attention in a window, as engine.kernel.AttentionArgs counts keys.

#define LENGTH sizes.s1
#define HEADS sizes.s2
#define DIM sizes.s3
#define BACK sizes.s4
#define FORWARD sizes.s5
#define WINDOW sizes.s6
#define BATCH sizes.s0
#define LOOK_BACK looks.s0
#define LOOK_FORWARD looks.s1
#define VERSIONS looks.s2

int firstKey(int8 sizes, int4 looks, int i) {
  return max(max(0, i - BACK), (i / WINDOW - LOOK_BACK) * WINDOW);
}

int endKey(int8 sizes, int4 looks, int i) {
  return min(min(LENGTH, i + FORWARD + 1), (i / WINDOW + LOOK_FORWARD + 1) * WINDOW);
}

int keyRow(int8 sizes, int4 looks, int b, int i, int j) {
  int version = VERSIONS == 1 ? 0 : j / WINDOW - i / WINDOW + LOOK_BACK;
  return ((version * BATCH + b) * LENGTH + j) * HEADS * DIM;
}

kernel void window_scores(
    int n,
    int8 sizes,
    int4 looks,
    float scale,
    float absent,
    global const float *q,
    global const float *k,
    global float *scores) {
  int at = get_global_id(0);
  if (at >= n) {
    return;
  }
  int slots = BACK + FORWARD + 1;
  int r = at % slots;
  int t = at / slots;
  int i = t % LENGTH;
  int h = t / LENGTH % HEADS;
  int b = t / (LENGTH * HEADS);
  int j = i + r - BACK;
  if (j < firstKey(sizes, looks, i) || j >= endKey(sizes, looks, i)) {
    scores[at] = absent;
    return;
  }
  global const float *query = q + (b * LENGTH + i) * HEADS * DIM + h * DIM;
  global const float *key = k + keyRow(sizes, looks, b, i, j) + h * DIM;
  float total;
  DOT(total, DIM, c, query[c], key[c]);
  scores[at] = total * scale;
}

kernel void window_apply(
    int n, int8 sizes, int4 looks, float scale, global const float *a, global const float *x, global float *y) {
  int at = get_global_id(0);
  if (at >= n) {
    return;
  }
  int slots = BACK + FORWARD + 1;
  int c = at % (HEADS * DIM);
  int h = c / DIM;
  int i = at / (HEADS * DIM) % LENGTH;
  int b = at / (HEADS * DIM) / LENGTH;
  int table = ((b * HEADS + h) * LENGTH + i) * slots + BACK - i;
  int first = firstKey(sizes, looks, i);
  float total;
  DOT(total, endKey(sizes, looks, i) - first, m, a[table + first + m],
      x[keyRow(sizes, looks, b, i, first + m) + c]);
  y[at] = total * scale;
}

kernel void window_gather(
    int n, int8 sizes, int4 looks, float scale, global const float *a, global const float *x, global float *y) {
  int at = get_global_id(0);
  if (at >= n) {
    return;
  }
  int slots = BACK + FORWARD + 1;
  int c = at % (HEADS * DIM);
  int h = c / DIM;
  int j = at / (HEADS * DIM) % LENGTH;
  int b = at / (HEADS * DIM * LENGTH) % BATCH;
  int v = at / (HEADS * DIM * LENGTH) / BATCH;
  int low = VERSIONS > 1 ? j / WINDOW - v + LOOK_BACK : j / WINDOW - LOOK_FORWARD;
  int high = VERSIONS > 1 ? low : j / WINDOW + LOOK_BACK;
  int first = max(max(0, j - FORWARD), low * WINDOW);
  int end = min(min(LENGTH, j + BACK + 1), (high + 1) * WINDOW);
  int table = (b * HEADS + h) * LENGTH;
  float total;
  DOT(total, max(0, end - first), m, a[(table + first + m) * slots + j - first - m + BACK],
      x[(b * LENGTH + first + m) * HEADS * DIM + c]);
  y[at] = total * scale;
}
