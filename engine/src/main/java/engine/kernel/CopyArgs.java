package engine.kernel;

import java.util.Arrays;

/**
 * A copy between two strided views of equal extents: {@code y[offsetY + sum i_d*stridesY_d] =
 * x[offsetX + sum i_d*stridesX_d]}. Permute, slice, concat, pad and expand are all this.
 */
public record CopyArgs(int[] extents, int offsetX, int[] stridesX, int offsetY, int[] stridesY) {
  /** The same copy with neighbouring axes joined where both views walk them as one. */
  public static CopyArgs merged(
      int[] extents, int offsetX, int[] stridesX, int offsetY, int[] stridesY) {
    int[] e = new int[Math.max(1, extents.length)];
    int[] sx = new int[e.length];
    int[] sy = new int[e.length];
    int n = 0;
    for (int i = 0; i < extents.length; i++) {
      if (extents[i] == 1) {
        continue;
      }
      if (n > 0 && sx[n - 1] == stridesX[i] * extents[i] && sy[n - 1] == stridesY[i] * extents[i]) {
        e[n - 1] *= extents[i];
      } else {
        e[n++] = extents[i];
      }
      sx[n - 1] = stridesX[i];
      sy[n - 1] = stridesY[i];
    }
    if (n == 0) {
      return new CopyArgs(new int[] {1}, offsetX, new int[] {1}, offsetY, new int[] {1});
    }
    return new CopyArgs(
        Arrays.copyOf(e, n), offsetX, Arrays.copyOf(sx, n), offsetY, Arrays.copyOf(sy, n));
  }
}
