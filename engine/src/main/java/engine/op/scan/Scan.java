package engine.op.scan;

import engine.autodiff.Tape;
import engine.kernel.Walks;
import engine.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Causal convolutions and state space scans along a sequence, for static import. */
public final class Scan {
  /** The chunk length of Mamba-2. */
  public static final int CHUNK = 256;

  private Scan() {}

  /**
   * {@link CausalConv1d} of x [B,L,C] with weight [C,1,K].
   *
   * @param bias [C] or null
   */
  public static Tensor causalConv1d(Tensor x, Tensor weight, @Nullable Tensor bias, boolean silu) {
    return conv(new CausalConv1d(silu), x, weight, bias);
  }

  /**
   * {@link CausalConv1d} with SiLU of channels of x [B,T,W] along walks: [B * sequences, length, C
   * + carried], where C are the channels of the weight, from column {@code from} on, and {@code
   * carried} more that follow them in x come along unchanged.
   */
  public static Tensor causalConv1d(
      Tensor x, int from, int carried, Tensor weight, @Nullable Tensor bias, Walks walks) {
    return conv(new CausalConv1d(true, from, carried, walks), x, weight, bias);
  }

  /**
   * {@link MambaScan}: y [B,L,inner] of rows [B,L,inner + 2 G N + H] = [x | B | C | raw dt].
   *
   * @param dtBias [H]
   * @param a [H], negative
   * @param d [H]
   */
  public static Tensor mambaScan(MambaScan scan, Tensor rows, Tensor dtBias, Tensor a, Tensor d) {
    return Tape.apply(scan, rows, dtBias, a, d);
  }

  private static Tensor conv(CausalConv1d op, Tensor x, Tensor weight, @Nullable Tensor bias) {
    return bias == null ? Tape.apply(op, x, weight) : Tape.apply(op, x, weight, bias);
  }

  /**
   * {@link SsdScan}, y = SSM(A, B, C)(x) of Eq. 3 and 4: y [B,L,H,P] of x [B,L,H,P], dt [B,L,H], a
   * [H], b and c [B,L,G,N].
   *
   * @param d [H] or null
   * @param initial the state before the first step, [B,H,P,N], or null for zero
   * @param chunk steps per chunk; {@link #CHUNK} unless a model says otherwise
   */
  public static Tensor ssdScan(
      Tensor x,
      Tensor dt,
      Tensor a,
      Tensor b,
      Tensor c,
      @Nullable Tensor d,
      @Nullable Tensor initial,
      int chunk) {
    return Tape.apply(new SsdScan(chunk), present(x, dt, a, b, c, d, initial));
  }

  /**
   * {@link SsdFinalState}: the state [B,H,P,N] behind the last step.
   *
   * @param initial the state before the first step, [B,H,P,N], or null for zero
   */
  public static Tensor ssdFinalState(
      Tensor x, Tensor dt, Tensor a, Tensor b, @Nullable Tensor initial, int chunk) {
    return Tape.apply(new SsdFinalState(chunk), present(x, dt, a, b, initial));
  }

  private static Tensor[] present(@Nullable Tensor... tensors) {
    return Arrays.stream(tensors).filter(t -> t != null).toArray(Tensor[]::new);
  }
}
