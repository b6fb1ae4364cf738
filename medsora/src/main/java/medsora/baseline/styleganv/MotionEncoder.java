package medsora.baseline.styleganv;

import static engine.op.elementwise.Elementwise.leakyRelu;
import static engine.op.layout.Layout.gather;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.Module;

/**
 * Noise at moments -> a code for every frame: two convolutions over the moments give a path of
 * motion codes u, and {@link TimeEncoder} reads it at any time.
 */
public final class MotionEncoder extends Module {
  private static final float RATE = 0.01f;

  private final GeneratorConfig.Motion config;
  private final TimeEncoder times;
  private final EqualConv1d first;
  private final EqualConv1d second;

  MotionEncoder(GeneratorConfig.Motion config) {
    this.config = config;
    this.times = child("time_encoder", new TimeEncoder(config));
    this.first = child("conv.0", new EqualConv1d(config.z(), config.z(), config.taps(), RATE));
    this.second = child("conv.1", new EqualConv1d(config.z(), config.u(), config.taps(), RATE));
  }

  /**
   * Codes of the frames of one clip.
   *
   * @param noise [1, moments, z], at least up to {@link GeneratorConfig.Motion#moments} of the last
   * @param begin number of the first moment in it; no frame lies before it
   * @return [frames, v]
   */
  public Tensor forward(FrameTimes frames, Tensor noise, int begin, Watch watch) {
    Tensor path = path(noise, watch);
    watch.see("motion.trajectory", permute(path, 0, 2, 1));
    int[] left = frames.leftIndex();
    int[] right = new int[left.length];
    for (int i = 0; i < left.length; i++) {
      left[i] -= begin;
      right[i] = left[i] + 1;
      ShapeException.require(
          left[i] >= 0 && right[i] < path.dim(1),
          "motion",
          "a frame at %s wants %d moments, noise=%s has those from %d on",
          frames.t()[i],
          config.moments(frames.t()[i]),
          noise.shape(),
          begin);
    }
    Tensor before = at(path, left);
    Tensor after = at(path, right);
    watch.see("motion.motion_u_left", before);
    watch.see("motion.motion_u_right", after);
    Tensor v = times.forward(frames, before, after, watch);
    watch.see("motion.v", v);
    return v;
  }

  /** [1, moments, z] -> [1, moments - lost, u]. */
  private Tensor path(Tensor noise, Watch watch) {
    Shape s = noise.shape();
    ShapeException.require(
        s.rank() == 3 && s.dim(0) == 1 && s.dim(2) == config.z() && s.dim(1) > config.lost(),
        "motion",
        "wants noise [1,moments,%d] of more than %d moments, got %s",
        config.z(),
        config.lost(),
        s);
    Tensor x = first.forward(permute(noise, 0, 2, 1));
    Tensor y = Tape.scoped(() -> leakyRelu(x, Activation.SLOPE));
    watch.see("motion.conv0", y);
    return permute(leakyRelu(second.forward(y), Activation.SLOPE), 0, 2, 1);
  }

  private Tensor at(Tensor path, int[] moments) {
    return reshape(gather(path, 1, moments), moments.length, config.u());
  }
}
