package tools.conform;

import static engine.op.layout.Layout.slice;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code styleganv_*} and {@code mostganv_*} files hold of tensors that they do not store. */
final class GanParts {
  /** Channels of layers. */
  private static final int CHANNELS = 4;

  /** Moments behind the first convolution. */
  private static final int MOMENTS = 3;

  /** Rows and columns of whole pictures: from 1, every third; from 2, every third. */
  private static final int PIXELS = 3;

  private GanParts() {}

  /** The part that the file holds under a name that ends in {@code _sub}. */
  static Tensor held(FixtureFile file, String name, Tensor x) {
    if (x.shape().rank() == 3) {
      return Sub.every(x, 2, MOMENTS);
    }
    UnfitException.unless(x.shape().rank() == 4, "%s: of a whole %s", name, x.shape());
    if (name.endsWith("img_sub")) {
      return Sub.every(Sub.every(x, 2, 1, PIXELS), 3, 2, PIXELS);
    }
    Tensor part = Sub.every(x, 1, CHANNELS);
    Shape wanted = file.shape(name, 4);
    for (int axis = 2; axis < 4; axis++) {
      if (wanted.dim(axis) < part.dim(axis)) {
        part = Sub.every(part, axis, 2);
      }
    }
    return part;
  }

  static long[] whole(Tensor x) {
    float[] values = x.toArray();
    long[] out = new long[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (long) values[i];
    }
    return out;
  }

  /** clamp(0.5 x + 0.5, 0, 1) 255, cut off. */
  static Tensor bytes(Tensor x) {
    float[] values = x.toArray();
    return Tensor.generate(
        x.shape(), i -> Math.floor(Math.max(0, Math.min(1, 0.5 * values[i] + 0.5)) * 255));
  }

  /** Of each layer that the metadata list. */
  static List<Statistics> layers(FixtureFile file, Map<String, Tensor> seen) {
    List<Statistics> rows = new ArrayList<>();
    for (String layer : file.metadata("layers").orElse("").split(",")) {
      Tensor x = seen.get(layer.trim());
      UnfitException.unless(x != null, "metadata layers: nothing of ours is called '%s'", layer);
      rows.add(Statistics.of(x.toArray()));
    }
    return rows;
  }

  /** Of each frame. */
  static List<Statistics> rows(Tensor x) {
    List<Statistics> rows = new ArrayList<>();
    for (int i = 0; i < x.dim(0); i++) {
      rows.add(Statistics.of(slice(x, 0, i, i + 1).toArray()));
    }
    return rows;
  }
}
