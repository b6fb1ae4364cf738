package tools.conform;

import engine.autodiff.Tape;
import engine.op.layout.Layout;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.dino.Vit;
import medsora.dino.VitConfig;

/**
 * {@code dino_vits8_formula}: normalised outputs of the blocks with the class token first, and the
 * position table resized to two grids.
 */
final class DinoFamily implements Family {
  static final Limits LIMITS = Limits.noise(1e-6);

  private static final Pattern LAYER = Pattern.compile("layer(\\d{1,3})");

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    Vit vit = new Vit(VitConfig.S8);
    FormulaWeights.of(file).fill(vit);
    try (Tape scope = Tape.noGrad()) {
      List<Tensor> layers = vit.layers(file.tensor("in.image"));
      for (String name : file.namesUnder("out.")) {
        Matcher m = LAYER.matcher(name);
        if (m.matches()) {
          check.floats("out." + name, layers.get(Integer.parseInt(m.group(1))));
        }
      }
      check.statistics("stats.layers", statistics(layers));
      check.floats("out.pos_embed", vit.positions(8, 8));
      List<Tensor> large = vit.layers(file.tensor("in.image_128"));
      check.statistics("stats.layers_128", statistics(large));
      Tensor rows = every(large.getLast(), 1, 16);
      check.floats("out.layer11_128_sub", every(rows, 2, 8));
      check.floats("out.pos_embed_128_sub", every(vit.positions(16, 16), 2, 16));
    }
  }

  private static Tensor every(Tensor x, int axis, int step) {
    int[] index = new int[(x.dim(axis) + step - 1) / step];
    for (int i = 0; i < index.length; i++) {
      index[i] = i * step;
    }
    return Layout.gather(x, axis, index);
  }

  private static List<Statistics> statistics(List<Tensor> layers) {
    List<Statistics> out = new ArrayList<>();
    layers.forEach(layer -> out.add(Statistics.of(layer.toArray())));
    return out;
  }
}
