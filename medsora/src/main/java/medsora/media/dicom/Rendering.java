package medsora.media.dicom;

import java.util.List;
import java.util.Optional;
import medsora.media.VideoException;
import medsora.media.YuvToRgb;
import medsora.media.dicom.Frames.Picture;
import medsora.media.dicom.PixelLayout.Colour;
import org.jspecify.annotations.Nullable;

/** Makes RGB of decoded samples, whatever they mean (C.7.6.3.1.2). */
final class Rendering {
  private final String name;
  private final DataSet data;
  private final PixelLayout layout;
  private final GreyScale grey;
  private byte @Nullable [] greys;
  private @Nullable Palette palette;

  /** Tables of red, green and blue. */
  private record Palette(Lut red, Lut green, Lut blue) {}

  Rendering(DicomFile file, PixelLayout layout) {
    this.name = file.name();
    this.data = file.data();
    this.layout = layout;
    this.grey = new GreyScale(data, layout);
  }

  /** What a user should know about it. */
  List<String> remarks() {
    Colour c = layout.colour();
    return c == Colour.MONOCHROME1 || c == Colour.MONOCHROME2 ? grey.remarks() : List.of();
  }

  /**
   * Renders one frame.
   *
   * @param frame its number from 0
   * @param rgb receives it, [rows, columns, 3]
   */
  void render(Picture picture, int frame, byte[] rgb) throws VideoException {
    switch (picture.colour()) {
      case MONOCHROME1, MONOCHROME2 -> greys(picture, frame, rgb);
      case PALETTE_COLOR -> indexed(picture, rgb);
      case RGB -> direct(picture, rgb);
      case YBR_FULL, YBR_FULL_422 -> chroma(picture, rgb);
      case YBR_ICT, YBR_RCT, YBR_PARTIAL_420, YBR_PARTIAL_422 ->
          throw new VideoException(
              name, "damaged DICOM: " + picture.colour() + " under a syntax that has none");
    }
  }

  private void greys(Picture picture, int frame, byte[] rgb) {
    byte[] table = greys;
    if (table == null || grey.perFrame()) {
      table = grey.table(frame);
      greys = table;
    }
    for (int p = 0; p < layout.pixels(); p++) {
      byte v = table[stored(picture, p)];
      rgb[3 * p] = v;
      rgb[3 * p + 1] = v;
      rgb[3 * p + 2] = v;
    }
  }

  private int stored(Picture picture, int number) {
    int shift = Math.max(picture.high() + 1 - layout.stored(), 0);
    return picture.sample(number) >> shift & (1 << layout.stored()) - 1;
  }

  private void indexed(Picture picture, byte[] rgb) throws VideoException {
    Palette p = palette;
    if (p == null) {
      p =
          new Palette(
              table(Tags.RED_DESCRIPTOR, Tags.RED_DATA),
              table(Tags.GREEN_DESCRIPTOR, Tags.GREEN_DATA),
              table(Tags.BLUE_DESCRIPTOR, Tags.BLUE_DATA));
      palette = p;
    }
    for (int i = 0; i < layout.pixels(); i++) {
      int v = stored(picture, i);
      rgb[3 * i] = shade(p.red, v);
      rgb[3 * i + 1] = shade(p.green, v);
      rgb[3 * i + 2] = shade(p.blue, v);
    }
  }

  private static byte shade(Lut lut, int value) {
    int entry = Math.min(lut.at(value), lut.largest());
    // 16-bit palettes hold the shade in their high byte, most of them in both.
    return (byte) (lut.largest() > 255 ? entry >> 8 : entry);
  }

  private Lut table(int descriptor, int values) throws VideoException {
    Optional<Lut> lut = Lut.of(data, descriptor, values, layout.signed());
    if (lut.isEmpty()) {
      throw new VideoException(
          name,
          "DICOM PALETTE COLOR without whole tables of colours (segmented ones are not read);"
              + " convert it first: gdcmconv --raw --force IN OUT");
    }
    return lut.get();
  }

  private int eight(Picture picture, int number) {
    int v = stored(picture, number);
    int max = (1 << layout.stored()) - 1;
    return max == 255 ? v : (v * 255 + max / 2) / max;
  }

  private void direct(Picture picture, byte[] rgb) {
    for (int i = 0; i < 3 * layout.pixels(); i++) {
      rgb[i] = (byte) eight(picture, i);
    }
  }

  private void chroma(Picture picture, byte[] rgb) {
    int pixels = layout.pixels();
    byte[] planes = new byte[3 * pixels];
    for (int i = 0; i < planes.length; i++) {
      planes[i % 3 * pixels + i / 3] = (byte) eight(picture, i);
    }
    int w = layout.columns();
    new YuvToRgb(w, layout.rows(), 0, 0, YuvToRgb.Matrix.BT601, true)
        .convert(
            new YuvToRgb.Plane(planes, 0, w, 0),
            new YuvToRgb.Plane(planes, pixels, w, 0),
            new YuvToRgb.Plane(planes, 2 * pixels, w, 0),
            rgb);
  }
}
