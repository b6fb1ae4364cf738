package engine.kernel;

/**
 * Rotation of the pairs (x[c], x[c + dim/2]) of each head of x [batch, length, heads * dim] to y
 * [versions, batch, length, heads * dim]. Version v of row l is scaled, then rotated to position
 * offset + v * window + l mod window. The table [2, positions, dim/2] holds cosines, then sines.
 */
public record RotaryArgs(
    int batch,
    int length,
    int heads,
    int dim,
    int window,
    int offset,
    int versions,
    int positions,
    float scale) {
  /** The position of row l in version v. */
  public int position(int v, int l) {
    return offset + v * window + l % window;
  }
}
