package medsora.vae;

import engine.tensor.Tensor;

/**
 * Is shown what the stages of the autoencoder give, chunk by chunk, under their state-dict names:
 * {@code encoder.down_blocks.0}, {@code decoder.mid_block}. What the released code adds behind an
 * up block counts to that stage, what it adds behind a mid block does not. The tensor must be read
 * at once: its memory is recycled.
 */
@FunctionalInterface
public interface StageWatcher {
  /** Looks at nothing. */
  StageWatcher NONE = (stage, output) -> {};

  /**
   * Looks at what a stage gave for a chunk.
   *
   * @param output [b, C, t, h, w]
   */
  void gave(String stage, Tensor output);
}
