package medsora.flow.raft;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.relu;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.elementwise.Elementwise.tanh;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;
import nn.Module;

/** The network: two encoders, the pyramid of correlations, and the step that is repeated. */
public final class Raft extends Module {
  private final RaftConfig config;
  private final Encoder features;
  private final Encoder context;
  private final UpdateBlock update;

  public Raft(RaftConfig config) {
    this.config = config;
    boolean small = config.small();
    this.features = child("fnet", new Encoder(config.features(), ChannelNorm.Kind.INSTANCE, small));
    ChannelNorm.Kind norm = small ? ChannelNorm.Kind.NONE : ChannelNorm.Kind.BATCH;
    this.context = child("cnet", new Encoder(config.hidden() + config.context(), norm, small));
    this.update = child("update_block", new UpdateBlock(config));
  }

  public RaftConfig config() {
    return config;
  }

  /**
   * What a pass gives.
   *
   * @param coarse flow on the grid of features [N, 2, h, w], in its pixels
   * @param flow [N, 2, 8h, 8w], in pixels
   */
  public record Output(Tensor coarse, Tensor flow) {}

  /**
   * Flow of N pairs.
   *
   * @param first [N, 3, H, W] in 0..255, H and W multiples of 8 and at least 128
   * @param iterations steps of refinement, at least 1
   */
  public Output forward(Tensor first, Tensor second, int iterations) {
    requireShapes(first, second, iterations);
    int n = first.dim(0);
    Tensor a = normalised(first);
    Tensor both = Tape.scoped(() -> features.forward(concat(0, a, normalised(second))));
    CorrelationPyramid pyramid =
        new CorrelationPyramid(slice(both, 0, 0, n), slice(both, 0, n, 2 * n), config.radius());
    Tensor all = Tape.scoped(() -> context.forward(a));
    int hidden = config.hidden();
    Tensor state = tanh(slice(all, 1, 0, hidden));
    List<GatedUnit.InContext> units =
        update.in(relu(slice(all, 1, hidden, hidden + config.context())));
    Tensor start = grid(n, all.dim(2), all.dim(3));
    Tensor places = start;
    for (int i = 0; i < iterations; i++) {
      Tensor at = places;
      Tensor before = state;
      Tensor after =
          Tape.scoped(() -> update.state(before, units, pyramid.lookup(at), sub(at, start)));
      state = after;
      places = Tape.scoped(() -> add(at, update.change(after)));
    }
    Tensor coarse = sub(places, start);
    Tensor mask = update.mask(state);
    Tensor flow =
        mask == null ? FlowUpsampling.bilinear(coarse) : FlowUpsampling.convex(coarse, mask);
    return new Output(coarse, flow);
  }

  /** The features that are correlated, [N, C, h, w]. */
  public Tensor features(Tensor pictures) {
    return features.forward(normalised(pictures));
  }

  /** What the context network makes of a picture, [N, hidden + context, h, w]. */
  public Tensor context(Tensor pictures) {
    return context.forward(normalised(pictures));
  }

  private static Tensor normalised(Tensor pictures) {
    return affine(pictures, 2f / 255f, -1f);
  }

  /** Each pixel's own column and row, [N, 2, h, w]. */
  private static Tensor grid(int n, int h, int w) {
    int plane = h * w;
    return Tensor.generate(Shape.of(n, 2, h, w), i -> i / plane % 2 == 0 ? i % w : i % plane / w);
  }

  private static void requireShapes(Tensor first, Tensor second, int iterations) {
    ShapeException.require(
        first.shape().equals(second.shape()) && first.shape().rank() == 4 && first.dim(1) == 3,
        "raft",
        "wants two pictures of one shape [N,3,H,W]: first=%s second=%s",
        first.shape(),
        second.shape());
    int multiple = RaftConfig.SCALE;
    ShapeException.require(
        first.dim(2) % multiple == 0 && first.dim(3) % multiple == 0,
        "raft",
        "wants height and width in multiples of %d, got %s",
        multiple,
        first.shape());
    // Upstream divides by the extent of the coarsest level less 1.
    int least = RaftConfig.LEAST_SIDE;
    ShapeException.require(
        first.dim(2) >= least && first.dim(3) >= least,
        "raft",
        "wants pictures of at least %dx%d, got %s: enlarge them, or take the classical estimator",
        least,
        least,
        first.shape());
    if (iterations < 1) {
      throw new IllegalArgumentException("[raft] wants at least 1 iteration, got " + iterations);
    }
  }
}
