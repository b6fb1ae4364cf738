package medsora.denoiser;

/**
 * How the tokens of a clip, ordered (frame, row, column), are laid out for one scan of spatial
 * Mamba: {@code sequences} sequences one after another, and back. Along the width each row of the
 * grid is a sequence of f*w tokens (shape (b h, f w, d) in the paper), along the height each column
 * is one of f*h tokens.
 *
 * @param gather position in the sequences -> token
 * @param restore token -> position in the sequences
 */
public record ScanOrder(int sequences, int length, int[] gather, int[] restore) {
  /** One direction along one axis; {@code order[position]} indexes the (frame, place) grid. */
  static ScanOrder of(int frames, int grid, boolean alongWidth, int[] order) {
    int length = frames * grid;
    int[] gather = new int[grid * length];
    for (int s = 0; s < grid; s++) {
      for (int position = 0; position < length; position++) {
        int frame = order[position] / grid;
        int place = order[position] % grid;
        int row = alongWidth ? s : place;
        int column = alongWidth ? place : s;
        gather[(s * length) + position] = (((frame * grid) + row) * grid) + column;
      }
    }
    return new ScanOrder(grid, length, gather, Spiral.inverse(gather));
  }

  /**
   * The two orders in which a block walks the (frame, place) grid; {@code order[position]} is an
   * index into that grid.
   */
  record Pair(int[] forward, int[] backward) {
    /** The orders of block {@code index}. */
    static Pair ofBlock(DenoiserConfig config, int index) {
      int n = config.frames();
      int m = config.grid();
      if (config.switches().trueSpiral()) {
        int[] path = Spiral.path(n, m);
        return new Pair(path, Spiral.reversed(path));
      }
      int list = 2 * index % 16;
      return new Pair(Spiral.releasedList(n, m, list), Spiral.releasedList(n, m, list + 1));
    }

    /** The two directions of an axis. */
    ScanOrder[] directions(DenoiserConfig config, boolean alongWidth) {
      int n = config.frames();
      int m = config.grid();
      return new ScanOrder[] {of(n, m, alongWidth, forward), of(n, m, alongWidth, backward)};
    }
  }
}
