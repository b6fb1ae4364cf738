package medsora.flow.raft;

import static engine.op.elementwise.Elementwise.relu;
import static engine.op.elementwise.Elementwise.scale;

import engine.tensor.Tensor;
import java.util.List;
import nn.Module;
import nn.layer.Conv2d;
import org.jspecify.annotations.Nullable;

/** One step: what is seen at the present flow changes the state, and the state the flow. */
final class UpdateBlock extends Module {
  /** Neighbours that the enlargement mixes, for each of 8x8 pixels. */
  private static final int MASK = 9 * RaftConfig.SCALE * RaftConfig.SCALE;

  private final MotionEncoder encoder;
  private final RecurrentUnits units;
  private final Head head;

  /** Null in the small network. */
  private final @Nullable Mask mask;

  UpdateBlock(RaftConfig config) {
    this.encoder = child("encoder", new MotionEncoder(config));
    int in = config.context() + encoder.channels();
    this.units = child("gru", new RecurrentUnits(config.hidden(), in, config.small()));
    this.head = child("flow_head", new Head(config.hidden(), config.small() ? 128 : 256));
    this.mask = config.small() ? null : child("mask", new Mask(config.hidden()));
  }

  /** From the state to what the enlargement mixes by. */
  private static final class Mask extends Module {
    private final Conv2d first;
    private final Conv2d second;

    Mask(int in) {
      this.first = child("0", MotionEncoder.conv(in, 256, 3));
      this.second = child("2", MotionEncoder.conv(256, MASK, 1));
    }

    Tensor forward(Tensor state) {
      return scale(second.forward(relu(first.forward(state))), 0.25f);
    }
  }

  /** From the state to the change of flow, in pixels of the coarse grid. */
  private static final class Head extends Module {
    private final Conv2d first;
    private final Conv2d second;

    Head(int in, int hidden) {
      this.first = child("conv1", MotionEncoder.conv(in, hidden, 3));
      this.second = child("conv2", MotionEncoder.conv(hidden, 2, 3));
    }

    Tensor forward(Tensor state) {
      return second.forward(relu(first.forward(state)));
    }
  }

  /** What one picture says at every step, [N, context, h, w]. */
  List<GatedUnit.InContext> in(Tensor context) {
    return units.in(context);
  }

  /** The next state [N, hidden, h, w]. */
  Tensor state(Tensor state, List<GatedUnit.InContext> units, Tensor correlations, Tensor flow) {
    Tensor motion = encoder.forward(flow, correlations);
    Tensor next = state;
    for (GatedUnit.InContext unit : units) {
      next = unit.forward(next, motion);
    }
    return next;
  }

  /** The change of flow [N, 2, h, w] that a state asks for. */
  Tensor change(Tensor state) {
    return head.forward(state);
  }

  /** What {@link FlowUpsampling#convex} mixes by, [N, 576, h, w]; null in the small network. */
  @Nullable Tensor mask(Tensor state) {
    return mask == null ? null : mask.forward(state);
  }
}
