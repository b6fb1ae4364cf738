package medsora.flow.raft;

import static engine.op.attention.Attention.softmax;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.pad;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.reduce.Reduce.sum;
import static engine.op.resample.Resample.bilinear2d;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Flow on the coarse grid to flow of every pixel: eight times the size, eight times the length. */
public final class FlowUpsampling {
  private static final int S = RaftConfig.SCALE;
  private static final int NEIGHBOURS = 9;

  private FlowUpsampling() {}

  /** Bilinear, corners aligned: [N, 2, h, w] to [N, 2, 8h, 8w]. */
  public static Tensor bilinear(Tensor flow) {
    return scale(bilinear2d(flow, S * flow.dim(2), S * flow.dim(3), true), S);
  }

  /**
   * Each fine pixel a convex combination of the 3x3 coarse neighbours of its own, 0 beyond the rim.
   *
   * @param flow [N, 2, h, w]
   * @param mask [N, 9*8*8, h, w]: logits by neighbour (row by row), then fine row, fine column
   * @return [N, 2, 8h, 8w]
   */
  public static Tensor convex(Tensor flow, Tensor mask) {
    Shape s = flow.shape();
    int n = s.dim(0);
    int h = s.dim(2);
    int w = s.dim(3);
    Tensor logits = permute(reshape(mask, n, NEIGHBOURS, S * S, h * w), 0, 2, 3, 1);
    Tensor weights = reshape(permute(softmax(logits), 0, 3, 1, 2), n, 1, NEIGHBOURS, S * S, h * w);
    Tensor around = reshape(neighbours(scale(flow, S)), n, 2, NEIGHBOURS, 1, h * w);
    Tensor fine = sum(mul(weights, around), 2, 3);
    Tensor ordered = permute(reshape(fine, n, 2, S, S, h, w), 0, 1, 4, 2, 5, 3);
    return reshape(ordered, n, 2, S * h, S * w);
  }

  /** [N, 2, h, w] -> [N, 2, 9, h, w] (PyTorch: unfold with padding 1). */
  private static Tensor neighbours(Tensor x) {
    int h = x.dim(2);
    int w = x.dim(3);
    Tensor padded = pad(pad(x, 3, 1, 1), 2, 1, 1);
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < NEIGHBOURS; i++) {
      Tensor rows = slice(padded, 2, i / 3, i / 3 + h);
      Tensor part = slice(rows, 3, i % 3, i % 3 + w);
      parts.add(reshape(part, x.dim(0), x.dim(1), 1, h, w));
    }
    return concat(2, parts);
  }
}
