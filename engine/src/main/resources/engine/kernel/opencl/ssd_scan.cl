// The state space scan (N9). sizes: batch, length, heads, headDim, groups, state, chunk, longest; rows: elements from
// one step of x, and of B and C, to the next, and where B and C begin in theirs.
#define BATCH sizes.s0
#define LENGTH sizes.s1
#define HEADS sizes.s2
#define P_ sizes.s3
#define GROUPS sizes.s4
#define STATE sizes.s5
#define CHUNK sizes.s6
#define LONGEST sizes.s7
#define X_ROW rows.s0
#define BC_ROW rows.s1
#define B_AT rows.s2
#define C_AT rows.s3
#define CHUNKS ((LENGTH + CHUNK - 1) / CHUNK)

#define STEPS(c) min(CHUNK, LENGTH - (c) * CHUNK)
#define AT_X(b, l, h) (((b) * LENGTH + (l)) * X_ROW + (h) * P_)
#define AT_Y(b, l, h) ((((b) * LENGTH + (l)) * HEADS + (h)) * P_)
#define AT_B(b, l, g) (B_AT + ((b) * LENGTH + (l)) * BC_ROW + (g) * STATE)
#define AT_C(b, l, g) (C_AT + ((b) * LENGTH + (l)) * BC_ROW + (g) * STATE)
#define GROUP(h) ((h) / (HEADS / GROUPS))

// cs, grow, fade and fadeDt [batch, heads, length] of a chunk of a head for each work-item.
kernel void ssd_steps(
    int n,
    int8 sizes,
    global const float *dt,
    global const float *a,
    global float *cs,
    global float *grow,
    global float *fade,
    global float *fadeDt) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int c = t % CHUNKS;
  int h = t / CHUNKS % HEADS;
  int b = t / CHUNKS / HEADS;
  int at = (b * HEADS + h) * LENGTH + c * CHUNK;
  int q = STEPS(c);
  float sum = 0.0f;
  for (int i = 0; i < q; i++) {
    sum += dt[(b * LENGTH + c * CHUNK + i) * HEADS + h] * a[h];
    cs[at + i] = sum;
    grow[at + i] = n_exp(sum);
  }
  for (int i = 0; i < q; i++) {
    float f = n_exp(cs[at + q - 1] - cs[at + i]);
    fade[at + i] = f;
    fadeDt[at + i] = f * dt[(b * LENGTH + c * CHUNK + i) * HEADS + h];
  }
}

// C_i B_j [batch, groups, length, longest].
kernel void ssd_pairs(
    int n, int8 sizes, int4 rows, global const float *bs, global const float *cs_, global float *pairs) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int j = t % LONGEST;
  int l = t / LONGEST % LENGTH;
  int g = t / LONGEST / LENGTH % GROUPS;
  int b = t / LONGEST / LENGTH / GROUPS;
  int c = l / CHUNK;
  if (j >= STEPS(c)) {
    return;
  }
  int atC = AT_C(b, l, g);
  int atB = AT_B(b, c * CHUNK + j, g);
  float sum;
  DOT(sum, STATE, k, cs_[atC + k], bs[atB + k]);
  pairs[t] = sum;
}

// decay, pairDecay and mix [batch, heads, length, longest]; mix is +0 behind i.
kernel void ssd_mix(
    int n,
    int8 sizes,
    global const float *pairs,
    global const float *cs,
    global const float *dt,
    global float *decays,
    global float *pairDecay,
    global float *mix) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int j = t % LONGEST;
  int l = t / LONGEST % LENGTH;
  int h = t / LONGEST / LENGTH % HEADS;
  int b = t / LONGEST / LENGTH / HEADS;
  int c = l / CHUNK;
  int i = l - c * CHUNK;
  if (j > i) {
    mix[t] = 0.0f;
    return;
  }
  int at = (b * HEADS + h) * LENGTH + c * CHUNK;
  float d = n_exp(cs[at + i] - cs[at + j]);
  float p = pairs[((b * GROUPS + GROUP(h)) * LENGTH + l) * LONGEST + j] * d;
  decays[t] = d;
  pairDecay[t] = p;
  mix[t] = p * dt[(b * LENGTH + c * CHUNK + j) * HEADS + h];
}

// DOTs that share a factor: a work-item takes MANY states, so that it reads the other once for all.
// Those beyond the last state repeat it, and are not written.
#define DOTS(OUT, K, INDEX, FACTOR, EACH)                             \
  {                                                                   \
    int k_ = (K);                                                     \
    for (int e = 0; e < MANY; e++) {                                  \
      OUT[e] = 0.0f;                                                  \
    }                                                                 \
    for (int from_ = 0; from_ < k_; from_ += SEGMENT) {               \
      float segment_[MANY];                                           \
      for (int e = 0; e < MANY; e++) {                                \
        segment_[e] = 0.0f;                                           \
      }                                                               \
      int end_ = min(k_, from_ + SEGMENT);                            \
      for (int INDEX = from_; INDEX < end_; INDEX++) {                \
        float factor_ = (FACTOR);                                     \
        for (int e = 0; e < MANY; e++) {                              \
          segment_[e] = fma((EACH), factor_, segment_[e]);            \
        }                                                             \
      }                                                               \
      for (int e = 0; e < MANY; e++) {                                \
        OUT[e] = from_ == 0 ? segment_[e] : OUT[e] + segment_[e];     \
      }                                                               \
    }                                                                 \
  }

// What each chunk adds to the state, [batch, heads, chunks, state, headDim].
kernel void ssd_chunk_states(
    int n,
    int8 sizes,
    int4 rows,
    global const float *x,
    global const float *bs,
    global const float *fadeDt,
    global float *added) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int blocks = (STATE + MANY - 1) / MANY;
  int p = t % P_;
  int k = t / P_ % blocks * MANY;
  int c = t / P_ / blocks % CHUNKS;
  int h = t / P_ / blocks / CHUNKS % HEADS;
  int b = t / P_ / blocks / CHUNKS / HEADS;
  int at = (b * HEADS + h) * LENGTH + c * CHUNK;
  int last = min(MANY, STATE - k) - 1;
  float sums[MANY];
  DOTS(sums, STEPS(c), j, fadeDt[at + j] * x[AT_X(b, c * CHUNK + j, h) + p],
      bs[AT_B(b, c * CHUNK + j, GROUP(h)) + k + min(e, last)]);
  int to = (((b * HEADS + h) * CHUNKS + c) * STATE + k) * P_ + p;
  for (int e = 0; e <= last; e++) {
    added[to + e * P_] = sums[e];
  }
}

// States that come into the chunks, in place of what the chunks add; final ones [.., headDim, state].
kernel void ssd_pass(
    int n,
    int8 sizes,
    int hasInitial,
    int wantsFinal,
    global const float *grow,
    global const float *initial,
    global float *states,
    global float *final) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int p = t % P_;
  int k = t / P_ % STATE;
  int head = t / P_ / STATE;
  int own = (head * P_ + p) * STATE + k;
  float state = hasInitial ? initial[own] : 0.0f;
  int has = hasInitial;
  for (int c = 0; c < CHUNKS; c++) {
    int at = ((head * CHUNKS + c) * STATE + k) * P_ + p;
    float add = states[at];
    states[at] = state;
    float keep = grow[head * LENGTH + c * CHUNK + STEPS(c) - 1];
    state = has ? add + keep * state : add;
    has = 1;
  }
  if (wantsFinal) {
    final[own] = has ? state : 0.0f;
  }
}

kernel void ssd_scan(
    int n,
    int8 sizes,
    int4 rows,
    int hasInitial,
    int hasD,
    global const float *x,
    global const float *cs_,
    global const float *d,
    global const float *grow,
    global const float *mix,
    global const float *states,
    global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int p = t % P_;
  int h = t / P_ % HEADS;
  int l = t / P_ / HEADS % LENGTH;
  int b = t / P_ / HEADS / LENGTH;
  int c = l / CHUNK;
  int head = b * HEADS + h;
  int row = (head * LENGTH + l) * LONGEST;
  float sum;
  DOT(sum, STEPS(c), j, mix[row + j], x[AT_X(b, c * CHUNK + j, h) + p]);
  if (hasInitial || c > 0) {
    float read;
    DOT(read, STATE, k, cs_[AT_C(b, l, GROUP(h)) + k], states[((head * CHUNKS + c) * STATE + k) * P_ + p]);
    sum += grow[head * LENGTH + l] * read;
  }
  y[t] = hasD ? sum + d[h] * x[AT_X(b, l, h) + p] : sum;
}

// gradMix [batch, heads, length, longest], and gradPairs, +0 behind i.
kernel void ssd_grad_mix(
    int n,
    int8 sizes,
    int4 rows,
    global const float *x,
    global const float *g,
    global const float *dt,
    global const float *decays,
    global float *gradMix,
    global float *gradPairs) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int j = t % LONGEST;
  int l = t / LONGEST % LENGTH;
  int h = t / LONGEST / LENGTH % HEADS;
  int b = t / LONGEST / LENGTH / HEADS;
  int c = l / CHUNK;
  if (j > l - c * CHUNK) {
    gradPairs[t] = 0.0f;
    return;
  }
  float sum;
  DOT(sum, P_, p, g[AT_Y(b, l, h) + p], x[AT_X(b, c * CHUNK + j, h) + p]);
  gradMix[t] = sum;
  float pair = sum * decays[t];
  gradPairs[t] = pair * dt[(b * LENGTH + c * CHUNK + j) * HEADS + h];
}

// For each step j: the first term of gradDt, and in gradMix's place sums over later i of T.
kernel void ssd_grad_columns(
    int n,
    int8 sizes,
    global const float *pairDecay,
    global const float *mix,
    global float *gradMix,
    global float *gradDt) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int l = t % LENGTH;
  int head = t / LENGTH;
  int c = l / CHUNK;
  int j = l - c * CHUNK;
  float ofDt = 0.0f;
  float ofPairs = 0.0f;
  for (int i = STEPS(c) - 1; i >= j; i--) {
    int at = (head * LENGTH + c * CHUNK + i) * LONGEST + j;
    float m = gradMix[at];
    ofDt += m * pairDecay[at];
    ofPairs += m * mix[at];
    gradMix[at] = ofPairs;
  }
  gradDt[t] = ofDt;
}

kernel void ssd_grad_steps(int n, int8 sizes, global const float *sums, global float *gradStep) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int i = t % LENGTH % CHUNK;
  float sum;
  RUN_SUM(sum, i, j, sums[t * LONGEST + j]);
  gradStep[t] = sum;
}

// grown = grow * g, [batch, heads, length, headDim]; shares s of gradStep from the state.
kernel void ssd_grad_read(
    int n,
    int8 sizes,
    int4 rows,
    int hasInitial,
    global const float *cs_,
    global const float *g,
    global const float *grow,
    global const float *states,
    global float *grown,
    global float *read,
    global float *shares) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int l = t % LENGTH;
  int head = t / LENGTH;
  int h = head % HEADS;
  int b = head / HEADS;
  int c = l / CHUNK;
  int atY = AT_Y(b, l, h);
  for (int p = 0; p < P_; p++) {
    grown[t * P_ + p] = grow[t] * g[atY + p];
  }
  if (!hasInitial && c == 0) {
    return;
  }
  for (int p = 0; p < P_; p++) {
    float sum;
    DOT(sum, STATE, k, cs_[AT_C(b, l, GROUP(h)) + k], states[((head * CHUNKS + c) * STATE + k) * P_ + p]);
    read[t * P_ + p] = sum;
  }
  float share;
  RUN_SUM(share, P_, p, g[atY + p] * read[t * P_ + p]);
  shares[t] = share;
}

// gradStep += the shares of later steps, for each chunk that a state came into.
kernel void ssd_grad_later(
    int n,
    int8 sizes,
    int hasInitial,
    global const float *grow,
    global const float *shares,
    global float *gradStep) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int c = t % CHUNKS;
  if (!hasInitial && c == 0) {
    return;
  }
  int at = t / CHUNKS * LENGTH + c * CHUNK;
  float later = 0.0f;
  for (int i = STEPS(c) - 1; i >= 0; i--) {
    later += grow[at + i] * shares[at + i];
    gradStep[at + i] += later;
  }
}

// left [.., length, state] = sum over p of rows_ [.., length, headDim] and states of the chunk.
kernel void ssd_grad_parts(
    int n, int8 sizes, global const float *rows_, global const float *states, global float *left) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int blocks = (STATE + MANY - 1) / MANY;
  int k = t % blocks * MANY;
  int l = t / blocks % LENGTH;
  int head = t / blocks / LENGTH;
  int state = ((head * CHUNKS + l / CHUNK) * STATE + k) * P_;
  int last = min(MANY, STATE - k) - 1;
  float sums[MANY];
  DOTS(sums, P_, p, rows_[(head * LENGTH + l) * P_ + p], states[state + min(e, last) * P_ + p]);
  for (int e = 0; e <= last; e++) {
    left[(head * LENGTH + l) * STATE + k + e] = sums[e];
  }
}

// Gradients of the states behind the chunks, [batch, heads, chunks, state, headDim], and of the first.
kernel void ssd_grad_back(
    int n,
    int8 sizes,
    int4 rows,
    int ofY,
    int ofState,
    int hasInitial,
    int wantsInitial,
    global const float *cs_,
    global const float *grow,
    global const float *grown,
    global const float *gradState,
    global float *back,
    global float *gradInitial) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int p = t % P_;
  int k = t / P_ % STATE;
  int head = t / P_ / STATE;
  int h = head % HEADS;
  int b = head / HEADS;
  int own = (head * P_ + p) * STATE + k;
  float now = ofState ? gradState[own] : 0.0f;
  int has = ofState;
  for (int c = CHUNKS - 1; c >= 0; c--) {
    back[((head * CHUNKS + c) * STATE + k) * P_ + p] = now;
    if (hasInitial || c > 0) {
      float keep = grow[head * LENGTH + c * CHUNK + STEPS(c) - 1];
      if (ofY) {
        float sum;
        DOT(sum, STEPS(c), i, cs_[AT_C(b, c * CHUNK + i, GROUP(h)) + k],
            grown[(head * LENGTH + c * CHUNK + i) * P_ + p]);
        now = has ? sum + keep * now : sum;
        has = 1;
      } else {
        now = keep * now;
      }
    }
  }
  if (wantsInitial) {
    gradInitial[own] = has ? now : 0.0f;
  }
}

// Of each chunk: grow_last times the dot of the states before and behind; work-item (head, chunk).
kernel void ssd_grad_whole(
    int n,
    int8 sizes,
    int hasInitial,
    global const float *grow,
    global const float *states,
    global const float *back,
    global float *rowSums,
    global float *whole) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int c = t % CHUNKS;
  if (!hasInitial && c == 0) {
    whole[t] = 0.0f;
    return;
  }
  int at = t * STATE * P_;
  for (int k = 0; k < STATE; k++) {
    float sum;
    RUN_SUM(sum, P_, p, back[at + k * P_ + p] * states[at + k * P_ + p]);
    rowSums[t * STATE + k] = sum;
  }
  float dot_;
  RUN_SUM(dot_, STATE, k, rowSums[t * STATE + k]);
  whole[t] = grow[t / CHUNKS * LENGTH + c * CHUNK + STEPS(c) - 1] * dot_;
}

// pull [batch, heads, length, headDim] = B times the gradient of the state behind; faded = x fadeDt.
kernel void ssd_grad_pull(
    int n,
    int8 sizes,
    int4 rows,
    global const float *x,
    global const float *bs,
    global const float *fadeDt,
    global const float *back,
    global float *pull,
    global float *faded) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int p = t % P_;
  int l = t / P_ % LENGTH;
  int head = t / P_ / LENGTH;
  int h = head % HEADS;
  int b = head / HEADS;
  int state = (head * CHUNKS + l / CHUNK) * STATE * P_ + p;
  float sum;
  DOT(sum, STATE, k, bs[AT_B(b, l, GROUP(h)) + k], back[state + k * P_]);
  pull[t] = sum;
  faded[t] = fadeDt[head * LENGTH + l] * x[AT_X(b, l, h) + p];
}

kernel void ssd_grad_x(
    int n,
    int8 sizes,
    int4 rows,
    int ofY,
    int ofState,
    int hasD,
    global const float *g,
    global const float *d,
    global const float *mix,
    global const float *fadeDt,
    global const float *pull,
    global float *gx) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int p = t % P_;
  int l = t / P_ % LENGTH;
  int head = t / P_ / LENGTH;
  int h = head % HEADS;
  int b = head / HEADS;
  int c = l / CHUNK;
  int j = l - c * CHUNK;
  float sum = 0.0f;
  if (ofY) {
    DOT(sum, STEPS(c), i, mix[(head * LENGTH + c * CHUNK + i) * LONGEST + j],
        g[AT_Y(b, c * CHUNK + i, h) + p]);
  }
  if (ofState || c + 1 < CHUNKS) {
    sum += fadeDt[head * LENGTH + l] * pull[t];
  }
  if (ofY && hasD) {
    sum += d[h] * g[AT_Y(b, l, h) + p];
  }
  gx[AT_X(b, l, h) + p] = sum;
}

// What a state behind gives to gradDt and gradStep; work-item (head, chunk).
kernel void ssd_grad_through_state(
    int n,
    int8 sizes,
    int4 rows,
    int ofState,
    int hasInitial,
    global const float *x,
    global const float *fade,
    global const float *fadeDt,
    global const float *pull,
    global const float *whole,
    global float *gradDt,
    global float *gradStep) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int c = t % CHUNKS;
  if (!ofState && c + 1 >= CHUNKS) {
    return;
  }
  int head = t / CHUNKS;
  int h = head % HEADS;
  int b = head / HEADS;
  float earlier = 0.0f;
  for (int j = 0; j < STEPS(c); j++) {
    int l = c * CHUNK + j;
    int at = head * LENGTH + l;
    int atX = AT_X(b, l, h);
    float s;
    RUN_SUM(s, P_, p, x[atX + p] * pull[at * P_ + p]);
    gradDt[at] += fade[at] * s;
    gradStep[at] += earlier;
    if (hasInitial || c > 0) {
      gradStep[at] += whole[t];
    }
    earlier += fadeDt[at] * s;
  }
}

kernel void ssd_grad_dt(
    int n, int8 sizes, global const float *a, global const float *gradDt, global const float *gradStep, global float *out) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int l = t % LENGTH;
  int head = t / LENGTH;
  int h = head % HEADS;
  out[(head / HEADS * LENGTH + l) * HEADS + h] = gradDt[t] + gradStep[t] * a[h];
}

// Shares of gradA and gradD of each head of each sequence; dots [batch, heads, headDim] is scratch.
kernel void ssd_grad_heads(
    int n,
    int8 sizes,
    int4 rows,
    int wantsD,
    global const float *x,
    global const float *dt,
    global const float *g,
    global const float *gradStep,
    global float *dots,
    global float *ofA,
    global float *ofD) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int h = t % HEADS;
  int b = t / HEADS;
  float a;
  DOT(a, LENGTH, l, gradStep[t * LENGTH + l], dt[(b * LENGTH + l) * HEADS + h]);
  ofA[t] = a;
  if (wantsD) {
    for (int p = 0; p < P_; p++) {
      float sum;
      DOT(sum, LENGTH, l, g[AT_Y(b, l, h) + p], x[AT_X(b, l, h) + p]);
      dots[t * P_ + p] = sum;
    }
    float d;
    RUN_SUM(d, P_, p, dots[t * P_ + p]);
    ofD[t] = d;
  }
}

// The heads' gradPairs of a group, added; [batch, groups, length, longest].
kernel void ssd_grad_join(int n, int8 sizes, int ofY, global const float *gradPairs, global float *all) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int j = t % LONGEST;
  int l = t / LONGEST % LENGTH;
  int g = t / LONGEST / LENGTH % GROUPS;
  int b = t / LONGEST / LENGTH / GROUPS;
  int per = HEADS / GROUPS;
  float sum = 0.0f;
  if (ofY) {
    for (int h = g * per; h < (g + 1) * per; h++) {
      sum += gradPairs[((b * HEADS + h) * LENGTH + l) * LONGEST + j];
    }
  }
  all[t] = sum;
}

float heads_sum(int8 sizes, global const float *parts, int b, int g, int l, int k) {
  int per = HEADS / GROUPS;
  float sum = 0.0f;
  for (int h = g * per; h < (g + 1) * per; h++) {
    sum += parts[((b * HEADS + h) * LENGTH + l) * STATE + k];
  }
  return sum;
}

kernel void ssd_grad_bc(
    int n,
    int8 sizes,
    int4 rows,
    int ofY,
    int ofState,
    int hasInitial,
    int wantsB,
    int wantsC,
    global const float *bs,
    global const float *cs_,
    global const float *all,
    global const float *headB,
    global const float *headC,
    global float *gb,
    global float *gc) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int k = t % STATE;
  int g = t / STATE % GROUPS;
  int l = t / STATE / GROUPS % LENGTH;
  int b = t / STATE / GROUPS / LENGTH;
  int c = l / CHUNK;
  int i = l - c * CHUNK;
  int table = ((b * GROUPS + g) * LENGTH + c * CHUNK) * LONGEST;
  if (wantsC) {
    float sum;
    DOT(sum, STEPS(c), j, all[table + i * LONGEST + j], bs[AT_B(b, c * CHUNK + j, g) + k]);
    if (ofY && (hasInitial || c > 0)) {
      sum += heads_sum(sizes, headC, b, g, l, k);
    }
    gc[AT_C(b, l, g) + k] = sum;
  }
  if (wantsB) {
    float sum = 0.0f;
    if (ofY) {
      DOT(sum, STEPS(c), j, all[table + j * LONGEST + i], cs_[AT_C(b, c * CHUNK + j, g) + k]);
    }
    if (ofState || (ofY && c + 1 < CHUNKS)) {
      sum += heads_sum(sizes, headB, b, g, l, k);
    }
    gb[AT_B(b, l, g) + k] = sum;
  }
}
