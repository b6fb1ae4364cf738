package medsora.dino;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.op.layout.Layout;
import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.init.Initializer;
import nn.layer.Conv2d;
import nn.layer.LayerNorm;

/**
 * The vision transformer under the names of DINO's published state dicts. Pictures may have any
 * size of at least one patch; what is left over beside whole patches is not seen.
 */
public final class Vit extends Module {
  static final double EPS = 1e-6;

  /** Published: normal with deviation 0.02 (cut off at 100 deviations, that is nowhere). */
  static final Initializer INIT = Init.normal(0.02);

  /** Added to the grid by the published resizing, against rounding; it moves the sampling. */
  private static final double GRID_OFFSET = 0.1;

  private final VitConfig config;
  private final Parameter classToken;
  private final Parameter positions;
  private final Conv2d patches;
  private final List<VitBlock> blocks = new ArrayList<>();
  private final LayerNorm norm;

  public Vit(VitConfig config) {
    this.config = config;
    int width = config.width();
    int cells = config.grid() * config.grid();
    this.classToken = parameter("cls_token", Shape.of(1, 1, width), INIT);
    this.positions = parameter("pos_embed", Shape.of(1, 1 + cells, width), INIT);
    Initializer first = Init.fanInUniform();
    Initializer bias = Init.uniform(1 / Math.sqrt(3.0 * config.patch() * config.patch()));
    this.patches = child("patch_embed.proj", Conv2d.patches(3, width, config.patch(), first, bias));
    for (int i = 0; i < config.depth(); i++) {
      blocks.add(child("blocks." + i, new VitBlock(width, config.heads())));
    }
    this.norm = child("norm", new LayerNorm(width, EPS));
  }

  public VitConfig config() {
    return config;
  }

  /**
   * Normalised outputs of all blocks (upstream: get_intermediate_layers).
   *
   * @param pictures [N, 3, H, W], H and W at least a patch
   * @return for each block [N, 1 + tokens, width], the class token first
   */
  public List<Tensor> layers(Tensor pictures) {
    List<Tensor> out = new ArrayList<>();
    Tensor x = tokens(pictures);
    for (VitBlock block : blocks) {
      x = block.forward(x);
      out.add(norm.forward(x));
    }
    return out;
  }

  /** The normalised class token after the last block, [N, width]. */
  public Tensor forward(Tensor pictures) {
    Tensor x = tokens(pictures);
    for (VitBlock block : blocks) {
      x = block.forward(x);
    }
    Tensor first = slice(x, 1, 0, 1);
    return norm.forward(reshape(first, x.dim(0), config.width()));
  }

  /** Patches after the class token, with their places added. */
  private Tensor tokens(Tensor pictures) {
    ShapeException.require(
        pictures.shape().rank() == 4
            && pictures.dim(1) == 3
            && pictures.dim(2) >= config.patch()
            && pictures.dim(3) >= config.patch(),
        "vit",
        "wants pictures [N,3,H,W] of at least one patch of %d pixels, got %s",
        config.patch(),
        pictures.shape());
    Tensor grid = patches.forward(pictures);
    int n = grid.dim(0);
    int rows = grid.dim(2);
    int columns = grid.dim(3);
    Tensor cells = permute(reshape(grid, n, config.width(), rows * columns), 0, 2, 1);
    Tensor first = Layout.expand(classToken.value(), 0, n);
    return add(concat(1, first, cells), positions(rows, columns));
  }

  /**
   * The position table for a grid, [1, 1 + rows * columns, width]: the class token's own, then the
   * others resized bicubically.
   */
  public Tensor positions(int rows, int columns) {
    Tensor table = positions.value();
    int side = config.grid();
    if (rows == side && columns == side) {
      return table;
    }
    int width = config.width();
    Tensor first = slice(table, 1, 0, 1);
    Tensor cells = slice(table, 1, 1, table.dim(1));
    Tensor planes = permute(reshape(cells, 1, side, side, width), 0, 3, 1, 2);
    Tensor resized =
        Resample.bicubic2d(
            planes, rows, columns, (rows + GRID_OFFSET) / side, (columns + GRID_OFFSET) / side);
    Tensor list = reshape(permute(resized, 0, 2, 3, 1), 1, rows * columns, width);
    return concat(1, first, list);
  }
}
