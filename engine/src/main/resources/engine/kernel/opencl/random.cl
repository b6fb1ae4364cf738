// Philox4x32-10 by key and index, as engine.random.CounterRandom.

void philox(uint low, uint high, uint kind, uint k0, uint k1, uint *out) {
  uint c0 = low;
  uint c1 = high;
  uint c2 = kind;
  uint c3 = 0;
  for (int round = 0; round < 10; round++) {
    ulong p0 = (ulong) 0xD2511F53u * c0;
    ulong p1 = (ulong) 0xCD9E8D57u * c2;
    c0 = (uint) (p1 >> 32) ^ c1 ^ k0;
    c1 = (uint) p1;
    c2 = (uint) (p0 >> 32) ^ c3 ^ k1;
    c3 = (uint) p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

float unit(uint word) {
  return (float) (word >> 8) * 0x1p-24f;
}

kernel void uniform(int n, uint k0, uint k1, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    uint block[4];
    philox(i >> 2, 0, 0, k0, k1, block);
    y[i] = unit(block[i & 3]);
  }
}

kernel void normal(int n, uint k0, uint k1, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    uint block[4];
    philox(i >> 2, 0, 1, k0, k1, block);
    int j = i & 2;
    float u = fma((float) block[j], 0x1p-32f, 0x1p-33f);
    float radius = n_sqrt(-2.0f * n_log(u));
    float angle = 0x1.921fb6p+2f * unit(block[j + 1]);
    y[i] = radius * ((i & 1) == 0 ? n_cos(angle) : n_sin(angle));
  }
}

kernel void dropout(
    int n, uint k0, uint k1, float p, float scale, global const float *x, global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    uint block[4];
    philox(i >> 2, 0, 0, k0, k1, block);
    y[i] = unit(block[i & 3]) >= p ? x[i] * scale : 0.0f;
  }
}
