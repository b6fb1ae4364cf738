package medsora.media;

import java.util.Map;

/**
 * Planar 8-bit Y'CbCr to RGB in integer arithmetic: the same bytes on every machine and whichever
 * decoder delivered the planes.
 *
 * <p>Chroma is interpolated linearly. Its samples sit where the standards put them: vertically
 * between the two luma rows, horizontally on the even luma columns (MPEG, H.264) or between two
 * columns (JPEG, full range).
 */
public final class YuvToRgb {
  /** Matrix coefficients, as ITU-R recommendations number them. */
  public enum Matrix {
    /** Standard definition, and JPEG. */
    BT601(0.299, 0.114),
    /** High definition. */
    BT709(0.2126, 0.0722),
    /** Ultra high definition. */
    BT2020(0.2627, 0.0593),
    /** An early high definition. */
    SMPTE240M(0.212, 0.087),
    /** Of 1953. */
    FCC(0.30, 0.11);

    /** By ffmpeg's names; BT.601 has three of them. */
    private static final Map<String, Matrix> NAMES =
        Map.of(
            "smpte170m", BT601,
            "bt470bg", BT601,
            "unknown", BT601,
            "reserved", BT601,
            "bt709", BT709,
            "bt2020nc", BT2020,
            "bt2020c", BT2020,
            "smpte240m", SMPTE240M,
            "fcc", FCC);

    private final double kr;
    private final double kb;

    Matrix(double kr, double kb) {
      this.kr = kr;
      this.kb = kb;
    }

    /** The matrix of this name; BT.601 where it is another one, or none is said. */
    static Matrix of(String name) {
      return NAMES.getOrDefault(name, BT601);
    }

    /** Whether the name is known, or none is said. */
    static boolean knows(String name) {
      return NAMES.containsKey(name);
    }

    double kr() {
      return kr;
    }

    double kb() {
      return kb;
    }
  }

  private static final int BITS = 13;

  /** Chroma arrives 16 times too large: 4 from the vertical and 4 from the horizontal blend. */
  private static final int CHROMA_BITS = 4;

  private final int width;
  private final int height;
  private final int shiftX;
  private final int shiftY;
  private final boolean centred;
  private final int lumaOffset;
  private final int cy;
  private final int crR;
  private final int cbG;
  private final int crG;
  private final int cbB;
  private final int[] rowU;
  private final int[] rowV;

  /**
   * Prepares for frames of one kind.
   *
   * @param shiftX 1 where chroma has half the columns, else 0
   * @param shiftY 1 where chroma has half the rows, else 0
   * @param fullRange luma 0..255 rather than 16..235
   */
  public YuvToRgb(int width, int height, int shiftX, int shiftY, Matrix matrix, boolean fullRange) {
    this.width = width;
    this.height = height;
    this.shiftX = shiftX;
    this.shiftY = shiftY;
    this.centred = fullRange;
    this.lumaOffset = fullRange ? 0 : 16;
    double luma = fullRange ? 1 : 255.0 / 219;
    double chroma = (fullRange ? 1 : 255.0 / 224) * 2;
    double kg = 1 - matrix.kr() - matrix.kb();
    cy = fixed(luma);
    crR = fixed(chroma * (1 - matrix.kr()));
    cbB = fixed(chroma * (1 - matrix.kb()));
    cbG = fixed(-chroma * matrix.kb() * (1 - matrix.kb()) / kg);
    crG = fixed(-chroma * matrix.kr() * (1 - matrix.kr()) / kg);
    int chromaWidth = chromaWidth();
    rowU = new int[chromaWidth];
    rowV = new int[chromaWidth];
  }

  private static int fixed(double v) {
    return (int) Math.rint(v * (1 << BITS));
  }

  /** Columns of a plane of chroma. */
  public int chromaWidth() {
    return (width + shiftX) >> shiftX;
  }

  /** Rows of a plane of chroma. */
  public int chromaHeight() {
    return (height + shiftY) >> shiftY;
  }

  /**
   * One plane: sample (x, y) is {@code data[offset + y * stride + x] ^ flip}. Decoders that store
   * samples minus 128 pass {@code flip} 0x80.
   */
  public record Plane(byte[] data, int offset, int stride, int flip) {
    int at(int index) {
      return (data[index] ^ flip) & 0xff;
    }
  }

  /** Converts one frame into {@code rgb} [height, width, 3]. */
  public void convert(Plane y, Plane u, Plane v, byte[] rgb) {
    for (int row = 0; row < height; row++) {
      blendRows(u, row, rowU);
      blendRows(v, row, rowV);
      convertRow(y, row, rgb);
    }
  }

  /** Vertical interpolation: four times the chroma value for this luma row. */
  private void blendRows(Plane plane, int row, int[] out) {
    int near = row >> shiftY;
    int far = near;
    if (shiftY == 1) {
      far = (row & 1) == 0 ? Math.max(near - 1, 0) : Math.min(near + 1, chromaHeight() - 1);
    }
    int a = plane.offset + near * plane.stride;
    int b = plane.offset + far * plane.stride;
    for (int x = 0; x < out.length; x++) {
      out[x] = 3 * plane.at(a + x) + plane.at(b + x);
    }
  }

  /** Horizontal interpolation: four times the value in {@code row} at luma column x. */
  private int blendColumns(int[] row, int x) {
    if (shiftX == 0) {
      return 4 * row[x];
    }
    int near = x >> 1;
    int right = Math.min(near + 1, row.length - 1);
    if (!centred) {
      return (x & 1) == 0 ? 4 * row[near] : 2 * row[near] + 2 * row[right];
    }
    int far = (x & 1) == 0 ? Math.max(near - 1, 0) : right;
    return 3 * row[near] + row[far];
  }

  private void convertRow(Plane y, int row, byte[] rgb) {
    int in = y.offset + row * y.stride;
    int out = row * width * 3;
    int zero = 128 << CHROMA_BITS;
    int half = 1 << (BITS + CHROMA_BITS - 1);
    for (int x = 0; x < width; x++, out += 3) {
      int luma = cy * ((y.at(in + x) - lumaOffset) << CHROMA_BITS) + half;
      int cb = blendColumns(rowU, x) - zero;
      int cr = blendColumns(rowV, x) - zero;
      rgb[out] = clamp((luma + crR * cr) >> (BITS + CHROMA_BITS));
      rgb[out + 1] = clamp((luma + cbG * cb + crG * cr) >> (BITS + CHROMA_BITS));
      rgb[out + 2] = clamp((luma + cbB * cb) >> (BITS + CHROMA_BITS));
    }
  }

  private static byte clamp(int v) {
    return (byte) (v < 0 ? 0 : Math.min(v, 255));
  }
}
