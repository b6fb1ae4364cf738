package engine.kernel;

/**
 * Pictures read at given places: x [batch, channels, height, width], places [batch, points, 2] as
 * (column, row) in pixels, y [batch, channels, points].
 *
 * <p>With x0 = floor(column), fx = column - x0 and likewise y0, fy, and a pixel outside the picture
 * being 0:
 *
 * <pre>top    = (1 - fx) * x[y0, x0]     + fx * x[y0, x0 + 1]
 * bottom = (1 - fx) * x[y0 + 1, x0] + fx * x[y0 + 1, x0 + 1]
 * y      = (1 - fy) * top           + fy * bottom</pre>
 *
 * <p>each operation rounded. A place more than one pixel outside gives +0; a place that is no
 * number gives NaN.
 */
public record BilinearSampleArgs(int batch, int channels, int height, int width, int points) {}
