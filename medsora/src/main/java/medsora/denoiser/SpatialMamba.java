package medsora.denoiser;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.layout.Layout.gather;
import static engine.op.layout.Layout.reshape;

import engine.tensor.Tensor;

/**
 * Spatial Mamba (paper section 3.1, Eq. 8 and 9): tokens are scanned along the width and along the
 * height, each along the spiral and back. The four scans share every weight. The two directions of
 * an axis are summed, the axes fused by gates. Tokens [b, f*h*w, D] in the order (frame, row,
 * column), in and out.
 */
final class SpatialMamba extends MambaMixer {
  private final GatedFusion fusion;
  private final ScanOrder[] alongWidth;
  private final ScanOrder[] alongHeight;

  SpatialMamba(DenoiserConfig config, int blockIndex) {
    this(config, ScanOrder.Pair.ofBlock(config, blockIndex));
  }

  SpatialMamba(DenoiserConfig config, ScanOrder.Pair orders) {
    super(config);
    this.fusion = child("gated_fusion", new GatedFusion(config.hidden()));
    registerProjections(config);
    this.alongWidth = orders.directions(config, true);
    this.alongHeight = orders.directions(config, false);
  }

  Tensor forward(Tensor u) {
    Tensor projected = project(u);
    Tensor z = gate(projected);
    Tensor xbcDt = scanned(projected);
    Tensor yw = axis(alongWidth, xbcDt, z);
    Tensor yh = axis(alongHeight, xbcDt, z);
    return fusion.forward(yw, yh);
  }

  /**
   * The released code projects each direction and adds the results. The projection is linear and
   * has no bias, so here the directions are added before it, which saves half of its products: two
   * of four in each block, forward and backward.
   */
  private Tensor axis(ScanOrder[] directions, Tensor xbcDt, Tensor z) {
    return projectOut(add(direction(directions[0], xbcDt, z), direction(directions[1], xbcDt, z)));
  }

  /** Rearrange (Omega), scan, restore; gate and norm act on each token by itself. */
  private Tensor direction(ScanOrder order, Tensor xbcDt, Tensor z) {
    int batch = xbcDt.dim(0);
    int tokens = xbcDt.dim(1);
    Tensor sequences =
        reshape(
            gather(xbcDt, 1, order.gather()),
            batch * order.sequences(),
            order.length(),
            xbcDt.dim(2));
    Tensor y = reshape(scan(sequences), batch, tokens, z.dim(2));
    return gatedNorm(gather(y, 1, order.restore()), z);
  }
}
