package engine.kernel;

import engine.tensor.Storage;

/** Rotary embedding (N7). */
public interface RotaryKernels {
  /** y = the versions of x, scaled and rotated by the table of cosines and sines. */
  void forward(RotaryArgs args, Storage table, Storage x, Storage y);

  /** The gradient of {@link #forward} for x: rotated back, the versions added, scaled. */
  void gradient(RotaryArgs args, Storage table, Storage gradOutput, Storage gradInput);
}
