package medsora.baseline.timesformer;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.gelu;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.expand;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.op.reduce.Reduce;
import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import nn.init.Initializer;
import nn.layer.AttentionNames;
import nn.layer.AttentionSpec;
import nn.layer.LayerNorm;
import nn.layer.Linear;
import nn.layer.MultiHeadAttention;

/**
 * Divided attention: first each patch sees itself in the other frames, then each frame by itself is
 * seen by its patches and a copy of the class token, whose results are averaged over the frames.
 *
 * <pre>
 *   patches = patches + fc(attention over frames(norm(patches)))
 *   x       = [class, patches] + [mean of class results, attention over patches(norm(...))]
 *   x       = x + mlp(norm(x))
 * </pre>
 */
final class DividedBlock extends Module {
  private static final int RATIO = 4;

  private final int frames;
  private final DropPath dropped;
  private final LayerNorm norm1;
  private final MultiHeadAttention attention;
  private final LayerNorm temporalNorm;
  private final MultiHeadAttention temporalAttention;
  private final Linear temporal;
  private final LayerNorm norm2;
  private final Linear in;
  private final Linear out;

  /**
   * @param index from 0; the map behind the attention in time begins at 0 in all but the first
   */
  DividedBlock(TimeSformerConfig c, int index) {
    int width = c.width();
    AttentionSpec spec = AttentionSpec.of(width, c.heads());
    Initializer init = TimeSformer.INIT;
    Initializer first = index == 0 ? init : Init.zeros();
    this.frames = c.frames();
    this.dropped = new DropPath(c.dropPath(index));
    this.norm1 = child("norm1", new LayerNorm(width, TimeSformer.EPS));
    this.attention = child("attn", new MultiHeadAttention(spec, AttentionNames.TIMM, init));
    this.temporalNorm = child("temporal_norm1", new LayerNorm(width, TimeSformer.EPS));
    this.temporalAttention =
        child("temporal_attn", new MultiHeadAttention(spec, AttentionNames.TIMM, init));
    this.temporal = child("temporal_fc", new Linear(width, width, true, first));
    this.norm2 = child("norm2", new LayerNorm(width, TimeSformer.EPS));
    this.in = child("mlp.fc1", new Linear(width, RATIO * width, true, init));
    this.out = child("mlp.fc2", new Linear(RATIO * width, width, true, init));
  }

  /** [N, 1 + patches * frames, width], patch by patch with the frame fastest -> the same. */
  Tensor forward(Tensor x, Mode mode) {
    Tensor inTime = Tape.scoped(() -> inTime(x, mode));
    Tensor inSpace = Tape.scoped(() -> inSpace(slice(x, 1, 0, 1), inTime, mode));
    return Tape.scoped(() -> {
      Tensor mlp = out.forward(gelu(in.forward(norm2.forward(inSpace))));
      return add(inSpace, dropped.forward(mlp, mode));
    });
  }

  /** The patches after they saw themselves in other frames, [N, patches * frames, width]. */
  private Tensor inTime(Tensor x, Mode mode) {
    Tensor patches = slice(x, 1, 1, x.dim(1));
    int n = x.dim(0);
    int cells = patches.dim(1) / frames;
    int width = x.dim(2);
    Tensor rows = reshape(patches, n * cells, frames, width);
    Tensor seen = dropped.forward(temporalAttention.forward(temporalNorm.forward(rows)), mode);
    return add(patches, temporal.forward(reshape(seen, n, cells * frames, width)));
  }

  /**
   * @param token [N, 1, width]
   * @param patches [N, patches * frames, width]
   */
  private Tensor inSpace(Tensor token, Tensor patches, Mode mode) {
    int n = patches.dim(0);
    int cells = patches.dim(1) / frames;
    int width = patches.dim(2);
    Tensor copies = reshape(expand(token, 1, frames), n * frames, 1, width);
    Tensor byFrame = permute(reshape(patches, n, cells, frames, width), 0, 2, 1, 3);
    Tensor rows = concat(1, copies, reshape(byFrame, n * frames, cells, width));
    Tensor seen = dropped.forward(attention.forward(norm1.forward(rows)), mode);
    Tensor tokens = reshape(slice(seen, 1, 0, 1), n, frames, width);
    Tensor mean = reshape(Reduce.mean(tokens, 1, 2), n, 1, width);
    Tensor others = reshape(slice(seen, 1, 1, 1 + cells), n, frames, cells, width);
    Tensor byPatch = reshape(permute(others, 0, 2, 1, 3), n, cells * frames, width);
    return add(concat(1, token, patches), concat(1, mean, byPatch));
  }
}
