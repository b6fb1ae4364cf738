package tools.conform;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.dino.Vit;
import medsora.dino.VitConfig;

/**
 * {@code dino_*}: for every picture {@code in.imageX} of any size, X a suffix or nothing, the
 * normalised outputs of the blocks with the class token first ({@code out.layerNX}), their
 * statistics ({@code stats.layersX}) and the position table resized to its grid ({@code
 * out.pos_embedX}). What ends in {@code _sub} holds every so many rows and columns.
 */
final class DinoFamily implements Family {
  static final Limits LIMITS = Limits.noise(1e-6);

  private static final String PICTURE = "in.image";
  private static final Pattern LAYER =
      Pattern.compile("out\\.layer(\\d{1,3})((?:_\\w+?)??)(_sub)?");
  private static final Pattern PLACES = Pattern.compile("out\\.pos_embed((?:_\\w+?)??)(_sub)?");

  /** Steps of the published fixture's parts, where its shapes leave a choice. */
  private static final int ROWS = 16;

  private static final int COLUMNS = 8;
  private static final int TABLE_COLUMNS = 16;

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    Vit vit = new Vit(config(file));
    FormulaWeights.of(file).fill(vit);
    for (String suffix : file.namesUnder(PICTURE)) {
      try (Tape scope = Tape.noGrad()) {
        picture(check, vit, suffix);
      }
    }
  }

  private static void picture(Check check, Vit vit, String suffix) {
    FixtureFile file = check.file();
    Shape shape = file.shape(PICTURE + suffix, 4);
    List<Tensor> layers = vit.layers(file.tensor(PICTURE + suffix));
    for (String name : file.names()) {
      Matcher layer = LAYER.matcher(name);
      Matcher places = PLACES.matcher(name);
      if (layer.matches() && layer.group(2).equals(suffix)) {
        int block = Integer.parseInt(layer.group(1));
        UnfitException.unless(block < layers.size(), "%s: %d blocks", name, layers.size());
        check.floats(name, Parted.like(file, name, layers.get(block), ROWS, COLUMNS));
      } else if (places.matches() && places.group(1).equals(suffix)) {
        int patch = vit.config().patch();
        Tensor table = vit.positions(shape.dim(2) / patch, shape.dim(3) / patch);
        check.floats(name, Parted.like(file, name, table, 1, TABLE_COLUMNS));
      }
    }
    if (file.contains("stats.layers" + suffix)) {
      check.statistics("stats.layers" + suffix, statistics(layers));
    }
  }

  /** The published small network, but for what the shapes and the metadata say. */
  private static VitConfig config(FixtureFile file) {
    VitConfig s = VitConfig.S8;
    int width = s.width();
    int depth = s.depth();
    int patch = file.number("patch", s.patch());
    for (String name : file.names()) {
      Matcher layer = LAYER.matcher(name);
      if (layer.matches() && layer.group(3) == null) {
        width = file.shape(name, 3).dim(2);
      } else if (name.startsWith("stats.layers")) {
        depth = file.shape(name, 2).dim(0);
      }
    }
    int headWidth = s.width() / s.heads();
    UnfitException.unless(
        patch > 0 && width % headWidth == 0, "patches of %d, tokens of %d", patch, width);
    int grid = file.number("grid", s.grid() * s.patch() / patch);
    return new VitConfig(patch, width, depth, width / headWidth, grid);
  }

  private static List<Statistics> statistics(List<Tensor> layers) {
    List<Statistics> out = new ArrayList<>();
    layers.forEach(layer -> out.add(Statistics.of(layer.toArray())));
    return out;
  }
}
