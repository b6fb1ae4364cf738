package engine.kernel.opencl;

import engine.kernel.opencl.OpenClPanels.Bias;
import engine.kernel.opencl.OpenClPanels.Factor;
import engine.kernel.opencl.OpenClPanels.Overlap;
import engine.kernel.opencl.OpenClPanels.Sizes;
import engine.kernel.opencl.OpenClPanels.Target;
import engine.tensor.Storage;

/**
 * Products of panels, of which matrix products and convolutions are made: both factors are copied
 * into panels as wide as a tile, and a tile of the result is one work-item's. What needs more
 * panels than fit is done in parts of k, each of whole segments (N1), which join in the result.
 */
final class OpenClPanels extends OpenClFamily {
  private final OpenClTile tile;

  OpenClPanels(OpenClContext context, OpenClTile tile) {
    super(context, "products");
    this.tile = tile;
  }

  /** What stands beside a result. */
  enum Bias {
    NONE,
    BY_COLUMN,
    BY_ROW
  }

  /**
   * Where the elements (e, p) of a factor lie, e a row of A or a column of B: {@code first-level e
   * * extentStep + (p / inner) * outerStep + (p % inner) * innerStep}.
   *
   * @param items how many there are, one or one for each product
   */
  record Factor(
      int items,
      int extent,
      int inner,
      int extentStep,
      int outerStep,
      int innerStep,
      int itemStep) {
    /** With one step along k. */
    static Factor plain(int items, int extent, int extentStep, int step, int itemStep) {
      return new Factor(items, extent, Integer.MAX_VALUE, extentStep, 0, step, itemStep);
    }
  }

  /**
   * Panels of columns that several products read, each some steps of k further on than the one
   * before.
   *
   * @param products that read them
   * @param step steps of k between the beginnings of two
   * @param steps of k in a panel
   */
  record Overlap(int products, int step, int steps) {}

  /**
   * Where a product goes.
   *
   * @param more whether it continues the sums that are there
   */
  record Target(int first, int rowStep, int itemStep, boolean more, Bias bias) {}

  OpenClStorage rows(Factor f, int first, int steps, Storage x) {
    return pack("pack_rows", tile.rows(), f, first, steps, x);
  }

  OpenClStorage columns(Factor f, int first, int steps, Storage x) {
    return pack("pack_columns", tile.columns(), f, first, steps, x);
  }

  private OpenClStorage pack(String name, int width, Factor f, int first, int steps, Storage x) {
    int lines = f.items * Math.ceilDiv(f.extent, width) * steps;
    OpenClStorage out = scratch(Math.multiplyExact(lines, width));
    run(
        name,
        lines,
        f.extent,
        first,
        steps,
        f.inner,
        f.extentStep,
        f.outerStep,
        f.innerStep,
        f.itemStep,
        in(x),
        out.memory());
    return out;
  }

  /** Panels of n columns and k steps, to be filled. */
  OpenClStorage columnPanels(int items, int n, int k) {
    int size = Math.multiplyExact(items * Math.ceilDiv(n, tile.columns()) * tile.columns(), k);
    return scratch(size);
  }

  OpenClStorage rowPanels(int items, int m, int k) {
    int size = Math.multiplyExact(items * Math.ceilDiv(m, tile.rows()) * tile.rows(), k);
    return scratch(size);
  }

  /** Work-items that fill panels of n columns and k steps. */
  int columnLines(int n, int k) {
    return Math.ceilDiv(n, tile.columns()) * k;
  }

  /**
   * How many of {@code all}, in whole panels of columns, take at most so many floats with k steps.
   */
  int columnsWithin(int floats, int k, int all) {
    int panels = Math.max(1, floats / Math.max(1, k) / tile.columns());
    return (int) Math.min(all, (long) panels * tile.columns());
  }

  /**
   * Products of one size.
   *
   * @param items products; those of a factor with fewer repeat
   */
  record Sizes(int items, int m, int n, int k, int itemsA, int itemsB) {}

  /** The products of panels, each once. */
  void multiply(Sizes s, Storage a, Storage b, Storage bias, Target to, Storage c) {
    multiply(s, a, b, new Overlap(1, 0, s.k), bias, to, c);
  }

  /** The products of panels that overlap: the items of A and of B make as many as many times. */
  void multiply(
      Sizes s, Storage a, Storage b, Overlap overlap, Storage bias, Target to, Storage c) {
    int all = s.items * overlap.products;
    int rows = Math.ceilDiv(s.m, tile.rows());
    int columns = Math.ceilDiv(s.n, tile.columns());
    int tiles = all * rows * columns;
    int groups =
        tile.depth() == 0
            ? Math.ceilDiv(tiles, tile.group())
            : all * Math.ceilDiv(rows, tile.down()) * Math.ceilDiv(columns, tile.across());
    context()
        .runGroups(
            "products",
            "panels",
            groups,
            tile.group(),
            tiles,
            s.m,
            s.n,
            s.k,
            s.itemsA,
            s.itemsB,
            to.more ? 1 : 0,
            to.bias.ordinal(),
            to.first,
            to.rowStep,
            to.itemStep,
            overlap.products,
            overlap.step * tile.columns(),
            overlap.steps * tile.columns(),
            in(a),
            in(b),
            in(bias),
            out(c));
  }
}
