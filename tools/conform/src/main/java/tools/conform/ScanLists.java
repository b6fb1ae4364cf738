package tools.conform;

import medsora.denoiser.DenoiserConfig;
import medsora.denoiser.Spiral;

/**
 * The two orders of a spatial Mamba, from a file's {@code const.*}; they are held against our own
 * lists with the index that the metadata give. Without stored lists, our own are used.
 */
record ScanLists(int frames, int grid, int[] forward, int[] backward) {
  private static final int LISTS = 16;

  /** For parts in which no attention takes place, so that any grid is good. */
  static final DenoiserConfig.Switches SWITCHES =
      new DenoiserConfig.Switches(1, false, false, 0f, false, true);

  static ScanLists of(Check check, int frames, int grid) {
    FixtureFile file = check.file();
    if (!file.contains("const.order")) {
      int index = file.number("list_index");
      return new ScanLists(frames, grid, list(frames, grid, index), list(frames, grid, index + 1));
    }
    int[] forward = file.ints("const.order");
    int[] backward = file.ints("const.order_reversal");
    if (file.metadata("list_index").isPresent()) {
      int index = file.number("list_index");
      check.integers("const.order", list(frames, grid, index));
      check.integers("const.order_reversal", list(frames, grid, index + 1));
      inverse(check, "const.original", list(frames, grid, index));
      inverse(check, "const.original_reversal", list(frames, grid, index + 1));
    }
    return new ScanLists(frames, grid, forward, backward);
  }

  private static int[] list(int frames, int grid, int index) {
    UnfitException.unless(frames > 0 && grid > 0, "no grid of %d x %d", frames, grid);
    return Spiral.releasedList(frames, grid, Math.floorMod(index, LISTS));
  }

  private static void inverse(Check check, String name, int[] list) {
    if (check.file().contains(name)) {
      check.integers(name, Spiral.inverse(list));
    }
  }
}
