package medsora.baseline.lvdm;

import medsora.diffusion.Practice;
import medsora.diffusion.Schedule;
import nn.optim.Ema;

/**
 * LVDM's diffusion: betas linear in their roots from 0.0015 to 0.0155, the mean of |noise -
 * prediction| as loss, AdamW with weight decay 0.01, and an average that warms up from 2/11.
 */
public final class LvdmProcess {
  /** The whole of it. */
  public static final Practice PRACTICE =
      new Practice(
          Schedule.rootLinear(0.0015, 0.0155),
          Practice.Error.ABSOLUTE,
          0.01,
          Ema.WarmUp.FROM_ONE,
          Practice.Walk.TO_THE_FIRST_STEP);

  private static final double LEAST_VARIANCE = 1e-20;

  private LvdmProcess() {}

  /**
   * A generated value in [-1,1] as a byte: (x + 1) * 127.5, clamped to 0..255 and cut off.
   * Not-a-number becomes 0.
   */
  public static byte toByte(float x) {
    float v = (x + 1f) * 127.5f;
    return (byte) (int) (v < 0 ? 0 : v > 255 ? 255 : v);
  }

  /** log of the posterior variance, which is 0 at the first step and held at 1e-20 there. */
  public static double logVariance(Schedule schedule, int step) {
    return StrictMath.log(Math.max(schedule.posteriorVariance(step), LEAST_VARIANCE));
  }
}
