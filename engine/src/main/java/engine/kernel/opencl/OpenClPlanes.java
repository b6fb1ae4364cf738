package engine.kernel.opencl;

import static engine.numeric.NumericContract.SUM_BLOCK;

import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.kernel.opencl.OpenClPlanes.Planes;
import engine.kernel.opencl.OpenClPlanes.Statistics;
import engine.tensor.Storage;
import org.jocl.cl_mem;

/** What group norm and batch norm share: passes over planes and sums around means (N6). */
final class OpenClPlanes extends OpenClFamily {
  private final OpenClReduce reductions;

  OpenClPlanes(OpenClContext context, OpenClReduce reductions) {
    super(context, "norms");
    this.reductions = reductions;
  }

  /**
   * How planes share statistics: {@code engine.kernel.scalar.ScalarPlanes}.
   *
   * @param shared neighbouring planes that share one mean and rstd
   */
  record Planes(int count, int size, int channels, int shared, int statistics) {}

  /** A mean and a 1 / sqrt(variance + eps) for each statistic. */
  record Statistics(cl_mem mean, cl_mem rstd) {}

  /** Sums of squares around means, run r taking mean r mod {@code means}. */
  void squares(cl_mem x, cl_mem mean, int count, int length, int means, cl_mem y) {
    int blocks = Math.max(1, Math.ceilDiv(length, SUM_BLOCK));
    OpenClStorage sums = scratch(count * blocks);
    runRows(
        "centred_squares",
        count * blocks,
        length,
        blocks,
        Math.max(1, means),
        x,
        mean,
        sums.memory());
    reductions.runSums(sums.memory(), count, blocks, y);
    sums.release();
  }

  void normalise(Planes p, NormInputs of, Statistics by, Storage y) {
    run(
        "planes_normalise",
        p.count * p.size,
        p.size,
        p.channels,
        p.shared,
        p.statistics,
        in(of.x()),
        by.mean,
        by.rstd,
        in(of.weight()),
        in(of.bias()),
        out(y));
  }

  /** Per plane the sums of g and of g * xhat. */
  void gradSums(Planes p, cl_mem x, Statistics by, cl_mem g, cl_mem sumG, cl_mem sumGx) {
    int blocks = Math.max(1, Math.ceilDiv(p.size, SUM_BLOCK));
    OpenClStorage partG = scratch(p.count * blocks);
    OpenClStorage partGx = scratch(p.count * blocks);
    runRows(
        "planes_grad_sums",
        p.count * blocks,
        p.size,
        blocks,
        p.shared,
        p.statistics,
        x,
        by.mean,
        by.rstd,
        g,
        partG.memory(),
        partGx.memory());
    reductions.runSums(partG.memory(), p.count, blocks, sumG);
    reductions.runSums(partGx.memory(), p.count, blocks, sumGx);
    partG.release();
    partGx.release();
  }

  /** gradInput = ((g * weight - a) - xhat * b) * rstd, a and b indexed like mean. */
  void gradInput(
      Planes p,
      NormSaved saved,
      Statistics by,
      Storage g,
      OpenClStorage a,
      OpenClStorage b,
      Storage gradInput) {
    run(
        "planes_grad_input",
        p.count * p.size,
        p.size,
        p.channels,
        p.shared,
        p.statistics,
        in(saved.x()),
        by.mean,
        by.rstd,
        in(saved.weight()),
        in(g),
        a.memory(),
        b.memory(),
        out(gradInput));
  }
}
