package tools.conform;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.reference.Formula;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.baseline.endora.FeaturePrior;
import nn.Module;
import nn.init.Init;
import nn.io.Weights;
import nn.layer.Conv2d;
import nn.layer.Kernel2;

/**
 * {@code endora_prior}, whose inputs follow the formula, and {@code endora_prior_tiny}, whose
 * inputs are stored: both sides of the prior, its correlations, its value and its gradients.
 */
final class EndoraPriorFamily implements Family {
  static final Limits LIMITS = Limits.noise(1.2e-6);
  static final Limits TINY = Limits.noise(2.6e-7);

  private static final Pattern WEIGHT =
      Pattern.compile("cov\\.weight \\[(\\d{1,5}),(\\d{1,5}),2,2] = formula seed (\\d+), p (\\d+)");
  private static final Pattern SUB =
      Pattern.compile("cov\\.weight_sub ?= ?\\[::(\\d+), ?::(\\d+)]");
  private static final int MOST = 100;

  @Override
  public void check(Check check) throws IOException {
    FixtureFile file = check.file();
    if (file.contains("param.cov.weight")) {
      stored(check);
    } else {
      generated(check);
    }
  }

  /** The convolution under the name that the network gives it. */
  private static final class Target extends Module {
    private final Conv2d conv;

    Target(int out, int in) {
      Kernel2 kernel = Kernel2.of(2).stride(2);
      this.conv = child("cov", Conv2d.withoutBias(in, out, kernel, 1, Init.zeros()));
    }
  }

  private static void stored(Check check) throws IOException {
    FixtureFile file = check.file();
    Shape weight = file.shape("param.cov.weight", 4);
    Target target = new Target(weight.dim(0), weight.dim(1));
    ModuleCheck module = new ModuleCheck(check, target);
    module.loadParameters();
    List<Tensor> features = new ArrayList<>();
    List<Tensor> blocks = new ArrayList<>();
    for (int i = 0; file.contains("in.block" + i); i++) {
      features.add(file.tensor("in.feature" + i));
      blocks.add(module.input("block" + i));
    }
    try (Tape tape = Tape.open()) {
      FeaturePrior.Terms terms = new FeaturePrior(target.conv).of(features, blocks, 1);
      outputs(check, terms);
      module.gradients(tape.backward(terms.loss()));
    }
  }

  private static void generated(Check check) {
    FixtureFile file = check.file();
    String said = file.metadata("cov").orElse("");
    Matcher m = WEIGHT.matcher(said);
    UnfitException.unless(m.matches(), "metadata cov='%s'", said);
    int layers = file.number("layers");
    UnfitException.unless(layers > 0 && layers <= MOST, "%d layers", layers);
    Target target = new Target(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)));
    Tensor weight = target.conv.weight();
    Formula.Range range = Formula.range("cov.weight", Weights.extents(weight.shape()));
    long seed = Long.parseLong(m.group(3));
    weight.storage().write(Formula.value(range, weight.size(), seed, Long.parseLong(m.group(4))));
    FormulaInputs features = FormulaInputs.of(file, "features", 3);
    FormulaInputs blocks = FormulaInputs.of(file, "blocks", 3);
    List<Tensor> wanted = new ArrayList<>();
    List<Tensor> own = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      wanted.add(features.tensor(i));
      own.add(blocks.tensor(i).asParameter());
    }
    try (Tape tape = Tape.open()) {
      FeaturePrior.Terms terms = new FeaturePrior(target.conv).of(wanted, own, 1);
      outputs(check, terms);
      gradients(check, tape.backward(terms.loss()), weight, own);
    }
  }

  private static void outputs(Check check, FeaturePrior.Terms terms) {
    FeaturePrior.Sides normalised = FeaturePrior.normalised(terms.maps());
    check.floats("out.target_mean", terms.maps().target());
    check.floats("out.block_mean", terms.maps().block());
    check.floats("out.target_norm", normalised.target());
    check.floats("out.block_norm", normalised.block());
    check.floats("out.corr", terms.correlations());
    check.floats("out.prr", terms.loss());
  }

  private static void gradients(Check check, Gradients g, Tensor weight, List<Tensor> blocks) {
    List<Tensor> first = new ArrayList<>();
    for (Tensor block : blocks) {
      Tensor gradient = g.of(block);
      first.add(reshape(slice(gradient, 2, 0, 1), block.dim(0), block.dim(1)));
    }
    check.statistics("gradstat.cov.weight", List.of(Statistics.of(g.of(weight).toArray())));
    try (Tape scope = Tape.noGrad()) {
      Tensor all = concat(0, blocks.stream().map(g::of).toList());
      check.statistics("gradstat.blocks", List.of(Statistics.of(all.toArray())));
      check.floats("grad.block_channel0", concat(0, first));
      check.floats("grad.cov.weight_sub", part(check.file(), g.of(weight)));
    }
  }

  /** Every so many output and input channels of the convolution, as the metadata say. */
  static Tensor part(FixtureFile file, Tensor weight) {
    String said = file.metadata("sub").orElse("");
    Matcher m = SUB.matcher(said);
    UnfitException.unless(m.find(), "metadata sub='%s'", said);
    Tensor rows = Sub.every(weight, 0, Integer.parseInt(m.group(1)));
    return Sub.every(rows, 1, Integer.parseInt(m.group(2)));
  }
}
