package medsora.metric.network;

import engine.kernel.Stride3;
import engine.kernel.Window3;
import engine.op.layout.Layout;
import engine.tensor.Tensor;
import nn.Module;

/** Four branches side by side: 1x1x1; 1x1x1 and 3x3x3, twice; a max pool and 1x1x1. */
final class I3dMixed extends Module {
  private final I3dUnit b0;
  private final I3dUnit b1a;
  private final I3dUnit b1b;
  private final I3dUnit b2a;
  private final I3dUnit b2b;
  private final I3dUnit b3b;

  /** Channels of the branches, those between their two convolutions included. */
  record Widths(int b0, int b1a, int b1b, int b2a, int b2b, int b3b) {
    int out() {
      return b0 + b1b + b2b + b3b;
    }
  }

  I3dMixed(int in, Widths w, double eps) {
    this.b0 = child("b0", new I3dUnit(in, w.b0(), 1, 1, eps));
    this.b1a = child("b1a", new I3dUnit(in, w.b1a(), 1, 1, eps));
    this.b1b = child("b1b", new I3dUnit(w.b1a(), w.b1b(), 3, 1, eps));
    this.b2a = child("b2a", new I3dUnit(in, w.b2a(), 1, 1, eps));
    this.b2b = child("b2b", new I3dUnit(w.b2a(), w.b2b(), 3, 1, eps));
    this.b3b = child("b3b", new I3dUnit(in, w.b3b(), 1, 1, eps));
  }

  /** [N,in,T,H,W] -> [N,out,T,H,W]. */
  Tensor forward(Tensor x) {
    return Layout.concat(
        1,
        b0.forward(x),
        b1b.forward(b1a.forward(x)),
        b2b.forward(b2a.forward(x)),
        b3b.forward(I3d.maxPool(x, new Window3(3, 3, 3), Stride3.ONE)));
  }
}
