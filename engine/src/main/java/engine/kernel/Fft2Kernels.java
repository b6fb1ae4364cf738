package engine.kernel;

import engine.tensor.Storage;

/** Fourier transforms of planes (N16); see {@link FftArgs}. */
public interface Fft2Kernels {
  /** y = the spectra of real planes. */
  void forward(FftArgs args, Storage x, Storage y);

  /** gradInput = the real part of the adjoint transform of gradOutput. */
  void gradient(FftArgs args, Storage gradOutput, Storage gradInput);
}
