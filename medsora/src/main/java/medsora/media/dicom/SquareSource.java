package medsora.media.dicom;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import medsora.media.FrameSource;
import medsora.media.ReadLimits;
import medsora.media.SquarePixels;

/**
 * Pictures whose pixels are not square, stretched or shrunk in width as those of videos are. A file
 * says so by Pixel Aspect Ratio (0028,0034: vertical, horizontal), or else by Pixel Spacing
 * (0028,0030: millimetres between rows, between columns).
 */
final class SquareSource implements FrameSource {
  /** Of millimetres, which are written with decimals. */
  private static final double UNITS = 1e6;

  private final FrameSource stored;
  private final int width;
  private final SquarePixels square;
  private final byte[] frame;

  private SquareSource(FrameSource stored, int width) {
    this.stored = stored;
    this.width = width;
    this.square = new SquarePixels(stored.width(), width);
    this.frame = new byte[stored.frameBytes()];
  }

  /** The pictures of a file as they are shown. */
  static FrameSource of(DicomFile file, PixelLayout layout, ReadLimits limits) throws IOException {
    FrameSource stored = new PictureSource(file, layout, limits);
    int width = width(file.data(), stored.width());
    limits.checkSize(file.name(), width, stored.height());
    limits.checkMemory(file.name(), 3L * stored.height() * (width + stored.width()));
    return width == stored.width() ? stored : new SquareSource(stored, width);
  }

  private static int width(DataSet data, int stored) {
    int tag = data.has(Tags.ASPECT) ? Tags.ASPECT : Tags.SPACING;
    return SquarePixels.width(stored, units(data.text(tag, 1)), units(data.text(tag, 0)));
  }

  private static long units(String text) {
    return Math.round(UNITS * DataSet.parsed(text).orElse(0));
  }

  @Override
  public String name() {
    return stored.name();
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return stored.height();
  }

  @Override
  public int section() {
    return stored.section();
  }

  @Override
  public OptionalDouble rate() {
    return stored.rate();
  }

  @Override
  public List<String> remarks() {
    List<String> all = new ArrayList<>(stored.remarks());
    all.add(
        "its pixels are not square: frames of %dx%d are shown at %dx%d"
            .formatted(stored.width(), stored.height(), width, stored.height()));
    return all;
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    if (!stored.next(frame)) {
      return false;
    }
    square.apply(frame, stored.height(), rgb);
    return true;
  }

  @Override
  public void close() throws IOException {
    stored.close();
  }
}
