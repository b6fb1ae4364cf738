package tools.conform;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import medsora.baseline.endora.Endora;
import medsora.baseline.endora.EndoraConfig;
import medsora.baseline.endora.FeaturePrior;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.Schedule;
import nn.Mode;
import nn.layer.Conv2d;

/** {@code endora_train_step}: the whole loss of a step of training, with the prior. */
final class EndoraTrainFamily implements Family {
  static final Limits LIMITS =
      Limits.noise(1.4e-6).except(n -> !n.equals("out.target_tokens_sub"), 5e-4);

  /** A part of the target's tokens holds so many-th channels. */
  private static final int STEP = 64;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    EndoraConfig config = EndoraSizes.of(file, "in.x_start");
    Endora network = new Endora(config);
    ModuleCheck module = new ModuleCheck(check, network);
    module.formulaParameters();
    FormulaInputs described = FormulaInputs.of(file, "features", 3);
    Conv2d target = target(network);
    List<Tensor> features = new ArrayList<>();
    int[] pairs = pairs(file, config);
    for (int i = 0; i < pairs.length; i++) {
      features.add(described.tensor(i));
    }
    try (Tape tape = Tape.open()) {
      int[] t = file.ints("in.t");
      Tensor start = file.tensor("in.x_start");
      Tensor noise = file.tensor("in.noise");
      NoiseLoss loss = new NoiseLoss(Schedule.full());
      Endora.Output y =
          network.forward(loss.noised(start, noise, t), file.steps("in.t"), Mode.training(0, 0));
      NoiseLoss.Terms terms = loss.terms(y.prediction(), start, noise, t);
      Tensor bound = Objects.requireNonNull(terms.bound());
      List<Tensor> blocks = new ArrayList<>();
      for (int pair : pairs) {
        blocks.add(y.spatial().get(pair));
      }
      FeaturePrior.Terms prior = new FeaturePrior(target).of(features, blocks, config.frames());
      float weight = (float) file.decimal("prr_weight");
      Tensor total = add(terms.total(), scale(prior.loss(), weight));
      check.floats("out.y", y.prediction());
      check.floats("out.mse", terms.mse());
      check.floats("out.vb", bound);
      check.floats("out.loss", add(terms.mse(), bound));
      check.floats("out.prr", prior.loss());
      check.floats("out.total", total);
      check.floats("out.block_mean", prior.maps().block());
      Gradients g = tape.backward(total);
      module.gradients(g);
      check.floats("grad.cov.weight_sub", part(file, g, target));
    }
    tokens(check, target, features);
  }

  private static Conv2d target(Endora network) {
    Conv2d target = network.target();
    if (target == null) {
      throw new UnfitException("the prior wants images: use_image_num is 0");
    }
    return target;
  }

  private static Tensor part(FixtureFile file, Gradients g, Conv2d target) {
    try (Tape scope = Tape.noGrad()) {
      Tensor part = EndoraPriorFamily.part(file, g.of(target.weight()));
      return Tensor.of(part.shape(), part.toArray());
    }
  }

  /** The pairs of {@code special_list}, such as {@code [0, 1]}. */
  private static int[] pairs(FixtureFile file, EndoraConfig config) {
    String said = file.metadata("special_list").orElse("");
    UnfitException.unless(
        said.matches("\\[\\d{1,3}(, \\d{1,3})*]"), "metadata special_list='%s'", said);
    String[] parts = said.substring(1, said.length() - 1).split(", ");
    int[] pairs = new int[parts.length];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = Integer.parseInt(parts[i]);
      UnfitException.unless(pairs[i] < config.pairs(), "the network has no pair %d", pairs[i]);
    }
    return pairs;
  }

  /** What the convolution gives in full: the prior itself computes the mean of its channels. */
  private static void tokens(Check check, Conv2d target, List<Tensor> features) {
    try (Tape scope = Tape.noGrad()) {
      List<Tensor> all = new ArrayList<>();
      for (Tensor f : features) {
        int side = (int) Math.round(Math.sqrt(f.dim(1)));
        Tensor grid = reshape(permute(f, 0, 2, 1), f.dim(0), f.dim(2), side, side);
        Tensor y = target.forward(grid);
        Tensor tokens = reshape(y, y.dim(0), y.dim(1), y.dim(2) * y.dim(3));
        all.add(Sub.every(permute(tokens, 0, 2, 1), 2, STEP));
      }
      check.floats("out.target_tokens_sub", concat(0, all));
    }
  }
}
