package medsora.baseline.timesformer;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.expand;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Mode;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.init.Initializer;
import nn.layer.Conv2d;
import nn.layer.LayerNorm;

/** The network of clips, under the names of the published state dicts, without a head. */
public final class TimeSformer extends Module {
  static final double EPS = 1e-6;
  static final Initializer INIT = Init.normal(0.02);

  private static final int COLOURS = 3;

  private final TimeSformerConfig config;
  private final Parameter classToken;
  private final Parameter places;
  private final Parameter times;
  private final Conv2d patches;
  private final List<DividedBlock> blocks = new ArrayList<>();
  private final LayerNorm norm;

  public TimeSformer(TimeSformerConfig c) {
    this.config = c;
    int width = c.width();
    this.classToken = parameter("cls_token", Shape.of(1, 1, width), INIT);
    this.places = parameter("pos_embed", Shape.of(1, 1 + c.patches(), width), INIT);
    this.times = parameter("time_embed", Shape.of(1, c.frames(), width), Init.zeros());
    this.patches =
        child(
            "patch_embed.proj",
            Conv2d.patches(COLOURS, width, c.patch(), Init.fanInUniform(), Init.zeros()));
    for (int i = 0; i < c.depth(); i++) {
      blocks.add(child("blocks." + i, new DividedBlock(c, i)));
    }
    this.norm = child("norm", new LayerNorm(width, EPS));
  }

  public TimeSformerConfig config() {
    return config;
  }

  /**
   * Tokens after the last norm.
   *
   * @param clips [N, 3, frames, image, image], normalised
   * @return [N, 1 + patches * frames, width]: the class token, then patch by patch with the frame
   *     fastest
   */
  public Tensor tokens(Tensor clips, Mode mode) {
    Tensor x = embedded(clips);
    for (DividedBlock block : blocks) {
      x = block.forward(x, mode);
    }
    return norm.forward(x);
  }

  /** The class token of {@link #tokens}: [N, 3, frames, image, image] -> [N, width]. */
  public Tensor forward(Tensor clips, Mode mode) {
    Tensor all = tokens(clips, mode);
    return reshape(slice(all, 1, 0, 1), all.dim(0), config.width());
  }

  /** Places are added to the patches of every frame and to the class token, times to patches. */
  private Tensor embedded(Tensor clips) {
    int n = clips.dim(0);
    int t = config.frames();
    int width = config.width();
    int cells = config.patches();
    ShapeException.require(
        clips.shape().equals(Shape.of(n, COLOURS, t, config.image(), config.image())),
        "timesformer",
        "wants clips [N,3,%d,%d,%d], got %s",
        t,
        config.image(),
        config.image(),
        clips.shape());
    Tensor grid = reshape(patches.frames(clips), n, width, t, cells);
    Tensor place = slice(places.value(), 1, 1, 1 + cells);
    Tensor byPatch = add(permute(grid, 0, 3, 2, 1), reshape(place, 1, cells, 1, width));
    Tensor timed = add(byPatch, reshape(times.value(), 1, 1, t, width));
    Tensor token = add(classToken.value(), slice(places.value(), 1, 0, 1));
    return concat(1, expand(token, 0, n), reshape(timed, n, cells * t, width));
  }
}
