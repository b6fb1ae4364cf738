package engine.io;

/** Where the elements of a view lie, one after the other in row-major order. */
final class Strides {
  private final long[] shape;
  private final long[] stride;
  private final long[] index;
  private long at;

  Strides(Pickled.View view) {
    this.shape = view.shape();
    this.stride = view.stride();
    this.index = new long[shape.length];
    this.at = view.offset();
  }

  /** The place of the next element; there are as many as the view has elements. */
  long next() {
    long place = at;
    for (int d = index.length - 1; d >= 0; d--) {
      at += stride[d];
      if (++index[d] < shape[d]) {
        break;
      }
      at -= stride[d] * shape[d];
      index[d] = 0;
    }
    return place;
  }
}
