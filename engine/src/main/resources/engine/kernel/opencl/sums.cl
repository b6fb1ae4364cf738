// The orders in which sums are taken: N1 for products, N5 for the rest.

// N5 for neighbouring elements: blocks of SUM_BLOCK, in each element i to lane i mod SUM_LANES, the
// lanes joined by a tree; block sums by the same rule. Three levels reach beyond any buffer.
float join(float *lane) {
  for (int half_ = SUM_LANES / 2; half_ >= 1; half_ /= 2) {
    for (int i = 0; i < half_; i++) {
      lane[i] += lane[i + half_];
    }
  }
  return lane[0];
}

void clear(float *lane) {
  for (int i = 0; i < SUM_LANES; i++) {
    lane[i] = 0.0f;
  }
}

#define RUN_SUM(OUT, N, INDEX, TERM)                                  \
  {                                                                   \
    float lane1_[SUM_LANES];                                          \
    float lane2_[SUM_LANES];                                          \
    float lane3_[SUM_LANES];                                          \
    clear(lane2_);                                                    \
    clear(lane3_);                                                    \
    int n_ = (N);                                                     \
    int block_ = 0;                                                   \
    for (int base_ = 0; base_ < n_; base_ += SUM_BLOCK, block_++) {   \
      if (block_ > 0 && (block_ & (SUM_BLOCK - 1)) == 0) {            \
        lane3_[(block_ / SUM_BLOCK - 1) & (SUM_LANES - 1)] += join(lane2_); \
        clear(lane2_);                                                \
      }                                                               \
      int end_ = min(n_, base_ + SUM_BLOCK);                          \
      clear(lane1_);                                                  \
      for (int INDEX = base_; INDEX < end_; INDEX++) {                \
        lane1_[INDEX & (SUM_LANES - 1)] += (TERM);                    \
      }                                                               \
      lane2_[block_ & (SUM_LANES - 1)] += join(lane1_);               \
    }                                                                 \
    lane3_[((block_ - 1) / SUM_BLOCK) & (SUM_LANES - 1)] += join(lane2_); \
    OUT = n_ == 0 ? 0.0f : join(lane3_);                              \
  }

float larger(float m, float v) {
  return m != m || m > v ? m : v;
}

// A row each for one work-item on processors; on others sixteen share it, one for each lane, so that
// they read neighbours. The lanes join in the same tree: the bits are those of RUN_SUM. All
// work-items of a group come to every sum, with the same N; one without a row of its own reads and
// writes nothing, for its neighbours may be storing the last row. Adding 0 to a lane changes nothing: sums that began at +0 are never -0.
#if ROW_LANES == 1
#define ROW_LANE 0
#define ROW_FENCE
#define ROW_OF(INDEX, COUNT)                                          \
  int INDEX = get_global_id(0);                                       \
  if (INDEX >= COUNT) {                                               \
    return;                                                           \
  }                                                                   \
  int live = 1;
#define ROW_SUM RUN_SUM
#define ROW_MAX(OUT, N, INDEX, TERM)                                  \
  {                                                                   \
    int INDEX = 0;                                                    \
    OUT = TERM;                                                       \
    for (INDEX = 1; INDEX < (N); INDEX++) {                           \
      OUT = larger(OUT, TERM);                                        \
    }                                                                 \
  }
#else
#define ROW_LANE ((int)get_local_id(0) % ROW_LANES)
#define ROW_FENCE barrier(CLK_GLOBAL_MEM_FENCE);
#define ROW_OF(INDEX, COUNT)                                          \
  local float rows_[ROW_GROUP];                                       \
  local float *lanes_ = rows_ + get_local_id(0) / ROW_LANES * ROW_LANES; \
  int INDEX = get_global_id(0) / ROW_LANES;                           \
  int live = INDEX < COUNT;                                           \
  INDEX = min(INDEX, COUNT - 1);

float row_join(local float *lanes, float v) {
  int lane = ROW_LANE;
  lanes[lane] = v;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int half_ = SUM_LANES / 2; half_ >= 1; half_ /= 2) {
    if (lane < half_) {
      lanes[lane] += lanes[lane + half_];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float sum = lanes[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  return sum;
}

// Which of 0 and -0 is the largest depends on the lanes, and shows in no difference to it.
#define ROW_MAX(OUT, N, INDEX, TERM)                                  \
  {                                                                   \
    int INDEX = min(ROW_LANE, (N) - 1);                               \
    OUT = live ? TERM : 0.0f;                                         \
    for (INDEX += ROW_LANES; live && INDEX < (N); INDEX += ROW_LANES) { \
      OUT = larger(OUT, TERM);                                        \
    }                                                                 \
    lanes_[ROW_LANE] = OUT;                                           \
    barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);              \
    for (int l_ = 0; l_ < ROW_LANES; l_++) {                          \
      OUT = larger(OUT, lanes_[l_]);                                  \
    }                                                                 \
    barrier(CLK_LOCAL_MEM_FENCE);                                     \
  }

#define ROW_SUM(OUT, N, INDEX, TERM)                                  \
  {                                                                   \
    float lane2_ = 0.0f;                                              \
    float lane3_ = 0.0f;                                              \
    int n_ = (N);                                                     \
    int block_ = 0;                                                   \
    for (int base_ = 0; base_ < n_; base_ += SUM_BLOCK, block_++) {   \
      if (block_ > 0 && (block_ & (SUM_BLOCK - 1)) == 0) {            \
        float blocks_ = row_join(lanes_, lane2_);                     \
        lane3_ += ((block_ / SUM_BLOCK - 1) & (SUM_LANES - 1)) == ROW_LANE ? blocks_ : 0.0f; \
        lane2_ = 0.0f;                                                \
      }                                                               \
      int end_ = min(n_, base_ + SUM_BLOCK);                          \
      float lane1_ = 0.0f;                                            \
      for (int INDEX = base_ + ROW_LANE; live && INDEX < end_; INDEX += SUM_LANES) { \
        lane1_ += (TERM);                                             \
      }                                                               \
      float run_ = row_join(lanes_, lane1_);                          \
      lane2_ += (block_ & (SUM_LANES - 1)) == ROW_LANE ? run_ : 0.0f; \
    }                                                                 \
    float last_ = row_join(lanes_, lane2_);                           \
    lane3_ += (((block_ - 1) / SUM_BLOCK) & (SUM_LANES - 1)) == ROW_LANE ? last_ : 0.0f; \
    float all_ = row_join(lanes_, lane3_);                            \
    OUT = n_ == 0 ? 0.0f : all_;                                      \
  }
#endif

// N5 for strided elements: a chain in blocks of SUM_CHAIN; block sums by the same rule.
#define CHAIN_SUM(OUT, N, INDEX, TERM)                                \
  {                                                                   \
    float chain1_ = 0.0f;                                             \
    float chain2_ = 0.0f;                                             \
    float chain3_ = 0.0f;                                             \
    int n_ = (N);                                                     \
    for (int INDEX = 0; INDEX < n_; INDEX++) {                        \
      chain1_ += (TERM);                                              \
      if ((INDEX & (SUM_CHAIN - 1)) == SUM_CHAIN - 1) {               \
        chain2_ += chain1_;                                           \
        chain1_ = 0.0f;                                               \
        if (INDEX % (SUM_CHAIN * SUM_CHAIN) == SUM_CHAIN * SUM_CHAIN - 1) { \
          chain3_ += chain2_;                                         \
          chain2_ = 0.0f;                                             \
        }                                                             \
      }                                                               \
    }                                                                 \
    chain2_ += chain1_;                                               \
    OUT = chain3_ + chain2_;                                          \
  }

// N1: segments of SEGMENT, each a chain of fused multiply-adds from +0; their sums ascending.
#define DOT(OUT, K, INDEX, A, B)                                      \
  {                                                                   \
    float total_ = 0.0f;                                              \
    int k_ = (K);                                                     \
    for (int from_ = 0; from_ < k_; from_ += SEGMENT) {               \
      float segment_ = 0.0f;                                          \
      int end_ = min(k_, from_ + SEGMENT);                            \
      for (int INDEX = from_; INDEX < end_; INDEX++) {                \
        segment_ = fma((A), (B), segment_);                           \
      }                                                               \
      total_ = from_ == 0 ? segment_ : total_ + segment_;             \
    }                                                                 \
    OUT = total_;                                                     \
  }
