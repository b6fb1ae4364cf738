package nn.loss;

import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.log;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.sub;

import engine.op.reduce.Reduce;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;

/** The cross entropy of classes (PyTorch: cross_entropy without reduction). */
public final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * log(sum_c e^x_c) - x_label for each row.
   *
   * @param logits [N, classes]
   * @param labels of the rows, N numbers from 0 to classes - 1
   * @return [N]
   */
  public static Tensor rows(Tensor logits, int[] labels) {
    Shape s = logits.shape();
    ShapeException.require(
        s.rank() == 2 && s.dim(0) == labels.length && s.dim(1) > 0,
        "crossEntropy",
        "wants logits [%d,classes], got %s",
        labels.length,
        s);
    int k = s.dim(1);
    float[] values = logits.toArray();
    float[] largest = new float[labels.length];
    float[] chosen = new float[values.length];
    for (int i = 0; i < labels.length; i++) {
      ShapeException.require(
          labels[i] >= 0 && labels[i] < k,
          "crossEntropy",
          "label %d of row %d is none of the classes of logits=%s",
          labels[i],
          i,
          s);
      largest[i] = values[i * k];
      for (int c = 1; c < k; c++) {
        largest[i] = Math.max(largest[i], values[i * k + c]);
      }
      chosen[i * k + labels[i]] = 1;
    }
    // Shifted by a constant, which the result does not depend on, so that no exponential overflows.
    Tensor x = sub(logits, Tensor.of(Shape.of(labels.length, 1), largest));
    return sub(log(Reduce.sum(exp(x), 1, 2)), Reduce.sum(mul(x, Tensor.of(s, chosen)), 1, 2));
  }
}
