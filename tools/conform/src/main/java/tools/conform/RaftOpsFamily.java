package tools.conform;

import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.flow.raft.CorrelationPyramid;
import medsora.flow.raft.FlowUpsampling;
import medsora.flow.raft.RaftEstimator;

/**
 * {@code raft_ops}: sampling, both enlargements, the lookup of correlations, and padding. The reach
 * of the lookup shows in its channels, levels * (2 radius + 1)^2.
 */
final class RaftOpsFamily implements Family {
  private static final int SUB = 3;

  /** Of the pyramid of correlations, in both published networks. */
  private static final int LEVELS = 4;

  static final Limits LIMITS = Limits.STANDARD;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    try (Tape scope = Tape.noGrad()) {
      sampler(check);
      Tensor flow = file.tensor("upflow8.in");
      check.floats("upflow8.out", FlowUpsampling.bilinear(flow));
      check.floats("convex.out", FlowUpsampling.convex(flow, file.tensor("convex.mask")));
      lookup(check);
      check.floats("pad.out", RaftEstimator.padded(file.tensor("pad.in")));
    }
  }

  private static void sampler(Check check) {
    Tensor places = check.file().tensor("sampler.coords_xy");
    Shape s = check.file().shape("sampler.coords_xy", 4);
    Tensor y =
        Resample.bilinearSample(
            check.file().tensor("sampler.img"), reshape(places, s.dim(0), -1, s.dim(3)));
    check.floats("sampler.out", reshape(y, s.dim(0), y.dim(1), s.dim(1), s.dim(2)));
  }

  private static void lookup(Check check) {
    FixtureFile file = check.file();
    Shape held = file.shape("corr.out_sub", 4);
    int side = (int) Math.round(Math.sqrt(held.dim(1) / (double) LEVELS));
    UnfitException.unless(
        side % 2 == 1 && LEVELS * side * side == held.dim(1),
        "corr.out_sub=%s: wanted are %d levels of squares of odd sides",
        held,
        LEVELS);
    CorrelationPyramid pyramid =
        new CorrelationPyramid(
            file.tensor("corr.fmap1"), file.tensor("corr.fmap2"), (side - 1) / 2);
    Tensor y = pyramid.lookup(file.tensor("corr.coords_xy"));
    check.floats("corr.out_sub", Parted.like(file, "corr.out_sub", y, SUB, SUB));
  }
}
