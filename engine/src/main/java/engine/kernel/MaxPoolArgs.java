package engine.kernel;

/**
 * The largest value of windows of planes: x [planes, height, width], y [planes, outHeight,
 * outWidth]. The window of output (i, j) begins at (i * stride, j * stride) and has {@code kernel}
 * rows and columns, of which those outside the plane are left out; at least one is inside. It is
 * read row by row: a value takes the place of the largest so far if it is greater, or no number.
 */
public record MaxPoolArgs(
    int planes, int height, int width, int kernel, int stride, int outHeight, int outWidth) {}
