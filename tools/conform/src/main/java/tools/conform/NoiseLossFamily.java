package tools.conform;

import static engine.op.elementwise.Elementwise.add;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.Schedule;

/** {@code noise_loss}: squared error and variational bound of a given prediction. */
final class NoiseLossFamily implements Family {
  static final Limits LIMITS = Limits.STANDARD;

  private static final String PREDICTION = "model_output";

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    NoiseLoss loss = new NoiseLoss(Schedule.full());
    try (Tape tape = Tape.open()) {
      Tensor prediction = file.tensor(PREDICTION).asParameter();
      NoiseLoss.Terms terms =
          loss.terms(prediction, file.tensor("x_start"), file.tensor("noise"), file.ints("t"));
      check.floats("out.mse", terms.mse());
      Tensor each = terms.mse();
      if (terms.bound() != null) {
        check.floats("out.vb", terms.bound());
        each = add(terms.mse(), terms.bound());
      }
      check.floats("out.loss", each);
      Tensor total = terms.total();
      check.floats("out.mean_loss", total);
      check.floats("grad." + PREDICTION, tape.backward(total).of(prediction));
    }
  }
}
