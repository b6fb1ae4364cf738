package medsora.flow.variational;

/**
 * Values on a grid of pixels, row by row; outside it the rim is repeated.
 *
 * @param at [height * width]
 */
record Plane(float[] at, int height, int width) {
  /** Blur of a grid whose pixels stand for their whole area. */
  private static final double PIXEL_BLUR = 0.6;

  static Plane zeros(int height, int width) {
    return new Plane(new float[height * width], height, width);
  }

  int size() {
    return at.length;
  }

  private static int clamp(int i, int extent) {
    return Math.min(Math.max(i, 0), extent - 1);
  }

  /** Whether a place lies between pixel centres. */
  boolean holds(float x, float y) {
    return x >= 0 && x <= width - 1 && y >= 0 && y <= height - 1;
  }

  /** The value between pixels by the cubic of Keys (a = -1/2) along each axis. */
  float cubic(float x, float y) {
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    float dx = x - column;
    float dy = y - row;
    return cubic(
        line(column, row - 1, dx),
        line(column, row, dx),
        line(column, row + 1, dx),
        line(column, row + 2, dx),
        dy);
  }

  private float line(int column, int row, float dx) {
    int from = clamp(row, height) * width;
    return cubic(
        at[from + clamp(column - 1, width)],
        at[from + clamp(column, width)],
        at[from + clamp(column + 1, width)],
        at[from + clamp(column + 2, width)],
        dx);
  }

  private static float cubic(float a, float b, float c, float d, float t) {
    float third = 3 * (b - c) + d - a;
    float second = 2 * a - 5 * b + 4 * c - d;
    return b + 0.5f * t * (c - a + t * (second + t * third));
  }

  /** Values of another grid over the same picture, times {@code factor}. */
  Plane resized(int toHeight, int toWidth, float factor) {
    Plane out = zeros(toHeight, toWidth);
    float sx = (float) width / toWidth;
    float sy = (float) height / toHeight;
    for (int i = 0; i < out.size(); i++) {
      out.at[i] = factor * cubic(i % toWidth * sx, i / toWidth * sy);
    }
    return out;
  }

  /** The next coarser scale: blurred against aliasing, then thinned out. */
  Plane coarser(float zoom) {
    double sigma = PIXEL_BLUR * Math.sqrt(1 / ((double) zoom * zoom) - 1);
    return blurred(sigma).resized((int) (height * zoom + 0.5f), (int) (width * zoom + 0.5f), 1f);
  }

  /** Convolved with a Gaussian, cut off at five standard deviations. */
  Plane blurred(double sigma) {
    float[] kernel = gaussian(sigma);
    return along(kernel, 1).along(kernel, width);
  }

  private static float[] gaussian(double sigma) {
    int radius = (int) Math.ceil(5 * sigma);
    double[] k = new double[radius + 1];
    double sum = 0;
    for (int i = 0; i <= radius; i++) {
      // StrictMath: the same weights on every machine.
      k[i] = StrictMath.exp(-i * i / (2 * sigma * sigma));
      sum += i == 0 ? k[i] : 2 * k[i];
    }
    float[] out = new float[radius + 1];
    for (int i = 0; i <= radius; i++) {
      out[i] = (float) (k[i] / sum);
    }
    return out;
  }

  /** A symmetric kernel along the rows (step 1) or the columns (step width). */
  private Plane along(float[] kernel, int step) {
    Plane out = zeros(height, width);
    int extent = step == 1 ? width : height;
    for (int i = 0; i < at.length; i++) {
      int place = step == 1 ? i % width : i / width;
      float sum = kernel[0] * at[i];
      for (int k = 1; k < kernel.length; k++) {
        int before = i + (clamp(place - k, extent) - place) * step;
        int after = i + (clamp(place + k, extent) - place) * step;
        sum += kernel[k] * (at[before] + at[after]);
      }
      out.at[i] = sum;
    }
    return out;
  }

  /** Central differences along x. */
  Plane slopeX() {
    return slope(1, width);
  }

  /** Central differences along y. */
  Plane slopeY() {
    return slope(width, height);
  }

  private Plane slope(int step, int extent) {
    Plane out = zeros(height, width);
    for (int i = 0; i < at.length; i++) {
      int place = i / step % extent;
      int before = place > 0 ? i - step : i;
      int after = place < extent - 1 ? i + step : i;
      out.at[i] = 0.5f * (at[after] - at[before]);
    }
    return out;
  }
}
