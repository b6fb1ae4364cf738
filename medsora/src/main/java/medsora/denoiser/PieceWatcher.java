package medsora.denoiser;

import engine.tensor.Tensor;

/**
 * Is shown what the pieces of a denoiser give in a forward pass, for those who want to see inside:
 * {@code tokens} [b, f*l, D] that go into the first block, and {@code step} [b, D], t as a vector,
 * with the label's on it. The names of the blocks' pieces begin with the block's, {@code
 * blocks.3.}, and go on:
 *
 * <ul>
 *   <li>{@code modulation} [b, 9 D]: shift, scale and gate of the three parts
 *   <li>{@code attention.in}, {@code attention.out} [b, f*l, D]
 *   <li>{@code mamba_hw.in}, {@code mamba_hw.out} [b, f*l, D], and {@code mamba_f.in}, {@code
 *       mamba_f.out}
 *   <li>{@code mamba_hw.rows} [b * sequences, steps, inner + 2 N + heads]: x, B, C and raw dt along
 *       every walk, and {@code mamba_hw.y} [b * sequences, steps, inner]: what the scan made of
 *       them; {@code mamba_f.rows}, {@code mamba_f.y} likewise
 *   <li>{@code gate.width}, {@code gate.height} [b, f*l, D]: the gates of Eq. 9
 *   <li>{@code out} [b, f*l, D]: the block's output
 * </ul>
 *
 * The tensor must be read at once: its memory is recycled.
 */
@FunctionalInterface
public interface PieceWatcher {
  /** Looks at nothing. */
  PieceWatcher NONE = (piece, value) -> {};

  /**
   * Looks at what a piece gave.
   *
   * @param value in the shape that stands with its name above, such as [b, f*l, D]
   */
  void gave(String piece, Tensor value);

  /** One that is told the names with something in front. */
  default PieceWatcher under(String prefix) {
    return this == NONE ? NONE : (piece, value) -> gave(prefix + piece, value);
  }
}
