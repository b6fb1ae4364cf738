package engine.op.scan;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;

/**
 * The selective state space scan of Mamba-2 (state space duality, Dao and Gu 2024), Eq. 3 of the
 * MedSora paper with the step width dt in A and B: h_t = exp(dt_t A) h_{t-1} + dt_t x_t B_t^T, y_t
 * = C_t h_t + D x_t. It is computed in chunks, as blocks of the lower triangular matrix of Eq. 4;
 * {@link engine.reference.SsdListing} is the algorithm to read.
 *
 * <p>Inputs in this order: x [B,L,H,P], dt [B,L,H] (positive, softplus applied), A [H] (negative),
 * B and C [B,L,G,N] (H a multiple of G; group g serves heads g*H/G to (g+1)*H/G - 1), then, each if
 * there, D [H] and the initial state [B,H,P,N] (else zero). Result: y [B,L,H,P]; the state behind
 * the last step is {@link SsdFinalState}.
 *
 * @param chunk steps per chunk, 1 to 512; part of the op, since another length may give other bits
 */
public record SsdScan(int chunk) implements Op {
  public SsdScan {
    SsdInputs.requireChunk(chunk);
  }

  @Override
  public String name() {
    return "ssdScan";
  }

  @Override
  public Shape infer(List<Shape> in) {
    SsdInputs.check(name(), in, true);
    return in.get(0);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    SsdInputs inputs = SsdInputs.of(in, true);
    Shape shape = in.get(0).shape();
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.ssdScan().forward(inputs.args(chunk), inputs.storages(), y.storage());
    return y;
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor gradOutput) {
    SsdInputs inputs = SsdInputs.of(saved, true);
    return inputs.backward(k, saved, chunk, gradOutput.storage(), null);
  }
}
