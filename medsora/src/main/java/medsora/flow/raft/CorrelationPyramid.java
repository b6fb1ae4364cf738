package medsora.flow.raft;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.linalg.Linalg.matmul;
import static engine.op.resample.Resample.avgPool2d;
import static engine.op.resample.Resample.bilinearSample;

import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The correlation of every pixel of the first picture with every pixel of the second, pooled over
 * the second's pixels to four levels, and what a neighbourhood of each level holds (section 3.2 of
 * the paper).
 */
public final class CorrelationPyramid {
  private final List<Tensor> levels = new ArrayList<>();
  private final int radius;
  private final Tensor offsets;

  /**
   * @param first features [N, C, h, w]
   * @param second of the same shape
   */
  public CorrelationPyramid(Tensor first, Tensor second, int radius) {
    Shape s = first.shape();
    int n = s.dim(0);
    int pixels = s.dim(2) * s.dim(3);
    Tensor a = reshape(first, n, s.dim(1), pixels);
    Tensor b = reshape(second, n, s.dim(1), pixels);
    float root = (float) Math.sqrt(s.dim(1));
    Tensor all = div(matmul(a, true, b, false), Tensor.scalar(root));
    Tensor level = reshape(all, n * pixels, 1, s.dim(2), s.dim(3));
    levels.add(level);
    while (levels.size() < RaftConfig.LEVELS) {
      level = avgPool2d(level, 2, 2);
      levels.add(level);
    }
    this.radius = radius;
    this.offsets = offsets(radius);
  }

  /** As published, the slower index moves along the columns: [1, side^2, 2]. */
  private static Tensor offsets(int radius) {
    int side = 2 * radius + 1;
    float[] d = new float[2 * side * side];
    for (int i = 0; i < side * side; i++) {
      d[2 * i] = i / side - radius;
      d[2 * i + 1] = i % side - radius;
    }
    return Tensor.of(Shape.of(1, side * side, 2), d);
  }

  /**
   * Correlations around the places where the pixels of the first picture are thought to lie.
   *
   * @param places [N, 2, h, w], columns and rows in pixels
   * @return [N, levels * (2 radius + 1)^2, h, w]
   */
  public Tensor lookup(Tensor places) {
    Shape s = places.shape();
    int side = 2 * radius + 1;
    Tensor centres = reshape(permute(places, 0, 2, 3, 1), -1, 1, 2);
    List<Tensor> found = new ArrayList<>();
    for (int i = 0; i < levels.size(); i++) {
      Tensor around = add(scale(centres, 1f / (1 << i)), offsets);
      found.add(reshape(bilinearSample(levels.get(i), around), -1, side * side));
    }
    Tensor rows = Layout.concat(1, found);
    Tensor grid = reshape(rows, s.dim(0), s.dim(2), s.dim(3), rows.dim(1));
    return permute(grid, 0, 3, 1, 2);
  }
}
