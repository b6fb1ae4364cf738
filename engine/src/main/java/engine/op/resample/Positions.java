package engine.op.resample;

/**
 * Where the outputs of a resampled axis lie among its inputs, in double: {@code j * cells / per} if
 * corners are aligned, else {@code (j + 0.5) * cells / per - 0.5}, so that {@code per} outputs span
 * {@code cells} inputs. Dividing last keeps positions that are on the grid exact.
 */
record Positions(boolean alignCorners, double cells, double per) {
  /** {@code out} outputs over the whole of {@code in} inputs. */
  static Positions fit(int in, int out, boolean alignCorners) {
    if (!alignCorners) {
      return new Positions(false, in, out);
    }
    return out > 1 ? new Positions(true, in - 1.0, out - 1.0) : new Positions(true, 0, 1);
  }

  /** {@code factor} outputs per input, however many there are. */
  static Positions byFactor(double factor) {
    if (!(factor > 0 && factor <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "[resample] factor must be positive and finite, got " + factor);
    }
    return new Positions(false, 1, factor);
  }

  double at(int j) {
    return alignCorners ? j * cells / per : (j + 0.5) * cells / per - 0.5;
  }
}
