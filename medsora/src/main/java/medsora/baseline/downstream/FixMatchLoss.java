package medsora.baseline.downstream;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;

import engine.op.reduce.Reduce;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.loss.CrossEntropy;

/**
 * The loss of a step: the cross entropy of labelled clips, and that of unlabelled ones under their
 * pseudo-labels where these count.
 *
 * @param labelled mean over the labelled clips, []
 * @param unlabelled sum over the clips that count, divided by all, []
 */
public record FixMatchLoss(Tensor labelled, Tensor unlabelled) {
  /** On which views of the unlabelled clips the loss is taken. */
  public enum View {
    /** As released, and probably not as meant: the network confirms what it says. */
    WEAK,
    /** As in the FixMatch paper (Sohn et al. 2020). */
    STRONG
  }

  /**
   * Of a batch.
   *
   * @param logits [N, classes] of the labelled clips
   * @param classes of them
   * @param unlabelled [M, classes] of the view that the loss is taken on
   * @param pseudo labels of these clips
   */
  public static FixMatchLoss of(
      Tensor logits, int[] classes, Tensor unlabelled, PseudoLabels.Labels pseudo) {
    Tensor each = CrossEntropy.rows(unlabelled, pseudo.label());
    Tensor mask = Tensor.of(Shape.of(pseudo.mask().length), pseudo.mask());
    return new FixMatchLoss(
        Reduce.mean(CrossEntropy.rows(logits, classes)), Reduce.mean(mul(each, mask)));
  }

  /** labelled + weight * unlabelled with a weight of 1, []. */
  public Tensor total() {
    return add(labelled, unlabelled);
  }
}
