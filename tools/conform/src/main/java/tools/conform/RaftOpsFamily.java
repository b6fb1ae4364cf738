package tools.conform;

import static engine.op.layout.Layout.gather;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.stream.IntStream;
import medsora.flow.raft.CorrelationPyramid;
import medsora.flow.raft.FlowUpsampling;
import medsora.flow.raft.RaftEstimator;

/** {@code raft_ops}: sampling, both enlargements, the lookup of correlations, and padding. */
final class RaftOpsFamily implements Family {
  private static final int RADIUS = 4;
  private static final int SUB = 3;

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
    CorrelationPyramid pyramid =
        new CorrelationPyramid(file.tensor("corr.fmap1"), file.tensor("corr.fmap2"), RADIUS);
    Tensor y = pyramid.lookup(file.tensor("corr.coords_xy"));
    Tensor rows = gather(y, 2, every(y.dim(2)));
    check.floats("corr.out_sub", gather(rows, 3, every(y.dim(3))));
  }

  private static int[] every(int extent) {
    return IntStream.range(0, (extent + SUB - 1) / SUB).map(i -> SUB * i).toArray();
  }
}
