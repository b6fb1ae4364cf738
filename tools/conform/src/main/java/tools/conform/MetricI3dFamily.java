package tools.conform;

import static engine.op.layout.Layout.slice;
import static engine.op.reduce.Reduce.mean;

import engine.autodiff.Tape;
import engine.op.attention.Attention;
import engine.reference.Formula;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.metric.network.I3d;
import medsora.metric.network.I3dFeatures;

/**
 * {@code metric_i3d_formula}: I3D on byte clips {@code in.NAME.video}, resized, to its logits; and
 * its trunk on {@code in.NAME.clip}, as they are.
 */
final class MetricI3dFamily implements Family {
  static final Limits LIMITS = Limits.noise(2.3e-6);

  private static final String VIDEO = ".video";
  private static final String CLIP = ".clip";

  /** I3D with the weights that every fixture of it has. */
  static I3d network(long seed, double eps) {
    I3d network = new I3d(eps);
    FormulaWeights.fill(network, seed, MetricI3dFamily::range);
    return network;
  }

  private static Formula.Range range(String name, long... shape) {
    boolean rectified = name.endsWith("conv3d.weight") && !name.startsWith("logits");
    return rectified ? rectified(shape) : Formula.range(name, shape);
  }

  /** Weights of a layer that a ReLU follows. */
  static Formula.Range rectified(long... shape) {
    return new Formula.Range(0, Formula.range("weight", shape).amplitude() * Math.sqrt(2));
  }

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    long seed = FormulaWeights.seed(file);
    I3d network = network(seed, I3d.EPS);
    for (String in : file.namesUnder("in.")) {
      if (in.endsWith(VIDEO)) {
        video(check, network, in.substring(0, in.length() - VIDEO.length()));
      } else if (in.endsWith(CLIP)) {
        clip(check, network, in.substring(0, in.length() - CLIP.length()));
      }
    }
    for (String out : file.namesUnder("out.")) {
      if (out.endsWith(".logits_eps1e5")) {
        I3d copy = network(seed, I3d.COPIES_EPS);
        String video = "in." + out.substring(0, out.indexOf('.')) + VIDEO;
        I3dFeatures features = new I3dFeatures(copy, I3dFeatures.Variant.COPIES);
        check.floats("out." + out, features.features(file.tensor(video)));
      }
    }
  }

  private static void video(Check check, I3d network, String name) {
    String out = "out." + name + ".";
    I3dFeatures features = new I3dFeatures(network, I3dFeatures.Variant.STYLEGAN_V);
    try (Tape scope = Tape.noGrad()) {
      Tensor x = features.prepared(check.file().tensor("in." + name + VIDEO));
      Tensor rows = Sub.every(Sub.every(x, 2, 5), 3, 3, 28);
      check.floats(out + "input_sub", Sub.every(rows, 4, 5, 28));
      Tensor pooled = network.pooled(trunk(check, network, name, x));
      Tensor steps = network.steps(pooled);
      Tensor logits = mean(steps, 2, 3);
      check.floats(out + "pool_mean", mean(pooled, 2, 3));
      check.floats(out + "logits_per_step", steps);
      check.floats(out + "logits", logits);
      check.floats(out + "probabilities", Attention.softmax(logits));
    }
  }

  private static void clip(Check check, I3d network, String name) {
    try (Tape scope = Tape.noGrad()) {
      Tensor last = trunk(check, network, name, check.file().tensor("in." + name + CLIP));
      String held = "out." + name + ".Mixed_5c_first64";
      check.floats(held, slice(last, 1, 0, check.file().shape(held, 5).dim(1)));
    }
  }

  private static Tensor trunk(Check check, I3d network, String clip, Tensor x) {
    List<Statistics> rows = new ArrayList<>();
    Tensor last =
        network.trunk(
            x,
            (place, y) -> {
              rows.add(Statistics.of(y.toArray()));
              String held = "out." + clip + "." + place + "_sub";
              if (check.file().contains(held)) {
                check.floats(held, sub(y));
              }
              String extents = "const." + clip + "." + place + "_thw";
              if (check.file().contains(extents)) {
                check.integers(extents, new int[] {y.dim(2), y.dim(3), y.dim(4)});
              }
            });
    check.statistics("stats." + clip + ".endpoints", rows);
    return last;
  }

  private static Tensor sub(Tensor y) {
    Tensor frames = Sub.parts(Sub.parts(Sub.first(y), 1, 16), 2, 2);
    return Sub.parts(Sub.parts(frames, 3, 5), 4, 5);
  }
}
