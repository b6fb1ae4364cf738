package tools.conform;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.tensor.Tensor;
import medsora.baseline.downstream.FixMatchLoss;
import medsora.baseline.downstream.PseudoLabels;

/**
 * {@code fixmatch_*}: consecutive steps of one epoch. Of logits of labelled clips and of both views
 * of unlabelled ones, step i: {@code in.logits_x<i>}, {@code in.labels<i>}, {@code
 * in.logits_weak<i>}, {@code in.logits_strong<i>}: pseudo-labels, both losses, and the gradients of
 * the released one.
 */
final class FixMatchFamily implements Family {
  static final Limits LIMITS = Limits.noise(1.3e-4);

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    PseudoLabels labels = new PseudoLabels(file.decimal("threshold"), file.number("window"));
    for (int i = 0; i < file.number("steps"); i++) {
      step(check, labels, i);
    }
  }

  private static void step(Check check, PseudoLabels labels, int i) {
    FixtureFile file = check.file();
    try (Tape tape = Tape.open()) {
      Tensor x = file.tensor("in.logits_x" + i).asParameter();
      Tensor weak = file.tensor("in.logits_weak" + i).asParameter();
      Tensor strong = file.tensor("in.logits_strong" + i);
      PseudoLabels.Labels pseudo = labels.next(weak);
      check.floats("out.aligned" + i, pseudo.aligned());
      check.floats("out.score" + i, pseudo.score());
      check.integers("out.pseudo" + i, pseudo.label());
      check.floats("out.mask" + i, pseudo.mask());
      int[] classes = file.ints("in.labels" + i);
      FixMatchLoss released = FixMatchLoss.of(x, classes, weak, pseudo);
      check.floats("out.loss_x" + i, released.labelled());
      check.floats("out.loss_u_released" + i, released.unlabelled());
      FixMatchLoss meant = FixMatchLoss.of(x, classes, strong, pseudo);
      check.floats("out.loss_u_strong" + i, meant.unlabelled());
      Gradients g = tape.backward(released.total());
      check.floats("grad.in.logits_x" + i, g.of(x));
      check.floats("grad.in.logits_weak" + i, g.of(weak));
    }
  }
}
