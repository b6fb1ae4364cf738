package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/** The state space scan of Mamba-2 in chunks (N9). */
public interface SsdScanKernels {
  /** y [batch,length,heads,headDim] of the scan. */
  void forward(SsdArgs args, SsdArgs.Inputs in, Storage y);

  /** The state [batch,heads,headDim,state] behind the last step of the scan. */
  void finalState(SsdArgs args, SsdArgs.Inputs in, Storage state);

  /**
   * The scan's gradients from that of y, of the final state, or both (null where absent). Of the
   * gradients, x and dt must be there, the others may be null.
   */
  void gradient(
      SsdArgs args,
      SsdArgs.Inputs in,
      @Nullable Storage gradY,
      @Nullable Storage gradState,
      SsdArgs.Gradients out);
}
