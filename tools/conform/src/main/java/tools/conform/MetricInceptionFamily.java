package tools.conform;

import static engine.op.elementwise.Elementwise.affine;
import static engine.op.reduce.Reduce.mean;

import engine.autodiff.Tape;
import engine.op.attention.Attention;
import engine.reference.Formula;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import medsora.metric.network.Inception;
import medsora.metric.network.InceptionFeatures;
import medsora.metric.network.InceptionFeatures.Variant;

/**
 * {@code metric_inception_formula}: Inception on byte pictures {@code in.NAME.images}, prepared as
 * StyleGAN-V ({@code tf}) and as pytorch-fid do it.
 */
final class MetricInceptionFamily implements Family {
  static final Limits LIMITS = Limits.noise(2.1e-6);

  private static final String IMAGES = ".images";

  /** The blocks whose means pytorch-fid offers, by their channels. */
  private static final Map<String, String> MEANS =
      Map.of("MaxPool_1", "mean64", "MaxPool_2", "mean192", "Mixed_6e", "mean768");

  /** Inception with the weights that every fixture of it has. */
  static Inception network(long seed) {
    Inception network = new Inception();
    FormulaWeights.fill(network, seed, MetricInceptionFamily::range);
    return network;
  }

  private static Formula.Range range(String name, long... shape) {
    return name.endsWith("conv.weight")
        ? MetricI3dFamily.rectified(shape)
        : Formula.range(name, shape);
  }

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    Inception network = network(FormulaWeights.seed(file));
    for (String in : file.namesUnder("in.")) {
      if (in.endsWith(IMAGES)) {
        String name = in.substring(0, in.length() - IMAGES.length());
        try (Tape scope = Tape.noGrad()) {
          tensorFlow(check, network, name, file.tensor("in." + in));
        }
        try (Tape scope = Tape.noGrad()) {
          pytorchFid(check, network, name, file.tensor("in." + in));
        }
      }
    }
  }

  private static void tensorFlow(Check check, Inception network, String name, Tensor bytes) {
    String out = "out." + name + ".tf.";
    Tensor x = new InceptionFeatures(network, Variant.TENSORFLOW).prepared(bytes);
    // The file holds it before it is scaled.
    Tensor resized = affine(x, 128f, 128f);
    check.floats(out + "input_sub", Sub.every(Sub.every(resized, 2, 37), 3, 41));
    List<Statistics> rows = new ArrayList<>();
    Tensor features =
        network.forward(
            x,
            (place, y) -> {
              rows.add(Statistics.of(y.toArray()));
              if (check.file().contains(out + place + "_sub")) {
                Tensor channels = Sub.parts(Sub.first(y), 1, 24);
                check.floats(out + place + "_sub", Sub.parts(Sub.parts(channels, 2, 4), 3, 4));
              }
            });
    check.statistics("stats." + name + ".tf.blocks", rows);
    check.floats(out + "features", features);
    Tensor unbiased = network.logits(features, false);
    Tensor biased = network.logits(features, true);
    check.floats(out + "logits_unbiased", unbiased);
    check.floats(out + "logits", biased);
    check.floats(out + "probabilities", Attention.softmax(unbiased));
    check.floats(out + "probabilities_biased", Attention.softmax(biased));
  }

  private static void pytorchFid(Check check, Inception network, String name, Tensor bytes) {
    String out = "out." + name + ".pytorch_fid.";
    Tensor x = new InceptionFeatures(network, Variant.PYTORCH_FID).prepared(bytes);
    Tensor features =
        network.forward(
            x,
            (place, y) -> {
              if (MEANS.containsKey(place)) {
                check.floats(out + MEANS.get(place), mean(y, 2, 4));
              }
            });
    check.floats(out + "features", features);
  }
}
