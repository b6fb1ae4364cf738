package engine.op.attention;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Softmax and attention, for static import. Numeric contract: N7. */
public final class Attention {
  private Attention() {}

  /**
   * Softmax over the last axis of x [...,W], the result of the same shape. PyTorch:
   * softmax(dim=-1).
   */
  public static Tensor softmax(Tensor x) {
    return Tape.apply(new Softmax(), x);
  }

  /**
   * Attention in the paper's sliding window, Eq. 6 and 7 without the output matrix.
   *
   * @param q [B, L, heads * dim], like k and v; head h is the slice [h * dim, (h + 1) * dim)
   * @return [B, L, heads * dim]
   */
  public static Tensor windowed(Tensor q, Tensor k, Tensor v, WindowSpec.Sliding spec) {
    return Tape.apply(new WindowedAttention(spec, false), q, k, v);
  }

  /**
   * {@link #windowed(Tensor, Tensor, Tensor, WindowSpec.Sliding)} with dropout of the weights.
   *
   * @param mask [B, heads, L, spec.slots()], 0 or 1 / (1 - p); slot r of token i belongs to token i
   *     + r - spec.back()
   */
  public static Tensor windowed(
      Tensor q, Tensor k, Tensor v, WindowSpec.Sliding spec, Tensor mask) {
    return Tape.apply(new WindowedAttention(spec, true), q, k, v, mask);
  }

  /**
   * Attention in windows as the released code has it, with rotary embedding.
   *
   * @param q [B, L, heads * dim], like k and v; L a multiple of the window
   * @param table [2, positions, dim/2] from {@link #rotaryTable}, made once per layer
   * @return [B, L, heads * dim]
   */
  public static Tensor windowed(
      Tensor q, Tensor k, Tensor v, Tensor table, WindowSpec.Bucketed spec) {
    return Tape.apply(new WindowedAttention(spec, false), q, k, v, table);
  }

  /**
   * The same with dropout of the weights.
   *
   * @param mask [B, heads, L, spec.slots()], as for the sliding window
   */
  public static Tensor windowed(
      Tensor q, Tensor k, Tensor v, Tensor table, WindowSpec.Bucketed spec, Tensor mask) {
    return Tape.apply(new WindowedAttention(spec, true), q, k, v, table, mask);
  }

  /**
   * Cosines, then sines, of position * inverseFrequency: [2, positions, dim/2]. The angle is one
   * float product, as in the released code; its cosine is taken in double and rounded (N14).
   *
   * @param inverseFrequency [dim/2], the buffer {@code rel_pos.inv_freq} of the checkpoints
   */
  public static Tensor rotaryTable(Tensor inverseFrequency, WindowSpec.Bucketed spec) {
    float[] frequency = inverseFrequency.toArray();
    int half = frequency.length;
    int size = spec.positions() * half;
    float[] table = new float[2 * size];
    for (int i = 0; i < size; i++) {
      double angle = (float) (i / half) * frequency[i % half];
      table[i] = (float) StrictMath.cos(angle);
      table[size + i] = (float) StrictMath.sin(angle);
    }
    return Tensor.of(Shape.of(2, spec.positions(), half), table);
  }

  /**
   * The usual inverse frequencies of a head of {@code dim} channels, [dim/2]: 10000^(-2 c / dim)
   * (N14).
   */
  public static Tensor inverseFrequency(int dim) {
    return Tensor.generate(
        Shape.of(dim / 2), c -> StrictMath.pow(10000, (float) (-2 * c) / (float) dim));
  }
}
