package medsora.denoiser;

import static engine.op.elementwise.Elementwise.gateAdd;
import static engine.op.elementwise.Elementwise.modulate;
import static engine.op.elementwise.Elementwise.silu;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.kernel.Walks;
import engine.tensor.Tensor;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import nn.layer.LayerNorm;
import nn.layer.Linear;

/**
 * One block of the denoiser (paper Figure 2): local attention within frames, spatial Mamba over all
 * frames, temporal Mamba along each token's frames. Each is x = x + gate * part(modulate(norm(x)))
 * with shift, scale and gate from the timestep (adaLN). There is no feed-forward layer.
 */
final class MambaBlock extends Module {
  private static final double EPS = 1e-5;
  private static final int MODULATIONS = 9;

  /** The block's output and what it was after the spatial part; both [b, f*l, D]. */
  record Result(Tensor output, Tensor spatial) {}

  private final DenoiserConfig config;
  private final LayerNorm norm1;
  private final LayerNorm norm2;
  private final LayerNorm norm3;
  private final SpatialMamba spatial;
  private final TemporalMamba temporal;
  private final Walks alongFrames;
  private final Linear modulation;
  private final LocalAttention attention;
  private PieceWatcher watcher = PieceWatcher.NONE;

  MambaBlock(DenoiserConfig config, int index) {
    this(config, ScanOrder.ofBlock(config, index));
  }

  MambaBlock(DenoiserConfig config, ScanOrder orders) {
    this.config = config;
    int d = config.hidden();
    this.norm1 = child("norm1", new LayerNorm(d, EPS));
    this.norm2 = child("norm2", new LayerNorm(d, EPS));
    this.norm3 = child("norm3", new LayerNorm(d, EPS));
    this.spatial = child("mamba_hw", new SpatialMamba(config, orders));
    this.temporal = child("mamba_f", new TemporalMamba(config));
    this.alongFrames = TemporalMamba.alongFrames(config.frames(), config.tokens());
    this.modulation =
        child("adaLN_modulation.1", new Linear(d, MODULATIONS * d, true, Init.zeros()));
    this.attention = new LocalAttention(config);
    attention.children().forEach(this::child);
  }

  /** Shows what the block's pieces give from now on. */
  void watch(PieceWatcher by) {
    this.watcher = by;
    spatial.watch(by.under("mamba_hw."), by);
    temporal.watch(by.under("mamba_f."));
  }

  /** x [b, f*l, D] in the order (frame, row, column); c [b, D]. */
  Result forward(Tensor x, Tensor c, Mode mode) {
    return modulated(x, modulation(c), mode);
  }

  /** (shift, scale, gate) of the three parts side by side: [b, 9 D], from c [b, D]. */
  Tensor modulation(Tensor c) {
    return modulation.forward(silu(c));
  }

  /** The block where its modulation is known. */
  Result modulated(Tensor x, Tensor modulation, Mode mode) {
    Tensor[] m = parts(modulation);
    watcher.gave("modulation", modulation);
    Tensor a = attend(seen("attention.in", modulate(norm1.forward(x), m[0], m[1])), mode);
    Tensor x1 = gateAdd(x, m[2], seen("attention.out", a));
    Tensor s = spatial.forward(seen("mamba_hw.in", modulate(norm2.forward(x1), m[3], m[4])));
    Tensor x2 = gateAdd(x1, m[5], seen("mamba_hw.out", s));
    Tensor u = seen("mamba_f.in", modulate(norm3.forward(x2), m[6], m[7]));
    Tensor t = seen("mamba_f.out", temporal.forward(u, alongFrames));
    return new Result(seen("out", gateAdd(x2, m[8], t)), x2);
  }

  private Tensor seen(String piece, Tensor value) {
    watcher.gave(piece, value);
    return value;
  }

  /** (shift, scale, gate) of attention, spatial and temporal Mamba; each [b, D]. */
  private Tensor[] parts(Tensor all) {
    Tensor[] parts = new Tensor[MODULATIONS];
    for (int i = 0; i < MODULATIONS; i++) {
      parts[i] = slice(all, -1, i * config.hidden(), (i + 1) * config.hidden());
    }
    return parts;
  }

  /** (b, f*l, D) -> (b f, l, D), attention, and back. */
  private Tensor attend(Tensor x, Mode mode) {
    int b = x.dim(0);
    Tensor frames = reshape(x, b * config.frames(), config.tokens(), config.hidden());
    return reshape(attention.forward(frames, mode), b, x.dim(1), config.hidden());
  }
}
