// What moves values: fills, strided copies, gathers.

kernel void fill(int n, float v, global float *x) {
  int i = get_global_id(0);
  if (i < n) {
    x[i] = v;
  }
}

kernel void strided_copy4(
    int n,
    int4 extents,
    int offsetX,
    int4 stridesX,
    int offsetY,
    int4 stridesY,
    global const float *x,
    global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[offsetY + place4(i, extents, stridesY)] = x[offsetX + place4(i, extents, stridesX)];
  }
}

kernel void strided_copy8(
    int n,
    int8 extents,
    int offsetX,
    int8 stridesX,
    int offsetY,
    int8 stridesY,
    global const float *x,
    global float *y) {
  int i = get_global_id(0);
  if (i < n) {
    y[offsetY + place8(i, extents, stridesY)] = x[offsetX + place8(i, extents, stridesX)];
  }
}

kernel void gather(
    int n, int in, int inner, int out, global const int *index, global const float *x, global float *y) {
  int t = get_global_id(0);
  if (t >= n) {
    return;
  }
  int row = t / inner;
  y[t] = x[(row / out * in + index[row % out]) * inner + t % inner];
}
