package tools.conform;

import java.util.Arrays;
import medsora.data.ClipSampler;
import medsora.data.Sampling;

/**
 * {@code frame_sampling}: rows [video length, largest begin index, begin, end], and the frames that
 * are picked for that begin.
 */
final class FrameSamplingFamily implements Family {
  static final Limits LIMITS = name -> 0;

  private static final String CASES = "total_randend_begin_end";
  private static final int COLUMNS = 4;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    int rows = file.shape("indices", 2).dim(0);
    int frames = file.shape("indices").dim(1);
    UnfitException.unless(
        file.shape(CASES, 2).dim(0) == rows && file.shape(CASES).dim(1) == COLUMNS,
        "%s is %s, indices %s",
        CASES,
        file.shape(CASES),
        file.shape("indices"));
    ClipSampler sampler = new ClipSampler(Sampling.REFERENCE, frames);
    int[] given = file.ints(CASES);
    int[] cases = new int[given.length];
    int[] picked = new int[rows * frames];
    for (int i = 0; i < rows; i++) {
      int[] row = Arrays.copyOfRange(given, i * COLUMNS, (i + 1) * COLUMNS);
      int total = row[0];
      int begin = row[2];
      int[] indices = sampler.indices(total, begin);
      // The last picked frame is the last of the window.
      int[] ours = {total, sampler.begins(total) - 1, begin, indices[frames - 1] + 1};
      System.arraycopy(ours, 0, cases, i * COLUMNS, COLUMNS);
      System.arraycopy(indices, 0, picked, i * frames, frames);
    }
    check.integers(CASES, cases);
    check.integers("indices", picked);
  }
}
