package medsora.dino;

import static engine.op.layout.Layout.reshape;

import engine.op.layout.Layout;
import engine.op.resample.Resample;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Random parts of pictures, brought to one size and, where that is wanted, half of them mirrored
 * (upstream: RandomResizedCrop and RandomHorizontalFlip). Colours stay as they are: in pictures of
 * flow they are what is seen.
 */
final class Crops {
  /** Sides of a crop are at most this far from a square. */
  private static final double ASPECT = 4.0 / 3.0;

  private static final int DRAWS = 5;

  private Crops() {}

  /**
   * What crops may be like.
   *
   * @param side of the result
   * @param from least share of the area
   * @param to largest share
   * @param mirrored whether half of them are
   */
  record Kind(int side, double from, double to, boolean mirrored) {}

  /**
   * A crop of each picture.
   *
   * @param pictures [N, 3, H, W]
   * @return [N, 3, side, side]
   */
  static Tensor of(Tensor pictures, Kind kind, RandomKey key) {
    int side = kind.side;
    int n = pictures.dim(0);
    float[] u = new float[n * DRAWS];
    key.random().uniform(u, 0, u.length);
    List<Tensor> crops = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Tensor places = places(pictures, kind, u, i * DRAWS);
      Tensor seen = Resample.bilinearSample(Layout.slice(pictures, 0, i, i + 1), places);
      crops.add(reshape(seen, 1, pictures.dim(1), side, side));
    }
    return Layout.concat(0, crops);
  }

  /** Where in a picture the pixels of its crop are read, [1, side * side, 2]. */
  private static Tensor places(Tensor pictures, Kind kind, float[] u, int at) {
    int side = kind.side;
    int h = pictures.dim(2);
    int w = pictures.dim(3);
    double area = (kind.from + (kind.to - kind.from) * u[at]) * h * w;
    double aspect = StrictMath.exp((2 * u[at + 1] - 1) * StrictMath.log(ASPECT));
    double wide = Math.min(w, Math.sqrt(area * aspect));
    double high = Math.min(h, Math.sqrt(area / aspect));
    double left = u[at + 2] * (w - wide);
    double top = u[at + 3] * (h - high);
    boolean mirrored = kind.mirrored && u[at + 4] < 0.5f;
    float[] out = new float[2 * side * side];
    for (int i = 0; i < side * side; i++) {
      int column = mirrored ? side - 1 - i % side : i % side;
      // Centres of pixels; the rim is repeated.
      out[2 * i] = clamp(left + (column + 0.5) * wide / side - 0.5, w);
      out[2 * i + 1] = clamp(top + (i / side + 0.5) * high / side - 0.5, h);
    }
    return Tensor.of(Shape.of(1, side * side, 2), out);
  }

  private static float clamp(double x, int extent) {
    return (float) Math.min(Math.max(x, 0), extent - 1);
  }

  /** The crops of a step: two large ones, then the small ones. */
  static List<Tensor> ofStep(Tensor pictures, Distillation d, RandomKey key) {
    Kind large = new Kind(d.large(), Distillation.LARGE_FROM, 1, d.mirrored());
    Kind small =
        new Kind(d.small(), Distillation.SMALL_FROM, Distillation.LARGE_FROM, d.mirrored());
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; i < 2 + d.smallCrops(); i++) {
      RandomKey own = key.withStream(key.stream() + i);
      out.add(of(pictures, i < 2 ? large : small, own));
    }
    return out;
  }
}
