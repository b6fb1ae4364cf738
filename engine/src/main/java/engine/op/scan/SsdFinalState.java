package engine.op.scan;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;

/**
 * The state [B,H,P,N] behind the last step of {@link SsdScan}, from which a later part of the
 * sequence can go on. Inputs in this order: x [B,L,H,P], dt [B,L,H], A [H], B [B,L,G,N], then, if
 * there, the initial state [B,H,P,N].
 *
 * @param chunk steps per chunk, 1 to 512, as in {@link SsdScan}
 */
public record SsdFinalState(int chunk) implements Op {
  public SsdFinalState {
    SsdInputs.requireChunk(chunk);
  }

  @Override
  public String name() {
    return "ssdFinalState";
  }

  @Override
  public Shape infer(List<Shape> in) {
    SsdInputs.check(name(), in, false);
    return SsdInputs.stateShape(in.get(0), in.get(3));
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    SsdInputs inputs = SsdInputs.of(in, false);
    Shape shape = SsdInputs.stateShape(in.get(0).shape(), in.get(3).shape());
    Tensor state = new Tensor(shape, k.allocate(shape.size()));
    k.ssdScan().finalState(inputs.args(chunk), inputs.storages(), state.storage());
    return state;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor gradOutput) {
    SsdInputs inputs = SsdInputs.of(saved, false);
    return inputs.backward(k, saved, chunk, null, gradOutput.storage());
  }
}
