package tools.conform;

import java.util.Arrays;
import medsora.metric.protocol.ClipRule;
import medsora.metric.protocol.ClipRule.Begin;
import medsora.metric.protocol.ClipRule.Which;

/**
 * {@code metric_clip_sampling}: rows [frames of the video, L, s, kept, largest begin, last frame
 * reached from it], -1 where the video is not kept.
 */
final class ClipSamplingFamily implements Family {
  static final Limits LIMITS = name -> 0;

  private static final String ROWS = "rows";
  private static final int COLUMNS = 6;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    UnfitException.unless(
        file.shape(ROWS, 2).dim(1) == COLUMNS,
        "rows is %s, wanted are 6 columns",
        file.shape(ROWS));
    int[] given = file.ints(ROWS);
    int[] ours = new int[given.length];
    for (int at = 0; at < given.length; at += COLUMNS) {
      int[] row = Arrays.copyOfRange(given, at, at + COLUMNS);
      ClipRule rule = new ClipRule(row[1], row[2], 1, Which.FIRST, Begin.UNIFORM);
      int begin = rule.lastBegin(row[0]);
      int last = begin < 0 ? -1 : rule.indices(begin)[rule.frames() - 1];
      int[] got = {row[0], row[1], row[2], begin < 0 ? 0 : 1, begin, last};
      System.arraycopy(got, 0, ours, at, COLUMNS);
    }
    check.integers(ROWS, ours);
  }
}
