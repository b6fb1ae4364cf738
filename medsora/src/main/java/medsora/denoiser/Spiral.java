package medsora.denoiser;

/**
 * The spiral orders of an n x m grid of tokens (n frames, m tokens of one row or column; paper
 * section 3.1, Figure 3).
 *
 * <p>A spiral has two readings. The path: {@code path[step]} is the token that the scan meets at
 * that step; neighbours on the path are neighbours in the grid. The rank: {@code rank[token]} is
 * the step at which the token is met; the two are inverse permutations. Eq. 8 rearranges by the
 * path. The released code gathers by the rank, which is a valid permutation that restores, but not
 * a spiral walk.
 */
public final class Spiral {
  private static final int VARIANTS = 16;

  private Spiral() {}

  /** The token met at each step of the inward clockwise spiral from the first corner. */
  public static int[] path(int n, int m) {
    return inverse(rank(n, m));
  }

  /**
   * The index lists of the released code: list k is {@code gather[position] = rank}. Lists 0 to 7:
   * the clockwise spiral, its complement (n*m - 1 - rank), both flipped left-right, upside down,
   * and both ways; lists 8 to 15: the same of the counter-clockwise spiral (down first).
   */
  public static int[] releasedList(int n, int m, int k) {
    if (k < 0 || k >= VARIANTS) {
      throw new IllegalArgumentException("[spiral] list " + k + " is outside 0.." + (VARIANTS - 1));
    }
    int[] spiral = k < VARIANTS / 2 ? rank(n, m) : transposed(rank(m, n), n, m);
    int flips = k / 2 % 4;
    int[] list = new int[n * m];
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < m; c++) {
        int row = flips >= 2 ? n - 1 - r : r;
        int column = flips % 2 == 1 ? m - 1 - c : c;
        int value = spiral[(row * m) + column];
        list[(r * m) + c] = k % 2 == 0 ? value : (n * m) - 1 - value;
      }
    }
    return list;
  }

  /** The inverse permutation. */
  public static int[] inverse(int[] permutation) {
    int[] inverse = new int[permutation.length];
    for (int i = 0; i < permutation.length; i++) {
      inverse[permutation[i]] = i;
    }
    return inverse;
  }

  /** The same path walked from its end (the second sequence of Eq. 8). */
  public static int[] reversed(int[] path) {
    int[] back = new int[path.length];
    for (int i = 0; i < path.length; i++) {
      back[i] = path[path.length - 1 - i];
    }
    return back;
  }

  /** rank[r * m + c]: when the clockwise spiral, right first, meets the token at (r, c). */
  private static int[] rank(int n, int m) {
    int[] rank = new int[n * m];
    java.util.Arrays.fill(rank, -1);
    int[] dr = {0, 1, 0, -1};
    int[] dc = {1, 0, -1, 0};
    int r = 0;
    int c = 0;
    int direction = 0;
    for (int step = 0; step < rank.length; step++) {
      rank[(r * m) + c] = step;
      if (!free(rank, n, m, r + dr[direction], c + dc[direction])) {
        direction = (direction + 1) % 4;
      }
      r += dr[direction];
      c += dc[direction];
    }
    return rank;
  }

  private static boolean free(int[] rank, int n, int m, int r, int c) {
    return r >= 0 && r < n && c >= 0 && c < m && rank[(r * m) + c] < 0;
  }

  private static int[] transposed(int[] matrix, int n, int m) {
    int[] out = new int[n * m];
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < m; c++) {
        out[(r * m) + c] = matrix[(c * n) + r];
      }
    }
    return out;
  }
}
