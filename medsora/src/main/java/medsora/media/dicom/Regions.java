package medsora.media.dicom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where a picture shows the inside of a person: the ultrasound regions (C.8.5.5). All around them
 * scanners write names, dates and institutions, so that is blackened. A file without regions stays
 * as it is, and says so.
 */
final class Regions {
  /** Columns x0 to x1 and rows y0 to y1, all of them inside. */
  private record Region(int x0, int y0, int x1, int y1) {
    boolean holds(int y) {
      return y >= y0 && y <= y1;
    }
  }

  private final List<Region> regions;
  private final List<String> remarks;

  private Regions(List<Region> regions, List<String> remarks) {
    this.regions = List.copyOf(regions);
    this.remarks = List.copyOf(remarks);
  }

  /**
   * The regions in a frame as it is shown, where a decoder may have made its pixels square.
   *
   * @param layout the frame as the file measures it
   */
  static Regions of(DataSet data, PixelLayout layout, int width, int height) {
    List<Region> regions = new ArrayList<>();
    for (DataSet item : data.items(Tags.REGIONS)) {
      long x0 = item.unsigned(Tags.REGION_X0, layout.columns());
      long y0 = item.unsigned(Tags.REGION_Y0, layout.rows());
      long x1 = item.unsigned(Tags.REGION_X1, -1);
      long y1 = item.unsigned(Tags.REGION_Y1, -1);
      if (x0 < layout.columns() && y0 < layout.rows() && x1 >= x0 && y1 >= y0) {
        regions.add(
            new Region(
                begin(x0, layout.columns(), width),
                begin(y0, layout.rows(), height),
                end(x1, layout.columns(), width),
                end(y1, layout.rows(), height)));
      }
    }
    return new Regions(regions, remarks(data, regions.size()));
  }

  private static int begin(long at, int stored, int shown) {
    return (int) ((at * shown + stored - 1) / stored);
  }

  private static int end(long at, int stored, int shown) {
    return (int) (Math.min(at + 1, stored) * shown / stored) - 1;
  }

  private static List<String> remarks(DataSet data, int regions) {
    boolean burnt = data.text(Tags.BURNED_IN).equals("YES");
    List<String> out = new ArrayList<>();
    if (regions > 0) {
      out.add(
          "blackened outside of %s"
              .formatted(regions == 1 ? "its ultrasound region" : regions + " ultrasound regions"));
    } else {
      out.add("names no ultrasound region: text in its pictures, if there is any, stays");
    }
    if (burnt) {
      out.add(
          regions > 0
              ? "says that text is burnt into its pictures; what lies inside a region stays"
              : "SAYS THAT TEXT IS BURNT INTO ITS PICTURES: look at them before you give them away");
    }
    return out;
  }

  /** What was done, and what the file says of text in its pictures. */
  List<String> remarks() {
    return remarks;
  }

  /** Blackens a frame outside of the regions. */
  void mask(byte[] rgb, int width, int height) {
    if (regions.isEmpty()) {
      return;
    }
    boolean[] inside = new boolean[width];
    for (int y = 0; y < height; y++) {
      Arrays.fill(inside, false);
      for (Region r : regions) {
        if (r.holds(y)) {
          Arrays.fill(inside, Math.min(r.x0, width), Math.min(r.x1 + 1, width), true);
        }
      }
      blacken(rgb, y * width, inside);
    }
  }

  private static void blacken(byte[] rgb, int first, boolean[] inside) {
    for (int x = 0; x < inside.length; x++) {
      if (!inside[x]) {
        int at = 3 * (first + x);
        rgb[at] = 0;
        rgb[at + 1] = 0;
        rgb[at + 2] = 0;
      }
    }
  }
}
