package engine.op.spectral;

import engine.autodiff.Tape;
import engine.tensor.Tensor;

/** Fourier transforms, for static import. */
public final class Spectral {
  private Spectral() {}

  /** The spectrum [..., H, W, 2] (real, imaginary) of real planes [..., H, W]. */
  public static Tensor fft2(Tensor x, boolean orthonormal) {
    return Tape.apply(new Fft2(orthonormal), x);
  }
}
