// Elements under strides.

// Where an element of a result of some extents lies under strides; unused axes have extent 1.
int place4(int i, int4 extents, int4 strides) {
  int offset = i % extents.s3 * strides.s3;
  int rest = i / extents.s3;
  offset += rest % extents.s2 * strides.s2;
  rest /= extents.s2;
  offset += rest % extents.s1 * strides.s1;
  return offset + rest / extents.s1 * strides.s0;
}

int place8(int i, int8 extents, int8 strides) {
  int4 inner = extents.hi;
  int size = inner.s0 * inner.s1 * inner.s2 * inner.s3;
  return place4(i / size, extents.lo, strides.lo) + place4(i % size, inner, strides.hi);
}
