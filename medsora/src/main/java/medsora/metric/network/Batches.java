package medsora.metric.network;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Runs a network over many items, a few at a time, so that memory does not grow with them. */
final class Batches {
  private Batches() {}

  /**
   * @param bytes [n, 3, t, h, w]
   * @param least frames of an item
   * @param most the same; both 1 for pictures
   */
  static void require(String name, Tensor bytes, int least, int most) {
    Shape s = bytes.shape();
    ShapeException.require(
        s.rank() == 5
            && s.dim(1) == 3
            && s.dim(2) >= least
            && s.dim(2) <= most
            && s.dim(3) > 0
            && s.dim(4) > 0,
        name,
        "wants bytes [n,3,%s,h,w], got %s",
        least == most ? least : least + ".." + most,
        s);
  }

  /**
   * Maps items [n, ...] to rows [n, d].
   *
   * @param together how many at a time
   */
  static Tensor map(Tensor items, int together, int d, UnaryOperator<Tensor> network) {
    int n = items.dim(0);
    float[] all = new float[Math.multiplyExact(n, d)];
    float[] values = items.toArray();
    int each = n == 0 ? 0 : values.length / n;
    for (int from = 0; from < n; from += together) {
      int count = Math.min(together, n - from);
      float[] some = Arrays.copyOfRange(values, from * each, (from + count) * each);
      try (Tape scope = Tape.noGrad()) {
        Tensor y = network.apply(Tensor.of(items.shape().with(0, count), some));
        System.arraycopy(y.toArray(), 0, all, from * d, count * d);
      }
    }
    return Tensor.of(Shape.of(n, d), all);
  }

  /** Pictures [n, 3, 1, h, w] without the axis of time. */
  static Tensor pictures(Tensor bytes) {
    return bytes.view(Shape.of(bytes.dim(0), 3, bytes.dim(3), bytes.dim(4)));
  }
}
