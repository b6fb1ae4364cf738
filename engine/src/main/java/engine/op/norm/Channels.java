package engine.op.norm;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import java.util.List;

/** The shape rule of norms per channel: x [N, C, spatial...], everything else [C]. */
final class Channels {
  private static final List<String> NAMES = List.of("x", "weight", "bias", "mean", "variance");

  private Channels() {}

  static void require(String op, List<Shape> in) {
    Shape x = in.get(0);
    ShapeException.require(
        x.rank() >= 2 && x.dim(1) > 0, op, "wants x [N,C,...] with channels, x=%s", x);
    for (int i = 1; i < in.size(); i++) {
      ShapeException.require(
          in.get(i).equals(Shape.of(x.dim(1))),
          op,
          "%s wants one element per channel, [%d]: x=%s %s=%s",
          NAMES.get(i),
          x.dim(1),
          x,
          NAMES.get(i),
          in.get(i));
    }
  }
}
