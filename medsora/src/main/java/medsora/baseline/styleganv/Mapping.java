package medsora.baseline.styleganv;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.elementwise.Elementwise.unary;
import static engine.op.layout.Layout.reshape;

import engine.kernel.Unary;
import engine.op.reduce.Reduce;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;

/** z -> w: the noise brought to unit length, then linear layers. */
public final class Mapping extends Module {
  private static final float RATE = 0.01f;
  private static final float EPS = 1e-8f;

  private final Tensor average;
  private final List<EqualLinear> layers = new ArrayList<>();

  Mapping(GeneratorConfig config) {
    this.average = buffer("w_avg", Tensor.zeros(Shape.of(config.w())));
    for (int i = 0; i < config.mappingLayers(); i++) {
      int in = i == 0 ? config.z() : config.w();
      layers.add(child("fc" + i, EqualLinear.of(in, config.w(), RATE, 0)));
    }
  }

  /** x / sqrt(mean x^2 + 1e-8) over the last axis; [N, z] kept. */
  public static Tensor normalised(Tensor x) {
    Tensor power = affine(Reduce.mean(square(x), 1, 2), 1, EPS);
    return mul(x, reshape(unary(Unary.RSQRT, power), x.dim(0), 1));
  }

  /** z [N, z] -> w [N, w]. */
  public Tensor forward(Tensor z, Watch watch) {
    Tensor x = normalised(z);
    watch.see("mapping.normalised", x);
    for (int i = 0; i < layers.size(); i++) {
      x = Activation.gained(layers.get(i).forward(x));
      watch.see(i == layers.size() - 1 ? "mapping.w" : "mapping.fc" + i, x);
    }
    return x;
  }

  /**
   * w [N, w] moved towards the average of training, average + psi (w - average), of the same shape:
   * less variety, fewer failures.
   */
  public Tensor truncated(Tensor w, float psi) {
    return add(average, scale(sub(w, average), psi));
  }
}
