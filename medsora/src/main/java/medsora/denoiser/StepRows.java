package medsora.denoiser;

import static engine.op.layout.Layout.gather;

import engine.tensor.Tensor;
import java.util.List;

/**
 * What a network makes of the diffusion step alone, such as the modulations of its blocks, for many
 * steps. Sampling computes them once: each is one product for all steps instead of a product with a
 * single row, which costs as much as reading its weights, in every step. Rows have the bits that a
 * forward pass computes. Belongs to the weights as they were.
 */
public final class StepRows {
  private final List<Tensor> tables;
  private final float[] steps;

  /**
   * Copies tables out of the scope in which they were computed.
   *
   * @param tables [steps, n] each, n its own
   * @param steps in the order of the rows
   */
  public StepRows(List<Tensor> tables, float... steps) {
    this.tables = tables.stream().map(t -> Tensor.of(t.shape(), t.toArray())).toList();
    this.steps = steps.clone();
  }

  /**
   * Rows of a table.
   *
   * @param t a step for each sample, among those that were prepared
   * @return [b, n]
   */
  public Tensor of(int table, float... t) {
    int[] rows = new int[t.length];
    for (int i = 0; i < t.length; i++) {
      rows[i] = row(t[i]);
    }
    return gather(tables.get(table), 0, rows);
  }

  private int row(float t) {
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] == t) {
        return i;
      }
    }
    throw new IllegalArgumentException("[denoiser] step " + t + " was not prepared");
  }
}
