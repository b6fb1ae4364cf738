package engine.kernel.opencl;

import engine.numeric.NumericContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a product is cut into tiles: the shape of work, never the order of a sum, so that all tiles
 * give the same bits. Processors want long vectors in registers and no local memory, graphics cards
 * the opposite.
 *
 * @param rows rows of the result for each work-item
 * @param columns columns for each work-item, a multiple of {@code vector}
 * @param vector floats of a vector: 1, 4, 8 or 16
 * @param across work-items of a group along columns
 * @param down work-items of a group along rows
 * @param depth steps of k that a group copies into local memory at a time, a divisor of {@link
 *     NumericContract#SEGMENT}; 0 for none
 * @param twice whether the next steps are copied while the present ones are used
 */
public record OpenClTile(
    int rows, int columns, int vector, int across, int down, int depth, boolean twice) {
  /** For drivers that compute on the processor. */
  public static final OpenClTile PROCESSOR = new OpenClTile(8, 32, 16, 1, 8, 0, false);

  /** For graphics cards: 128x128 for a group of 256. */
  public static final OpenClTile GRAPHICS = new OpenClTile(8, 8, 4, 16, 16, 8, true);

  /** Rows, columns, vector: accumulators fill the registers of 256 and 512 bits, or half. */
  private static final int[][] PROCESSOR_SHAPES = {
    {4, 16, 16}, {4, 16, 8}, {6, 16, 8}, {8, 16, 16}, {6, 32, 16}, {8, 32, 16}, {12, 32, 16}
  };

  private static final int[][] GRAPHICS_SHAPES = {{4, 4, 4}, {8, 4, 4}, {4, 8, 4}, {8, 8, 4}};
  private static final int[][] PROCESSOR_GROUPS = {{1, 4}, {1, 16}};
  private static final int[][] GRAPHICS_GROUPS = {{8, 8}, {16, 8}, {16, 16}};

  /** For devices whose groups are small. */
  public static final OpenClTile SMALL = new OpenClTile(4, 8, 4, 8, 8, 8, false);

  public OpenClTile {
    boolean whole = List.of(1, 4, 8, 16).contains(vector) && columns > 0 && columns % vector == 0;
    boolean divides = depth == 0 || (depth > 0 && NumericContract.SEGMENT % depth == 0);
    if (!whole || !divides || rows < 1 || across < 1 || down < 1 || (twice && depth == 0)) {
      throw new IllegalArgumentException(
          "[opencl] no tile: "
              + rows
              + "x"
              + columns
              + " of vectors of "
              + vector
              + ", groups of "
              + across
              + "x"
              + down
              + ", depth "
              + depth);
    }
  }

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,3})x(\\d{1,3})v(\\d{1,2}) (\\d{1,3})x(\\d{1,3}) d(\\d{1,3})(x2)?");

  /** What {@link #toString} wrote; empty for anything else. */
  static Optional<OpenClTile> parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    int[] n = new int[6];
    for (int i = 0; i < n.length; i++) {
      n[i] = Integer.parseInt(m.group(i + 1));
    }
    try {
      return Optional.of(new OpenClTile(n[0], n[1], n[2], n[3], n[4], n[5], m.group(7) != null));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Work-items of a group. */
  int group() {
    return across * down;
  }

  /** Bytes of local memory. */
  long local() {
    return (twice ? 2L : 1L) * depth * (down * rows + across * columns) * Float.BYTES;
  }

  /** Whether a device can run it. */
  public boolean fits(OpenClDevice device) {
    return group() <= device.workGroup() && local() <= device.localMemory();
  }

  /** What is worth trying on a device. */
  public static List<OpenClTile> candidates(OpenClDevice device) {
    boolean processor = device.kind() == OpenClDevice.Kind.CPU;
    List<OpenClTile> all = new ArrayList<>();
    for (int[] shape : processor ? PROCESSOR_SHAPES : GRAPHICS_SHAPES) {
      for (int[] group : processor ? PROCESSOR_GROUPS : GRAPHICS_GROUPS) {
        int[] depths = processor ? new int[] {0} : new int[] {0, 8, 16};
        for (int depth : depths) {
          all.add(new OpenClTile(shape[0], shape[1], shape[2], group[0], group[1], depth, false));
          if (depth > 0) {
            all.add(new OpenClTile(shape[0], shape[1], shape[2], group[0], group[1], depth, true));
          }
        }
      }
    }
    if (processor) {
      // Local memory is a detour there; a few, so that it is measured and not believed.
      all.add(new OpenClTile(8, 16, 16, 4, 4, 16, false));
      all.add(GRAPHICS);
    }
    return all.stream().filter(t -> t.fits(device)).toList();
  }

  /** What a device of this kind gets without tuning. */
  public static OpenClTile of(OpenClDevice device) {
    OpenClTile wanted = device.kind() == OpenClDevice.Kind.GPU ? GRAPHICS : PROCESSOR;
    if (wanted.fits(device)) {
      return wanted;
    }
    return SMALL.fits(device) ? SMALL : new OpenClTile(4, 16, 4, 1, 1, 0, false);
  }

  /** Work-items that share a row of a norm: one where work-items are few and long. */
  int rowLanes() {
    return depth == 0 ? 1 : NumericContract.SUM_LANES;
  }

  /** The lines that define it in a program. */
  String definitions() {
    return """
    #define TILE_ROWS %d
    #define TILE_VECTORS %d
    #define TILE_WIDTH %d
    #define TILE_ACROSS %d
    #define TILE_DOWN %d
    #define TILE_DEPTH %d
    #define TILE_TWICE %d
    """
        .formatted(rows, columns / vector, vector, across, down, depth, twice ? 1 : 0);
  }

  /** For tables and files: {@code 8x32v16 1x8 d0}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%dx%dv%d %dx%d d%d%s",
        rows,
        columns,
        vector,
        across,
        down,
        depth,
        twice ? "x2" : "");
  }
}
