package engine.kernel;

/**
 * Discrete Fourier transforms of real planes: x [planes, height, width] to y [planes, height,
 * width, 2] (real, imaginary), {@code y[u,v] = s * sum over (h,w) of x[h,w] * exp(-2 pi i (u h /
 * height + v w / width))}, s = 1/sqrt(height * width) if orthonormal, else 1.
 */
public record FftArgs(int planes, int height, int width, boolean orthonormal) {
  public int plane() {
    return height * width;
  }

  public double scale() {
    return orthonormal ? 1 / Math.sqrt((double) height * width) : 1;
  }
}
