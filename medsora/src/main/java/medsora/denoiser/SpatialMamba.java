package medsora.denoiser;

import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.kernel.Walks;
import engine.tensor.Tensor;
import java.util.Map;

/**
 * Spatial Mamba (paper section 3.1, Eq. 8 and 9): tokens are scanned along the width and along the
 * height, each along the spiral and back. The four scans share every weight. The two directions of
 * an axis are summed, the axes fused by gates. Tokens [b, f*h*w, D] in the order (frame, row,
 * column), in and out.
 */
final class SpatialMamba extends MambaMixer {
  private final GatedFusion fusion;
  private final Walks walks;

  SpatialMamba(DenoiserConfig config, int blockIndex) {
    this(config, ScanOrder.ofBlock(config, blockIndex));
  }

  SpatialMamba(DenoiserConfig config, ScanOrder order) {
    this(config, order, new GatedFusion(config.hidden()));
  }

  private SpatialMamba(DenoiserConfig config, ScanOrder order, GatedFusion fusion) {
    super(config, Map.of("gated_fusion", fusion));
    this.fusion = fusion;
    this.walks = order.walks(config.frames(), config.grid());
  }

  /** Shows what the scans and the gates of the fusion give from now on. */
  void watch(PieceWatcher scans, PieceWatcher gates) {
    watch(scans);
    fusion.watch(gates);
  }

  /** Tokens [b, f*h*w, D] to the same shape: the scans of Eq. 8, then their fusion, Eq. 9. */
  Tensor forward(Tensor u) {
    Tensor y = mix(u, walks, 2);
    return fusion.forward(axis(y, 0), axis(y, 1));
  }

  private static Tensor axis(Tensor y, int index) {
    return reshape(slice(y, 0, index, index + 1), y.dim(1), y.dim(2), y.dim(3));
  }
}
