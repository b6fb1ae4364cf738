// Convolutions in the order of N3. Those of one group become products of panels (matmul.cl): the
// patches that a block of results reads are copied into panels of columns, a part at a time.

#define TILE_COLUMNS (TILE_VECTORS * TILE_WIDTH)

// source: where it begins, T, H, W, first position, positions, H and W of the results.
// taps: all of them with channels, KT, KH, KW, their direction (1 or -1).
// steps: T, H, W of a position, offsets of position 0 and tap 0.
// Element (k, position) is x[ci, t * step + offset + direction * kt, ...], 0 outside; out [panel, k,
// column].
kernel void pack_patches(
    int count, int8 source, int8 taps, int8 steps, global const float *x, global float *out) {
  int t_ = get_global_id(0);
  if (t_ >= count) {
    return;
  }
  int k = t_ % taps.s0;
  int first = t_ / taps.s0 * TILE_COLUMNS;
  int whole = min(TILE_COLUMNS, source.s5 - first);
  int position = source.s4 + first;
  int ci = k / (taps.s1 * taps.s2 * taps.s3);
  int offT = steps.s3 + taps.s4 * (k / (taps.s2 * taps.s3) % taps.s1);
  int offH = steps.s4 + taps.s4 * (k / taps.s3 % taps.s2);
  int offW = steps.s5 + taps.s4 * (k % taps.s3);
  int w = position % source.s7;
  int h = position / source.s7 % source.s6;
  int t = position / (source.s7 * source.s6);
  global float *to = out + t_ * TILE_COLUMNS;
  int i = 0;
  while (i < whole) {
    int ti = t * steps.s0 + offT;
    int hi = h * steps.s1 + offH;
    int inside = ti >= 0 && ti < source.s1 && hi >= 0 && hi < source.s2;
    int line = source.s0 + ((ci * source.s1 + ti) * source.s2 + hi) * source.s3;
    int end = min(whole, i + source.s7 - w);
    int wi = w * steps.s2 + offW;
    int last = wi + (end - i - 1) * steps.s2;
    if (inside && steps.s2 == 1 && wi >= 0 && last < source.s3) {
      global const float *from = x + line + wi;
      for (int l = 0; l < end - i; l++) {
        to[i + l] = from[l];
      }
    } else {
      for (int l = 0; l < end - i; l++) {
        int at = wi + l * steps.s2;
        to[i + l] = inside && at >= 0 && at < source.s3 ? x[line + at] : 0.0f;
      }
    }
    i = end;
    w = 0;
    h++;
    if (h == source.s6) {
      h = 0;
      t++;
    }
  }
  for (; i < TILE_COLUMNS; i++) {
    to[i] = 0.0f;
  }
}

// What convolutions are told, packed in three vectors.
#define N_ sizes.s0
#define CI sizes.s1
#define T_ sizes.s2
#define H_ sizes.s3
#define W_ sizes.s4
#define CO sizes.s5
#define GROUPS sizes.s6
#define KT kernels.s0
#define KH kernels.s1
#define KW kernels.s2
#define ST kernels.s3
#define SH kernels.s4
#define SW kernels.s5
#define PT kernels.s6
#define PH kernels.s7
#define PW outs.s0
#define TO outs.s1
#define HO outs.s2
#define WO outs.s3

// The patches with positions as steps of k and (ci, kt, kh, kw) as columns, for the gradient by the
// weights: out [panel, position, column], positions from first on of (n, to, ho, wo). A work-item
// copies PATCH_ROWS of them, for which it finds once where its columns lie.
kernel void pack_patch_rows(
    int count,
    int8 sizes,
    int8 kernels,
    int8 outs,
    int first,
    int positions,
    global const float *x,
    global float *out) {
  int id = get_global_id(0);
  if (id >= count) {
    return;
  }
  int runs = (positions + PATCH_ROWS - 1) / PATCH_ROWS;
  int from = id % runs * PATCH_ROWS;
  int end = min(positions, from + PATCH_ROWS);
  int column = id / runs * TILE_COLUMNS;
  int taps = KT * KH * KW;
  int whole = min(TILE_COLUMNS, CI * taps - column);
  int offsets[TILE_COLUMNS];
  int kts[TILE_COLUMNS];
  int khs[TILE_COLUMNS];
  int kws[TILE_COLUMNS];
  for (int i = 0; i < TILE_COLUMNS; i++) {
    int ci = (column + i) / taps;
    kts[i] = (column + i) / (KW * KH) % KT;
    khs[i] = (column + i) / KW % KH;
    kws[i] = (column + i) % KW;
    offsets[i] = ((ci * T_ + kts[i]) * H_ + khs[i]) * W_ + kws[i];
  }
  for (int p = from; p < end; p++) {
    int position = first + p;
    int wi = position % WO * SW - PW;
    int hi = position / WO % HO * SH - PH;
    int ti = position / (WO * HO) % TO * ST - PT;
    int n = position / (WO * HO * TO);
    global const float *at = x + ((n * CI * T_ + ti) * H_ + hi) * W_ + wi;
    global float *to = out + (id / runs * positions + p) * TILE_COLUMNS;
    int inside = ti >= 0 && ti + KT <= T_ && hi >= 0 && hi + KH <= H_ && wi >= 0 && wi + KW <= W_;
    if (inside && whole == TILE_COLUMNS) {
      for (int i = 0; i < TILE_COLUMNS; i++) {
        to[i] = at[offsets[i]];
      }
    } else {
      for (int i = 0; i < TILE_COLUMNS; i++) {
        int t = ti + kts[i];
        int h = hi + khs[i];
        int w = wi + kws[i];
        int seen = i < whole && t >= 0 && t < T_ && h >= 0 && h < H_ && w >= 0 && w < W_;
        to[i] = seen ? at[offsets[i]] : 0.0f;
      }
    }
  }
}

// With several groups: STRIP neighbours, a float16, of a row of results for each
// work-item.
kernel void conv3d(
    int count,
    int8 sizes,
    int8 kernels,
    int8 outs,
    int hasBias,
    global const float *x,
    global const float *weight,
    global const float *bias,
    global float *y) {
  int t = get_global_id(0);
  if (t >= count) {
    return;
  }
  int strips = (WO + STRIP - 1) / STRIP;
  int wo = t % strips * STRIP;
  int r = t / strips;
  int ho = r % HO;
  int to = r / HO % TO;
  int co = r / (HO * TO) % CO;
  int n = r / (HO * TO * CO);
  int groupIn = CI / GROUPS;
  int channel = n * CI + co / (CO / GROUPS) * groupIn;
  global const float *w = weight + co * groupIn * KT * KH * KW;
  float16 total = 0.0f;
  float16 open = 0.0f;
  int k = 0;
  for (int ci = 0; ci < groupIn; ci++) {
    for (int kt = 0; kt < KT; kt++) {
      int ti = to * ST + kt - PT;
      for (int kh = 0; kh < KH; kh++) {
        int hi = ho * SH + kh - PH;
        int inside = ti >= 0 && ti < T_ && hi >= 0 && hi < H_;
        global const float *line = x + (((channel + ci) * T_ + ti) * H_ + hi) * W_;
        for (int kw = 0; kw < KW; kw++, k++) {
          if (k > 0 && k % SEGMENT == 0) {
            total = k == SEGMENT ? open : total + open;
            open = 0.0f;
          }
          int wi = wo * SW + kw - PW;
          float16 v;
          if (inside && SW == 1 && wi >= 0 && wi + STRIP <= W_) {
            v = vload16(0, line + wi);
          } else {
            float each[STRIP];
            for (int l = 0; l < STRIP; l++) {
              int at = wi + l * SW;
              each[l] = inside && at >= 0 && at < W_ ? line[at] : 0.0f;
            }
            v = vload16(0, each);
          }
          open = fma((float16)(*w++), v, open);
        }
      }
    }
  }
  total = k <= SEGMENT ? open : total + open;
  float out[STRIP];
  vstore16(total, 0, out);
  for (int l = 0; l < STRIP && wo + l < WO; l++) {
    y[r * WO + wo + l] = hasBias ? out[l] + bias[co] : out[l];
  }
}

int floorDiv(int a, int b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

// One input for each work-item; taps off the stride grid do not exist.
kernel void conv3d_grad_input(
    int count,
    int8 sizes,
    int8 kernels,
    int8 outs,
    int hasBias,
    global const float *g,
    global const float *weight,
    global const float *bias,
    global float *gx) {
  int i = get_global_id(0);
  if (i >= count) {
    return;
  }
  int w = i % W_;
  int h = i / W_ % H_;
  int t = i / (W_ * H_) % T_;
  int ci = i / (W_ * H_ * T_) % CI;
  int n = i / (W_ * H_ * T_ * CI);
  int groupIn = CI / GROUPS;
  int groupOut = CO / GROUPS;
  int group = ci / groupIn;
  int k = 0;
  float total = 0.0f;
  float open = 0.0f;
  for (int c = 0; c < groupOut; c++) {
    int co = group * groupOut + c;
    int wAt = (co * groupIn + ci % groupIn) * KT * KH * KW;
    for (int kt = (t % ST + PT) % ST; kt < KT; kt += ST) {
      int to = floorDiv(t + PT - kt, ST);
      for (int kh = (h % SH + PH) % SH; kh < KH; kh += SH) {
        int ho = floorDiv(h + PH - kh, SH);
        int inside = to >= 0 && to < TO && ho >= 0 && ho < HO;
        int line = (((n * CO + co) * TO + to) * HO + ho) * WO;
        for (int kw = (w % SW + PW) % SW; kw < KW; kw += SW, k++) {
          if (k > 0 && k % SEGMENT == 0) {
            total = k == SEGMENT ? open : total + open;
            open = 0.0f;
          }
          int wo = floorDiv(w + PW - kw, SW);
          float v = inside && wo >= 0 && wo < WO ? g[line + wo] : 0.0f;
          open = fma(weight[wAt + (kt * KH + kh) * KW + kw], v, open);
        }
      }
    }
  }
  total = k <= SEGMENT ? open : total + open;
  gx[i] = hasBias ? total + bias[ci] : total;
}

// One weight for each work-item.
kernel void conv3d_grad_weight(
    int count,
    int8 sizes,
    int8 kernels,
    int8 outs,
    global const float *x,
    global const float *g,
    global float *gw) {
  int i = get_global_id(0);
  if (i >= count) {
    return;
  }
  int groupIn = CI / GROUPS;
  int kw = i % KW;
  int kh = i / KW % KH;
  int kt = i / (KW * KH) % KT;
  int c = i / (KW * KH * KT) % groupIn;
  int co = i / (KW * KH * KT * groupIn);
  int ci = co / (CO / GROUPS) * groupIn + c;
  int k = 0;
  float total = 0.0f;
  float open = 0.0f;
  for (int n = 0; n < N_; n++) {
    global const float *out = g + (n * CO + co) * TO * HO * WO;
    for (int to = 0; to < TO; to++) {
      int t = to * ST + kt - PT;
      for (int ho = 0; ho < HO; ho++) {
        int h = ho * SH + kh - PH;
        int inside = t >= 0 && t < T_ && h >= 0 && h < H_;
        int line = (((n * CI + ci) * T_ + t) * H_ + h) * W_;
        for (int wo = 0; wo < WO; wo++, k++) {
          if (k > 0 && k % SEGMENT == 0) {
            total = k == SEGMENT ? open : total + open;
            open = 0.0f;
          }
          int w = wo * SW + kw - PW;
          open = fma(inside && w >= 0 && w < W_ ? x[line + w] : 0.0f, *out++, open);
        }
      }
    }
  }
  gw[i] = k <= SEGMENT ? open : total + open;
}
