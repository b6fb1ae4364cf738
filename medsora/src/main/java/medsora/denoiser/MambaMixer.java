package medsora.denoiser;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.neg;
import static engine.op.elementwise.Elementwise.softplus;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.op.norm.RmsNorms;
import engine.op.scan.Scan;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.layer.Linear;
import nn.layer.ParameterGroup;

/**
 * The Mamba-2 core that spatial and temporal Mamba share (Dao and Gu, 2024; paper section 2.2).
 * Names as in mamba_ssm: in_proj gives [z | xBC | dt], xBC passes a causal convolution and SiLU,
 * then for each head h
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
  private Linear inProjection;
  private Parameter convWeight;
  private Parameter convBias;
  private Parameter normWeight;
  private Linear outProjection;

  MambaMixer(DenoiserConfig config) {
    this.inner = config.innerWidth();
    this.headDim = config.headDim();
    this.heads = inner / headDim;
    this.stateSize = config.stateSize();
    this.chunk = config.chunk();
    this.dtBias =
        parameter("dt_bias", Shape.of(heads), Init.inverseSoftplusOfLogUniform(0.001, 0.1, 1e-4));
    this.aLog = parameter("A_log", Shape.of(heads), Init.logUniform(1, 16));
    this.skip = parameter("D", Shape.of(heads), Init.ones());
  }

  /** Registers the projections; subclasses call it after children that come before them. */
  final void registerProjections(DenoiserConfig config) {
    int hidden = config.hidden();
    int taps = config.convWidth();
    inProjection =
        child(
            "in_proj",
            new Linear(hidden, inner + convChannels() + heads, false, Init.xavierUniform()));
    ParameterGroup conv = child("conv1d", new ParameterGroup());
    convWeight = conv.add("weight", Shape.of(convChannels(), 1, taps), Init.fanInUniform());
    convBias = conv.add("bias", Shape.of(convChannels()), Init.uniform(1 / Math.sqrt(taps)));
    normWeight = child("norm", new ParameterGroup()).add("weight", Shape.of(inner), Init.ones());
    outProjection = child("out_proj", new Linear(inner, hidden, false, Init.xavierUniform()));
  }

  private int convChannels() {
    return inner + (2 * stateSize);
  }

  /** [z | xBC | dt] of every token; [..., D] -> [..., 2 inner + 2 N + heads]. */
  final Tensor project(Tensor x) {
    return inProjection.forward(x);
  }

  final Tensor gate(Tensor projected) {
    return slice(projected, -1, 0, inner);
  }

  /** The part of a projection that is scanned: [xBC | dt]. */
  final Tensor scanned(Tensor projected) {
    return slice(projected, -1, inner, projected.dim(-1));
  }

  /** The state-space model over sequences [s, L, xBC | dt] -> y [s, L, inner]. */
  final Tensor scan(Tensor xbcDt) {
    int s = xbcDt.dim(0);
    int length = xbcDt.dim(1);
    Tensor xbc =
        Scan.causalConv1dSlice(
            xbcDt, 0, convChannels(), convWeight.value(), convBias.value(), true);
    Tensor dt = slice(xbcDt, -1, convChannels(), convChannels() + heads);
    Tensor x = reshape(slice(xbc, -1, 0, inner), s, length, heads, headDim);
    Tensor b = reshape(slice(xbc, -1, inner, inner + stateSize), s, length, 1, stateSize);
    Tensor c = reshape(slice(xbc, -1, inner + stateSize, convChannels()), s, length, 1, stateSize);
    Tensor rate = neg(exp(aLog.value()));
    Tensor y =
        Scan.ssdScan(x, softplus(add(dt, dtBias.value())), rate, b, c, skip.value(), null, chunk);
    return reshape(y, s, length, inner);
  }

  /** RMSNorm(y * silu(z)). */
  final Tensor gatedNorm(Tensor y, Tensor z) {
    return RmsNorms.rmsNormGated(y, z, normWeight.value());
  }

  /** out_proj. */
  final Tensor projectOut(Tensor y) {
    return outProjection.forward(y);
  }
}
