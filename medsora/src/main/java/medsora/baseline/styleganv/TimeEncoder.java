package medsora.baseline.styleganv;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.elementwise.Elementwise.tanh;
import static engine.op.elementwise.Elementwise.unary;
import static engine.op.layout.Layout.concat;

import engine.kernel.Unary;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;

/**
 * The acyclic encoding of time: waves whose periods and phases the motion code of the moment before
 * a frame sets, brought to what the codes of both moments say where these lie.
 *
 * <pre>
 *   p = tanh(A u_left) + 1      wave(t) = [sin, cos](f p t + phase(u_left) * scale)
 *   v = wave(t) - lerp(wave(t_left), wave(t_right)) + lerp(B u_left, B u_right)
 * </pre>
 */
final class TimeEncoder extends Module {
  private final Tensor frequencies;
  private final Tensor phaseScales;
  private final EqualLinear periods;
  private final EqualLinear phase;
  private final EqualLinear aligners;

  TimeEncoder(GeneratorConfig.Motion c) {
    int n = c.frequencies();
    Shape row = Shape.of(1, n);
    double low = log2(c.shortest());
    double high = log2(c.longest());
    this.frequencies =
        buffer(
            "freqs",
            Tensor.generate(
                row,
                i -> {
                  double share = n == 1 ? 0 : i / (n - 1.0);
                  return 2 * Math.PI / StrictMath.pow(2, high + share * (low - high));
                }));
    float[] f = frequencies.toArray();
    this.phaseScales =
        buffer(
            "phase_scales", Tensor.generate(row, i -> c.longest() / (float) (2 * Math.PI / f[i])));
    this.periods = child("periods_predictor", EqualLinear.withoutBias(c.u(), n));
    this.phase = child("phase_predictor", EqualLinear.withoutBias(c.u(), n));
    this.aligners = child("aligners_predictor", EqualLinear.withoutBias(c.u(), 2 * n));
  }

  private static double log2(double x) {
    return StrictMath.log(x) / StrictMath.log(2);
  }

  /**
   * Codes of frames.
   *
   * @param left motion codes of the moments at or before, [frames, u]
   * @param right of those after, [frames, u]
   * @return v [frames, 2 frequencies]
   */
  Tensor forward(FrameTimes times, Tensor left, Tensor right, Watch watch) {
    Tensor linear = periods.forward(left);
    watch.see("motion.periods_linear", linear);
    Tensor shift = phase.forward(left);
    watch.see("motion.phase_linear", shift);
    Tensor speed = mul(frequencies, affine(tanh(linear), 1, 1));
    Tensor offset = mul(shift, phaseScales);
    Tensor way = times.way();
    Tensor free = waves(speed, times.times(), offset);
    Tensor taken =
        lerp(waves(speed, times.left(), offset), waves(speed, times.right(), offset), way);
    Tensor given = lerp(aligners.forward(left), aligners.forward(right), way);
    return add(sub(free, taken), given);
  }

  private static Tensor waves(Tensor speed, Tensor t, Tensor offset) {
    Tensor angle = add(mul(speed, t), offset);
    return concat(1, unary(Unary.SIN, angle), unary(Unary.COS, angle));
  }

  private static Tensor lerp(Tensor a, Tensor b, Tensor way) {
    return add(mul(a, affine(way, -1, 1)), mul(b, way));
  }
}
