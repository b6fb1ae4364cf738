package medsora.denoiser;

import engine.kernel.Walks;

/**
 * The two orders in which spatial Mamba walks the (frame, place) grid, along the width and along
 * the height alike: {@code order[position]} is an index into that grid.
 *
 * @param forward of the first direction
 * @param backward of the second
 */
public record ScanOrder(int[] forward, int[] backward) {
  /** The orders of block {@code index}. */
  public static ScanOrder ofBlock(DenoiserConfig config, int index) {
    int n = config.frames();
    int m = config.grid();
    if (config.switches().trueSpiral()) {
      int[] path = Spiral.path(n, m);
      return new ScanOrder(path, Spiral.reversed(path));
    }
    int list = 2 * index % 16;
    return new ScanOrder(Spiral.releasedList(n, m, list), Spiral.releasedList(n, m, list + 1));
  }

  /**
   * The four walks through tokens in the order (frame, row, column): along the width forward and
   * back, where each row of the grid is a sequence of f*w tokens (shape (b h, f w, d) in the
   * paper), then along the height, where each column is one of f*h tokens.
   */
  public Walks walks(int frames, int grid) {
    return Walks.of(
        frames * grid,
        walk(forward, grid, true),
        walk(backward, grid, true),
        walk(forward, grid, false),
        walk(backward, grid, false));
  }

  private static int[] walk(int[] order, int grid, boolean alongWidth) {
    int[] tokens = new int[grid * order.length];
    for (int s = 0; s < grid; s++) {
      for (int position = 0; position < order.length; position++) {
        int frame = order[position] / grid;
        int place = order[position] % grid;
        int row = alongWidth ? s : place;
        int column = alongWidth ? place : s;
        tokens[(s * order.length) + position] = (((frame * grid) + row) * grid) + column;
      }
    }
    return tokens;
  }
}
