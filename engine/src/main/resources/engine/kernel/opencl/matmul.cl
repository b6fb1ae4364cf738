// Matrix products in the order of N1. Both factors are copied into panels first, [k][rows of a tile]
// and [k][columns of a tile], so that every reading is of neighbours and nothing is asked inside the
// loops; the tile is a matter of the device and never of a sum.

#define TILE_COLUMNS (TILE_VECTORS * TILE_WIDTH)

#define JOIN_(A, B) A##B
#define JOIN(A, B) JOIN_(A, B)
#if TILE_WIDTH == 1
#define VECTOR float
#define LOAD(P) (*(P))
#define STORE(V, P) (*(P) = (V))
#else
#define VECTOR JOIN(float, TILE_WIDTH)
#define LOAD(P) JOIN(vload, TILE_WIDTH)(0, (P))
#define STORE(V, P) JOIN(vstore, TILE_WIDTH)((V), 0, (P))
#endif

// out [item, panel, step, width]. Element (e, p) of a factor lies at e * stepExtent + (p / inner) *
// stepOuter + (p % inner) * stepInner; steps first to first + steps - 1 of k are copied.
#define PACK(WIDTH)                                                                   \
  int t = get_global_id(0);                                                           \
  if (t >= count) {                                                                   \
    return;                                                                           \
  }                                                                                   \
  int panels = (extent + WIDTH - 1) / WIDTH;                                          \
  int p = t % steps + first;                                                          \
  int e = t / steps % panels * WIDTH;                                                 \
  global const float *from = x + t / steps / panels * stepItem + e * stepExtent       \
      + p / inner * stepOuter + p % inner * stepInner;                                \
  global float *to = out + t * WIDTH;                                                 \
  int whole = min(WIDTH, extent - e);                                                 \
  for (int i = 0; i < whole; i++) {                                                   \
    to[i] = from[i * stepExtent];                                                     \
  }                                                                                   \
  for (int i = whole; i < WIDTH; i++) {                                               \
    to[i] = 0.0f;                                                                     \
  }

kernel void pack_rows(
    int count,
    int extent,
    int first,
    int steps,
    int inner,
    int stepExtent,
    int stepOuter,
    int stepInner,
    int stepItem,
    global const float *x,
    global float *out) {
  PACK(TILE_ROWS)
}

kernel void pack_columns(
    int count,
    int extent,
    int first,
    int steps,
    int inner,
    int stepExtent,
    int stepOuter,
    int stepInner,
    int stepItem,
    global const float *x,
    global float *out) {
  PACK(TILE_COLUMNS)
}

// One step of a tile: a row of A's panel times a row of B's.
#define STEP(A, B)                                                                    \
  {                                                                                   \
    VECTOR line[TILE_VECTORS];                                                        \
    _Pragma("unroll") for (int v = 0; v < TILE_VECTORS; v++) {                        \
      line[v] = LOAD((B) + v * TILE_WIDTH);                                           \
    }                                                                                 \
    _Pragma("unroll") for (int r = 0; r < TILE_ROWS; r++) {                           \
      VECTOR each = (VECTOR)((A)[r]);                                                 \
      _Pragma("unroll") for (int v = 0; v < TILE_VECTORS; v++) {                      \
        sum[r][v] = fma(each, line[v], sum[r][v]);                                    \
      }                                                                               \
    }                                                                                 \
  }

#define CLEAR(S)                                                                      \
  _Pragma("unroll") for (int r = 0; r < TILE_ROWS; r++) {                             \
    _Pragma("unroll") for (int v = 0; v < TILE_VECTORS; v++) {                        \
      S[r][v] = (VECTOR)(0.0f);                                                       \
    }                                                                                 \
  }

// The sum of a segment joins those before it. The first is taken as it is, for -0 + 0 is +0.
#define JOIN_SEGMENT                                                                  \
  _Pragma("unroll") for (int r = 0; r < TILE_ROWS; r++) {                             \
    _Pragma("unroll") for (int v = 0; v < TILE_VECTORS; v++) {                        \
      total[r][v] = begun ? total[r][v] + sum[r][v] : sum[r][v];                      \
    }                                                                                 \
  }                                                                                   \
  begun = 1;

// What earlier steps of k left in C.
#define RESUME                                                                        \
  for (int r = 0; r < TILE_ROWS && i + r < m; r++) {                                  \
    float part[TILE_COLUMNS];                                                         \
    for (int l = 0; l < TILE_COLUMNS; l++) {                                          \
      part[l] = j + l < n ? c[at + r * rowStep + l] : 0.0f;                           \
    }                                                                                 \
    for (int v = 0; v < TILE_VECTORS; v++) {                                          \
      total[r][v] = LOAD(part + v * TILE_WIDTH);                                      \
    }                                                                                 \
  }

#define WRITE                                                                         \
  for (int r = 0; r < TILE_ROWS && i + r < m; r++) {                                  \
    float part[TILE_COLUMNS];                                                         \
    for (int v = 0; v < TILE_VECTORS; v++) {                                          \
      STORE(total[r][v], part + v * TILE_WIDTH);                                      \
    }                                                                                 \
    for (int l = 0; l < TILE_COLUMNS && j + l < n; l++) {                             \
      float v = part[l];                                                              \
      v = biasBy == 1 ? v + bias[j + l] : v;                                          \
      c[at + r * rowStep + l] = biasBy == 2 ? v + bias[i + r] : v;                    \
    }                                                                                 \
  }

#if TILE_DEPTH == 0

// A tile for each work-item; neighbours share a panel of B. Of `repeat` products with the same
// factors each reads B `stepB` floats further on than the one before; panels of B lie `pitchB` apart.
kernel void panels(
    int count,
    int m,
    int n,
    int k,
    int itemsA,
    int itemsB,
    int more,
    int biasBy,
    int first,
    int rowStep,
    int itemStep,
    int repeat,
    int stepB,
    int pitchB,
    global const float *a,
    global const float *b,
    global const float *bias,
    global float *c) {
  int t = get_global_id(0);
  if (t >= count) {
    return;
  }
  int rows = (m + TILE_ROWS - 1) / TILE_ROWS;
  int columns = (n + TILE_COLUMNS - 1) / TILE_COLUMNS;
  int tileRow = t % rows;
  int tileColumn = t / rows % columns;
  int item = t / rows / columns;
  int i = tileRow * TILE_ROWS;
  int j = tileColumn * TILE_COLUMNS;
  int at = first + item * itemStep + i * rowStep + j;
  int factor = item / repeat;
  global const float *x = a + (factor % itemsA * rows + tileRow) * k * TILE_ROWS;
  global const float *z =
      b + (factor % itemsB * columns + tileColumn) * pitchB + item % repeat * stepB;
  VECTOR total[TILE_ROWS][TILE_VECTORS];
  VECTOR sum[TILE_ROWS][TILE_VECTORS];
  int begun = more;
  CLEAR(total)
  if (more) {
    RESUME
  }
  for (int from = 0; from < k; from += SEGMENT) {
    int end = min(k, from + SEGMENT);
    CLEAR(sum)
    for (int p = from; p < end; p++) {
      STEP(x, z)
      x += TILE_ROWS;
      z += TILE_COLUMNS;
    }
    JOIN_SEGMENT
  }
  WRITE
}

#else

#define GROUP (TILE_ACROSS * TILE_DOWN)
#define BLOCK_A (TILE_DEPTH * TILE_DOWN * TILE_ROWS)
#define BLOCK_B (TILE_DEPTH * TILE_ACROSS * TILE_COLUMNS)

// TILE_DEPTH steps of as many panels as a group uses, [step, panel, width]; what is not there is 0
// and is not used.
#define FETCH(TO, FROM, SIZE, WIDTH, PANELS, FIRST, ALL, PITCH)                       \
  for (int e = lane; e < SIZE; e += GROUP) {                                          \
    int panel = e / (WIDTH * TILE_DEPTH);                                             \
    int rest = e % (WIDTH * TILE_DEPTH);                                              \
    int inside = FIRST + panel < ALL && next + rest / WIDTH < k;                      \
    TO[(rest / WIDTH * PANELS + panel) * WIDTH + rest % WIDTH] =                      \
        inside ? FROM[(FIRST + panel) * (PITCH) + next * WIDTH + rest] : 0.0f;        \
  }

// A tile for each work-item, and a block of tiles for each group, which copies what it reads into
// local memory.
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void panels(
    int count,
    int m,
    int n,
    int k,
    int itemsA,
    int itemsB,
    int more,
    int biasBy,
    int first,
    int rowStep,
    int itemStep,
    int repeat,
    int stepB,
    int pitchB,
    global const float *a,
    global const float *b,
    global const float *bias,
    global float *c) {
  local float blockA[(1 + TILE_TWICE) * BLOCK_A];
  local float blockB[(1 + TILE_TWICE) * BLOCK_B];
  int lane = get_local_id(0);
  int group = get_group_id(0);
  int rows = (m + TILE_ROWS - 1) / TILE_ROWS;
  int columns = (n + TILE_COLUMNS - 1) / TILE_COLUMNS;
  int blocksDown = (rows + TILE_DOWN - 1) / TILE_DOWN;
  int blocksAcross = (columns + TILE_ACROSS - 1) / TILE_ACROSS;
  int firstRow = group % blocksDown * TILE_DOWN;
  int firstColumn = group / blocksDown % blocksAcross * TILE_ACROSS;
  int item = group / blocksDown / blocksAcross;
  int i = (firstRow + lane / TILE_ACROSS) * TILE_ROWS;
  int j = (firstColumn + lane % TILE_ACROSS) * TILE_COLUMNS;
  int at = first + item * itemStep + i * rowStep + j;
  int factor = item / repeat;
  global const float *x = a + factor % itemsA * rows * k * TILE_ROWS;
  global const float *z = b + factor % itemsB * columns * pitchB + item % repeat * stepB;
  VECTOR total[TILE_ROWS][TILE_VECTORS];
  VECTOR sum[TILE_ROWS][TILE_VECTORS];
  int begun = more;
  CLEAR(total)
  CLEAR(sum)
  if (more) {
    RESUME
  }
  int next = 0;
#if TILE_TWICE
  FETCH(blockA, x, BLOCK_A, TILE_ROWS, TILE_DOWN, firstRow, rows, k * TILE_ROWS)
  FETCH(blockB, z, BLOCK_B, TILE_COLUMNS, TILE_ACROSS, firstColumn, columns, pitchB)
#endif
  for (int from = 0; from < k; from += TILE_DEPTH) {
#if TILE_TWICE
    int used = from / TILE_DEPTH & 1;
    barrier(CLK_LOCAL_MEM_FENCE);
    next = from + TILE_DEPTH;
    if (next < k) {
      local float *toA = blockA + (1 - used) * BLOCK_A;
      local float *toB = blockB + (1 - used) * BLOCK_B;
      FETCH(toA, x, BLOCK_A, TILE_ROWS, TILE_DOWN, firstRow, rows, k * TILE_ROWS)
      FETCH(toB, z, BLOCK_B, TILE_COLUMNS, TILE_ACROSS, firstColumn, columns, pitchB)
    }
    local const float *u = blockA + used * BLOCK_A + lane / TILE_ACROSS * TILE_ROWS;
    local const float *w = blockB + used * BLOCK_B + lane % TILE_ACROSS * TILE_COLUMNS;
#else
    barrier(CLK_LOCAL_MEM_FENCE);
    next = from;
    FETCH(blockA, x, BLOCK_A, TILE_ROWS, TILE_DOWN, firstRow, rows, k * TILE_ROWS)
    FETCH(blockB, z, BLOCK_B, TILE_COLUMNS, TILE_ACROSS, firstColumn, columns, pitchB)
    barrier(CLK_LOCAL_MEM_FENCE);
    local const float *u = blockA + lane / TILE_ACROSS * TILE_ROWS;
    local const float *w = blockB + lane % TILE_ACROSS * TILE_COLUMNS;
#endif
    int end = min(TILE_DEPTH, k - from);
    for (int p = 0; p < end; p++) {
      STEP(u, w)
      u += TILE_DOWN * TILE_ROWS;
      w += TILE_ACROSS * TILE_COLUMNS;
    }
    if ((from + TILE_DEPTH) % SEGMENT == 0 || from + TILE_DEPTH >= k) {
      JOIN_SEGMENT
      CLEAR(sum)
    }
  }
  WRITE
}

#endif
