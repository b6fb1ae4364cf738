package tools.conform;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.reduce.Reduce.mean;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.align.AlignmentConfig;
import medsora.align.AlignmentLoss;
import medsora.align.LayerPair;
import medsora.config.Config;
import medsora.denoiser.Denoiser;
import medsora.denoiser.DenoiserConfig;

/**
 * {@code align_*}: the released alignment loss of features and activations that follow the formula
 * {@code inp}; and {@code align_index_maps}, which block meets which layer.
 */
final class AlignFamily implements Family {
  static final Limits LIMITS = Limits.STANDARD;

  private static final AlignmentConfig RELEASED =
      Config.profile("reference").part("alignment", AlignmentConfig.class);

  private static final Pattern MAP = Pattern.compile("(local|blockonly)_(\\d+)");
  private static final int MAP_LAYERS = 12;
  private static final int MOST = 1000;

  @Override
  public void check(Check check) {
    List<String> maps =
        check.file().names().stream().filter(n -> MAP.matcher(n).matches()).toList();
    if (maps.isEmpty()) {
      loss(check);
    }
    for (String name : maps) {
      Matcher m = MAP.matcher(name);
      UnfitException.unless(m.matches() && m.group(2).length() < 5, "no map is called %s", name);
      boolean local = m.group(1).equals("local");
      List<LayerPair> pairs =
          LayerPair.of(
              activations(local),
              Integer.parseInt(m.group(2)),
              check.file().number("n_features", MAP_LAYERS));
      check.integers(
          name,
          local
              ? pairs.stream().mapToInt(LayerPair::layer).toArray()
              : pairs.stream()
                  .flatMap(p -> List.of(p.block(), p.layer()).stream())
                  .mapToInt(Integer::intValue)
                  .toArray());
    }
  }

  private static AlignmentConfig.Activations activations(boolean local) {
    return local ? AlignmentConfig.Activations.SPATIAL : AlignmentConfig.Activations.ODD_BLOCKS;
  }

  private static void loss(Check check) {
    FixtureFile file = check.file();
    FormulaInputs features = FormulaInputs.of(file, "features", 4);
    FormulaInputs blocks = FormulaInputs.of(file, "blocks", 4);
    AlignmentLoss loss = configured(file, features, blocks);
    check.integers("const.used_blocks", loss.pairs().stream().mapToInt(LayerPair::block).toArray());
    check.integers(
        "const.feature_index", loss.pairs().stream().mapToInt(LayerPair::layer).toArray());
    List<Tensor> targets = new ArrayList<>();
    try (Tape scope = Tape.noGrad()) {
      for (int layer : loss.layers()) {
        Tensor feature = features.tensor(layer);
        stored(check, "in.feature" + layer, feature);
        targets.add(scope.keep(loss.target(feature)));
      }
    }
    first(check, targets.get(0));
    aligned(check, loss, blocks, targets);
  }

  private static AlignmentLoss configured(
      FixtureFile file, FormulaInputs features, FormulaInputs blocks) {
    int depth = file.number("n_blocks");
    int layers = file.number("n_features");
    UnfitException.unless(
        depth > 0 && depth <= MOST && layers > 0 && layers <= MOST, "%d blocks", depth);
    String local = file.metadata("local").orElse("");
    UnfitException.unless(local.matches("True|False"), "metadata local='%s'", local);
    int grid = (int) Math.sqrt(blocks.dim(2));
    UnfitException.unless(grid * grid == blocks.dim(2), "tokens of no grid: %d", blocks.dim(2));
    DenoiserConfig.Switches s = MambaSizes.RELEASED.switches();
    int hidden = blocks.dim(3);
    int frames = blocks.dim(1);
    AlignmentConfig r = RELEASED;
    try {
      return new AlignmentLoss(
          new AlignmentConfig(
              true,
              r.alpha(),
              r.margin(),
              r.correlation(),
              r.weighting(),
              r.layerNorm(),
              r.sampling(),
              activations(local.equals("True")),
              r.colours(),
              r.frames(),
              r.pictures()),
          new DenoiserConfig(
                  1, 2 * grid, 2, hidden, depth, frames, frames, 1, hidden, 1, 4, 1, grid, s)
              .hiddenSizes(),
          features.dim(1),
          layers);
    } catch (IllegalArgumentException e) {
      throw new UnfitException(e.getMessage());
    }
  }

  /** An input that the file stores too is held against its formula. */
  private static void stored(Check check, String name, Tensor ours) {
    if (check.file().contains(name)) {
      check.floats(name, ours);
    }
  }

  /** The target of the first pair, which is alike for all frames. */
  private static void first(Check check, Tensor target) {
    try (Tape scope = Tape.noGrad()) {
      check.floats("out.target_layer_first", slice(slice(target, 0, 0, 1), 1, 0, 1));
    }
  }

  private static void aligned(
      Check check, AlignmentLoss loss, FormulaInputs blocks, List<Tensor> targets) {
    FixtureFile file = check.file();
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < file.number("n_blocks"); i++) {
      Tensor block = blocks.tensor(i);
      stored(check, "in.block" + i, block);
      leaves.add(block.asParameter());
    }
    try (Tape tape = Tape.open()) {
      List<Tensor> states =
          leaves.stream().map(b -> reshape(b, b.dim(0), b.dim(1) * b.dim(2), b.dim(3))).toList();
      AlignmentLoss.Terms terms =
          loss.of(new Denoiser.Output(null, states, states), targets, file.ints("t"));
      Tensor cov = mean(div(sum(terms.distances()), Tensor.scalar(terms.distances().size())));
      check.floats("out.r", distances(loss, states, targets));
      check.floats("out.cov", cov);
      check.floats("out.g_weighted_mean", terms.weighted());
      check.floats("out.margin_loss", terms.loss());
      check.floats("out.balanced", scale(terms.loss(), (float) RELEASED.alpha()));
      gradients(check, tape.backward(cov), leaves);
    }
  }

  private static Tensor sum(List<Tensor> parts) {
    Tensor total = parts.get(0);
    for (Tensor part : parts.subList(1, parts.size())) {
      total = add(total, part);
    }
    return total;
  }

  /** r of every token, layer after layer. */
  private static Tensor distances(AlignmentLoss loss, List<Tensor> states, List<Tensor> targets) {
    List<Tensor> all = new ArrayList<>();
    for (LayerPair pair : loss.pairs()) {
      Tensor target = targets.get(loss.layers().indexOf(pair.layer()));
      all.add(reshape(loss.distance(states.get(pair.block()), target), -1));
    }
    return concat(0, all);
  }

  private static void gradients(Check check, Gradients gradients, List<Tensor> leaves) {
    List<Statistics> rows = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      Tensor found = gradients.find(leaves.get(i));
      Tensor gradient = found == null ? Tensor.zeros(leaves.get(i).shape()) : found;
      if (check.file().contains("grad.block" + i)) {
        check.floats("grad.block" + i, gradient);
      }
      rows.add(Statistics.of(gradient.toArray()));
    }
    check.statistics("gradstat.blocks", rows);
  }
}
