package tools.conform;

import engine.autodiff.Tape;
import engine.op.attention.Attention;
import engine.reference.Formula;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.metric.network.C3d;
import medsora.metric.network.C3dFeatures;
import nn.io.Weights;

/**
 * {@code metric_c3d_formula}: C3D on clips {@code in.NAME.video} in -1..1, less the mean cube that
 * the metadata {@code mean} give by formula.
 */
final class MetricC3dFamily implements Family {
  static final Limits LIMITS = Limits.noise(6.9e-7);

  private static final String VIDEO = ".video";
  private static final Pattern MEAN =
      Pattern.compile(
          "inp\\(seed=(-?\\d+),k=(\\d+),\\((\\d+),(\\d+),(\\d+),(\\d+)\\),amp=([^,]+),off=([^)]+)\\)");

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    C3d network = new C3d();
    FormulaWeights.fill(network, FormulaWeights.seed(file), MetricC3dFamily::range);
    C3dFeatures features = new C3dFeatures(network, mean(file));
    for (String in : file.namesUnder("in.")) {
      if (in.endsWith(VIDEO)) {
        String name = in.substring(0, in.length() - VIDEO.length());
        video(check, features, network, name);
      }
    }
  }

  private static Formula.Range range(String name, long... shape) {
    boolean rectified = name.endsWith(".weight") && !name.startsWith("fc8");
    Formula.Range range = rectified ? MetricI3dFamily.rectified(shape) : Formula.range(name, shape);
    return name.equals("conv1a.weight") ? new Formula.Range(0, range.amplitude() / 100) : range;
  }

  private static Tensor mean(FixtureFile file) {
    String text = file.metadata("mean").orElse("").replace(" ", "");
    Matcher m = MEAN.matcher(text);
    UnfitException.unless(m.matches(), "metadata mean='%s' is no inp(...) of four axes", text);
    Shape shape =
        Shape.of(
            Integer.parseInt(m.group(3)),
            Integer.parseInt(m.group(4)),
            Integer.parseInt(m.group(5)),
            Integer.parseInt(m.group(6)));
    double amplitude = Double.parseDouble(m.group(7));
    double offset = Double.parseDouble(m.group(8));
    long seed = Long.parseLong(m.group(1));
    long k = Long.parseLong(m.group(2));
    return Tensor.of(shape, Formula.input(seed, k, Weights.extents(shape), amplitude, offset));
  }

  private static void video(Check check, C3dFeatures features, C3d network, String name) {
    String out = "out." + name + ".";
    List<Statistics> rows = new ArrayList<>();
    try (Tape scope = Tape.noGrad()) {
      Tensor x = features.prepared(check.file().tensor("in." + name + VIDEO));
      check.floats(out + "pre_sub", Sub.every(Sub.every(Sub.every(x, 2, 5), 3, 13), 4, 11));
      rows.add(Statistics.of(x.toArray()));
      Tensor last =
          network.forward(
              x,
              (place, y) -> {
                rows.add(Statistics.of(y.toArray()));
                layer(check, name, place, y);
              });
      Tensor logits = network.logits(last);
      Tensor probabilities = Attention.softmax(logits);
      rows.add(Statistics.of(logits.toArray()));
      rows.add(Statistics.of(probabilities.toArray()));
      check.statistics("stats." + name + ".layers", rows);
      check.floats(out + "logits", logits);
      check.floats(out + "probabilities", probabilities);
    }
  }

  private static void layer(Check check, String clip, String place, Tensor y) {
    String held = "out." + clip + "." + place + "_sub";
    if (check.file().contains(held)) {
      check.floats(held, y.shape().rank() == 5 ? sub(y) : Sub.every(y, 1, 16));
    }
    String extents = "const." + clip + "." + place + "_thw";
    if (check.file().contains(extents)) {
      check.integers(extents, new int[] {y.dim(2), y.dim(3), y.dim(4)});
    }
  }

  private static Tensor sub(Tensor y) {
    Tensor frames = Sub.parts(Sub.parts(y, 1, 16), 2, 3);
    return Sub.parts(Sub.parts(frames, 3, 4), 4, 4);
  }
}
