package medsora.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Frames glued to one lossless picture.
 *
 * <p>The rule: a name that ends in {@code .stripN} before its extension ({@code clip.strip17.png})
 * holds N equal frames along the longer edge. Any other picture is a strip of square frames when
 * its longer edge is a whole multiple, at least 2, of the shorter: 128x2176 is 17 frames of 128x128
 * from top to bottom, 2176x128 the same from left to right. Everything else is a still picture.
 */
final class PngStripSource implements FrameSource {
  private static final Pattern NAMED = Pattern.compile("\\.strip(\\d{1,7})\\.[A-Za-z]+$");

  /** Where the frames lie. */
  record Layout(int width, int height, int frames, boolean vertical) {}

  private final String name;
  private final Layout layout;
  private final byte[] picture;
  private int position;

  PngStripSource(Path file, ReadLimits limits) throws IOException {
    name = file.toString();
    // The bound on pixels is for one frame; a strip may hold as many as there may be frames.
    ReadLimits whole =
        new ReadLimits(1L << 28, limits.maxFrames(), limits.maxFileBytes(), limits.stallSeconds());
    Pictures.Size size = Pictures.size(file, whole);
    layout = layout(file, size);
    if (layout == null) {
      throw new VideoException(
          name,
          ("is a single %dx%d picture, not a video: a strip's longer edge is a multiple of its"
                  + " shorter edge, or its name ends in .stripN.png")
              .formatted(size.width(), size.height()));
    }
    limits.checkSize(name, layout.width, layout.height);
    limits.checkFrame(name, layout.frames - 1L);
    // Pictures.picture refuses what the memory does not hold.
    picture = Pictures.picture(file, whole).frames().getFirst();
  }

  /** The strip's layout, or null when the picture is no strip. */
  static @Nullable Layout layout(Path file, Pictures.Size size) throws IOException {
    boolean vertical = size.height() >= size.width();
    int longer = Math.max(size.width(), size.height());
    int shorter = Math.min(size.width(), size.height());
    Matcher named = NAMED.matcher(file.getFileName().toString());
    if (named.find()) {
      int n = Integer.parseInt(named.group(1));
      if (n < 1 || longer % n != 0) {
        throw new VideoException(
            file.toString(), "its name wants " + n + " frames along an edge of " + longer);
      }
      return vertical
          ? new Layout(shorter, longer / n, n, true)
          : new Layout(longer / n, shorter, n, false);
    }
    if (longer % shorter != 0 || longer / shorter < 2) {
      return null;
    }
    return new Layout(shorter, shorter, longer / shorter, vertical);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return layout.width;
  }

  @Override
  public int height() {
    return layout.height;
  }

  @Override
  public boolean next(byte[] rgb) {
    if (position == layout.frames) {
      return false;
    }
    int row = layout.width * 3;
    int stride = layout.vertical ? row : row * layout.frames;
    int start = position * (layout.vertical ? row * layout.height : row);
    for (int y = 0; y < layout.height; y++) {
      System.arraycopy(picture, start + y * stride, rgb, y * row, row);
    }
    position++;
    return true;
  }

  @Override
  public void close() {}
}
