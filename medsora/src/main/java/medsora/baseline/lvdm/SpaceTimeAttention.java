package medsora.baseline.lvdm;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.linalg.Linalg.linear;
import static engine.op.linalg.Linalg.matmul;

import engine.op.attention.Attention;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.vae.StageWatcher;
import nn.Module;
import nn.init.Init;
import nn.layer.Conv1d;
import nn.layer.GroupNorm;
import nn.layer.Kernel1;

/**
 * Attention of the pixels within each frame, then of the frames at each pixel, each with group norm
 * before and the input added behind. Queries and keys are both scaled by d^-1/4, d the channels of
 * a head. Along time the scores know how far apart two frames are (frames i and j, the query q
 * scaled, the table not):
 *
 * <pre>
 * score[i,j] = q_i . k_j + q_j . K[i - j]      out_i = sum over j of softmax(score)[i,j] (v_j + V[j - i])
 * </pre>
 *
 * The second term has i and j exchanged against Shaw et al.: so does the released code, and
 * published weights were trained so.
 */
public final class SpaceTimeAttention extends Module {
  private static final Kernel1 POINT = Kernel1.of(1);

  private final int heads;
  private final int width;
  private final GroupNorm normSpace;
  private final GroupNorm normTime;
  private final Conv1d allSpace;
  private final Conv1d allTime;
  private final RelativePositions keys;
  private final RelativePositions values;
  private final Conv1d outSpace;
  private final Conv1d outTime;

  /**
   * @param channels a multiple of 32 and of the heads
   * @param frames the furthest distance between frames that has a vector of its own
   */
  public SpaceTimeAttention(int channels, int heads, int frames) {
    this.heads = heads;
    this.width = channels / heads;
    this.normSpace = child("norm_s", LvdmLayers.norm(channels));
    this.normTime = child("norm_t", LvdmLayers.norm(channels));
    this.allSpace = child("qkv_s", Conv1d.standard(channels, 3 * channels, POINT));
    this.allTime = child("qkv_t", Conv1d.standard(channels, 3 * channels, POINT));
    this.keys = child("relative_position_k", new RelativePositions(frames, width));
    this.values = child("relative_position_v", new RelativePositions(frames, width));
    this.outSpace = child("proj_out_s", zero(channels));
    this.outTime = child("proj_out_t", zero(channels));
  }

  private static Conv1d zero(int channels) {
    return new Conv1d(channels, channels, POINT, 1, Init.zeros(), Init.zeros());
  }

  /** Queries, keys and values, each [N heads, L, d]. */
  private record Heads(Tensor q, Tensor k, Tensor v) {}

  /** [b, C, T, H, W] -> the same shape. */
  public Tensor forward(Tensor x) {
    return forward(x, StageWatcher.NONE);
  }

  /**
   * The same, watched.
   *
   * @param watcher is shown what was attended to before it is projected, {@code spatial_attended}
   *     [b T, H W, C] and {@code temporal_attended} [b H W, T, C], and {@code temporal_qkv} [b H W,
   *     T, 3 C]
   */
  public Tensor forward(Tensor x, StageWatcher watcher) {
    Shape s = x.shape();
    int b = s.dim(0);
    int c = s.dim(1);
    int t = s.dim(2);
    int h = s.dim(3);
    int w = s.dim(4);
    Tensor frames = reshape(permute(x, 0, 2, 1, 3, 4), b * t, c, h * w);
    Tensor seen = reshape(space(frames, watcher), b, t, c, h, w);
    Tensor pixels = reshape(permute(seen, 0, 3, 4, 2, 1), b * h * w, c, t);
    return permute(reshape(time(pixels, watcher), b, h, w, c, t), 0, 3, 4, 1, 2);
  }

  /** [N, C, L] -> the same shape. */
  private Tensor space(Tensor x, StageWatcher watcher) {
    Heads h = heads(point(allSpace, tokens(normSpace.forward(x))));
    Tensor weights = Attention.softmax(matmul(h.q, false, h.k, true));
    Tensor attended = joined(matmul(weights, h.v), x.dim(0));
    watcher.gave("spatial_attended", attended);
    return add(x, tokens(point(outSpace, attended)));
  }

  /** [N, C, T] -> the same shape. */
  private Tensor time(Tensor x, StageWatcher watcher) {
    int frames = x.dim(2);
    Tensor all = point(allTime, tokens(normTime.forward(x)));
    watcher.gave("temporal_qkv", all);
    Heads h = heads(all);
    Tensor far = permute(byFrame(h.q, keys.vectors(frames), true), 1, 2, 0);
    Tensor weights = Attention.softmax(add(matmul(h.q, false, h.k, true), far));
    Tensor moved = permute(byFrame(weights, values.vectors(frames), false), 1, 0, 2);
    Tensor attended = joined(add(matmul(weights, h.v), moved), x.dim(0));
    watcher.gave("temporal_attended", attended);
    return add(x, tokens(point(outTime, attended)));
  }

  /** Row i of every x [N, T, ...] times the matrix of frame i: [T, N, ...]. */
  private static Tensor byFrame(Tensor x, Tensor matrices, boolean transposed) {
    return matmul(permute(x, 1, 0, 2), false, matrices, transposed);
  }

  /** [N, C, L] -> [N, L, C], and back. */
  private static Tensor tokens(Tensor x) {
    return permute(x, 0, 2, 1);
  }

  /** A convolution with one tap over tokens [N, L, C]. */
  private static Tensor point(Conv1d conv, Tensor tokens) {
    Tensor weight = conv.weight();
    return linear(tokens, reshape(weight, weight.dim(0), weight.dim(1)), conv.bias());
  }

  /** [N, L, 3 C], thirds of queries, keys and values, in each the heads one behind the other. */
  private Heads heads(Tensor all) {
    int n = all.dim(0);
    int l = all.dim(1);
    Tensor apart = permute(reshape(all, n, l, 3, heads, width), 2, 0, 3, 1, 4);
    float root = (float) (1 / Math.sqrt(Math.sqrt(width)));
    return new Heads(scale(third(apart, 0), root), scale(third(apart, 1), root), third(apart, 2));
  }

  /** Part i of [3, N, heads, L, d] as [N heads, L, d]. */
  private Tensor third(Tensor apart, int i) {
    Shape s = apart.shape();
    return reshape(slice(apart, 0, i, i + 1), s.dim(1) * heads, s.dim(3), width);
  }

  /** [N heads, L, d] -> [N, L, C]. */
  private Tensor joined(Tensor x, int n) {
    Tensor apart = permute(reshape(x, n, heads, x.dim(1), width), 0, 2, 1, 3);
    return reshape(apart, n, x.dim(1), heads * width);
  }
}
