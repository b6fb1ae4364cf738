package medsora.denoiser;

import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.neg;

import engine.kernel.Walks;
import engine.op.norm.RmsNorms;
import engine.op.scan.MambaScan;
import engine.op.scan.Scan;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Map;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.layer.Linear;
import nn.layer.ParameterGroup;

/**
 * The Mamba-2 core that spatial and temporal Mamba share (Dao and Gu, 2024; paper section 2.2): y =
 * SSM(A, B, C)(x) of Eq. 3 and 4, whose A_t = exp(dt_t A) and B_t x_t = dt_t x_t B_t^T depend on
 * the token. Names as in mamba_ssm: in_proj gives [z | xBC | dt], xBC passes a causal convolution
 * and SiLU, then for each head h
 *
 * <pre>
 * dt = softplus(dt + dt_bias),  A = -exp(A_log)
 * h_t = exp(dt A) h_{t-1} + dt x_t B_t^T,   y_t = h_t C_t + D x_t
 * out = out_proj(RMSNorm(y * silu(z)))
 * </pre>
 */
abstract class MambaMixer extends Module {
  private final int inner;
  private final int heads;
  private final int headDim;
  private final int stateSize;
  private final int chunk;
  private final Parameter dtBias;
  private final Parameter aLog;
  private final Parameter skip;
  private final Linear inProjection;
  private final Parameter convWeight;
  private final Parameter convBias;
  private final Parameter normWeight;
  private final Linear outProjection;
  private PieceWatcher watcher = PieceWatcher.NONE;

  /**
   * @param amid children whose place in the state dict is before the projections, by their names
   *     and in the order of the map
   */
  MambaMixer(DenoiserConfig config, Map<String, ? extends Module> amid) {
    this.inner = config.innerWidth();
    this.headDim = config.headDim();
    this.heads = inner / headDim;
    this.stateSize = config.stateSize();
    this.chunk = config.chunk();
    this.dtBias =
        parameter("dt_bias", Shape.of(heads), Init.inverseSoftplusOfLogUniform(0.001, 0.1, 1e-4));
    this.aLog = parameter("A_log", Shape.of(heads), Init.logUniform(1, 16));
    this.skip = parameter("D", Shape.of(heads), Init.ones());
    amid.forEach(this::child);
    int hidden = config.hidden();
    int taps = config.convWidth();
    this.inProjection =
        child(
            "in_proj",
            new Linear(hidden, inner + convChannels() + heads, false, Init.xavierUniform()));
    ParameterGroup conv = child("conv1d", new ParameterGroup());
    this.convWeight = conv.add("weight", Shape.of(convChannels(), 1, taps), Init.fanInUniform());
    this.convBias = conv.add("bias", Shape.of(convChannels()), Init.uniform(1 / Math.sqrt(taps)));
    this.normWeight =
        child("norm", new ParameterGroup()).add("weight", Shape.of(inner), Init.ones());
    this.outProjection = child("out_proj", new Linear(inner, hidden, false, Init.xavierUniform()));
  }

  /** Shows {@code rows} and {@code y} from now on. */
  void watch(PieceWatcher by) {
    this.watcher = by;
  }

  private int convChannels() {
    return inner + (2 * stateSize);
  }

  /**
   * The layer along walks through the tokens u [b, T, D], Eq. 3 along each. What the walks of a sum
   * gave is added before the output projection: it is linear and has no bias, so this is what the
   * released code computes, which projects every direction by itself, with one product in place of
   * several.
   *
   * @param sums a divisor of the number of walks; neighbouring walks are added
   * @return [sums, b, T, D]
   */
  final Tensor mix(Tensor u, Walks walks, int sums) {
    Tensor projected = inProjection.forward(u);
    Tensor rows =
        Scan.causalConv1d(projected, inner, heads, convWeight.value(), convBias.value(), walks);
    watcher.gave("rows", rows);
    Tensor rate = neg(exp(aLog.value()));
    MambaScan scan = new MambaScan(heads, 1, stateSize, chunk);
    Tensor y = Scan.mambaScan(scan, rows, dtBias.value(), rate, skip.value());
    watcher.gave("y", y);
    Tensor normed = RmsNorms.rmsNormMerge(y, projected, 0, normWeight.value(), walks, sums);
    return outProjection.forward(normed);
  }
}
