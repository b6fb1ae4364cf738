// What the device can do at most: the ceilings of benchmarks.

#define WIDE_(A, B) A##B
#define WIDE(A, B) WIDE_(A, B)
#if TILE_WIDTH == 1
#define LANES float
#define SUM(V) (V)
#else
#define LANES WIDE(float, TILE_WIDTH)
#define SUM(V) (((float *)&(V))[0])
#endif

// Fused multiply-adds between registers in independent chains.
kernel void peak_fma(int n, int rounds, global float *out) {
  int i = get_global_id(0);
  if (i >= n) {
    return;
  }
  LANES x = (LANES)(0.999f);
  LANES y = (LANES)(0.001f);
  LANES chains[PEAK_CHAINS];
  _Pragma("unroll") for (int c = 0; c < PEAK_CHAINS; c++) {
    chains[c] = y * (float)(c + i);
  }
  for (int r = 0; r < rounds; r++) {
    _Pragma("unroll") for (int c = 0; c < PEAK_CHAINS; c++) {
      chains[c] = fma(chains[c], x, y);
    }
  }
  LANES sum = chains[0];
  _Pragma("unroll") for (int c = 1; c < PEAK_CHAINS; c++) {
    sum += chains[c];
  }
  out[i] = SUM(sum);
}

kernel void triad(int n, global const float *b, global const float *c, float s, global float *a) {
  int i = get_global_id(0);
  if (i < n) {
    a[i] = b[i] + s * c[i];
  }
}
