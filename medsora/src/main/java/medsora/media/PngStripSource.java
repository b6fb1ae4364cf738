package medsora.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Frames glued to one lossless picture; {@link StripLayout} says when a png is one. */
final class PngStripSource implements FrameSource {
  private final String name;
  private final StripLayout layout;
  private final byte[] picture;
  private int position;

  PngStripSource(Path file, ReadOptions options) throws IOException {
    name = file.toString();
    ReadLimits limits = options.limits();
    ReadLimits whole = StripLayout.wholeStrip(limits);
    Optional<StripLayout> found = StripLayout.of(file, options);
    if (found.isEmpty()) {
      Pictures.Size size = PictureDecoder.size(file, whole);
      throw new VideoException(
          name,
          ("is a single %dx%d picture, not a video; a strip of frames is marked as one by who"
                  + " wrote it, by clips.tsv beside it, by a name that ends in .stripN.png, or with"
                  + " --strips by its edges, the longer a multiple of the shorter")
              .formatted(size.width(), size.height()));
    }
    layout = found.get();
    limits.checkSize(name, layout.width(), layout.height());
    limits.checkFrame(name, layout.frames() - 1L);
    // The decoder refuses what the memory does not hold.
    picture = PictureDecoder.picture(file, whole).frames().getFirst();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return layout.width();
  }

  @Override
  public int height() {
    return layout.height();
  }

  @Override
  public boolean next(byte[] rgb) {
    if (position == layout.frames()) {
      return false;
    }
    int row = layout.width() * 3;
    int stride = layout.vertical() ? row : row * layout.frames();
    int start = position * (layout.vertical() ? row * layout.height() : row);
    for (int y = 0; y < layout.height(); y++) {
      System.arraycopy(picture, start + y * stride, rgb, y * row, row);
    }
    position++;
    return true;
  }

  @Override
  public void close() {}
}
