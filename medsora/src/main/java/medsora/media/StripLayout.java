package medsora.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the frames of a strip lie: {@code frames} equal pictures from top to bottom, or from left
 * to right.
 *
 * <p>A png is a strip where something says so; a still picture may have the same edges. In this
 * order:
 *
 * <ol>
 *   <li>its name ends in {@code .stripN.png}: N frames along the longer edge;
 *   <li>it carries the text {@value PictureHead#STRIP}, which {@link PngWriter#strip} writes: so
 *       many frames from top to bottom;
 *   <li>{@value ClipList#NAME} beside it lists it, or {@link ReadOptions#strips} is set: square
 *       frames where the longer edge is a whole multiple, at least 2, of the shorter.
 * </ol>
 */
record StripLayout(int width, int height, int frames, boolean vertical) {
  private static final Pattern NAMED = Pattern.compile("\\.strip(\\d{1,7})\\.[A-Za-z]+$");

  /**
   * The list that was looked into last: the clips beside it are asked about one after the other.
   */
  private static volatile @Nullable Listed listed;

  private record Listed(Path file, long bytes, FileTime changed, ClipList list) {}

  /** The bound on pixels is for one frame; a strip may hold as many as there may be frames. */
  static ReadLimits wholeStrip(ReadLimits limits) {
    return new ReadLimits(
        1L << 28, limits.maxFrames(), limits.maxFileBytes(), limits.stallSeconds());
  }

  /**
   * The layout of a file, or nothing where it is no strip.
   *
   * @throws IOException when the file cannot be read, or says of itself what its edges deny
   */
  static Optional<StripLayout> of(Path file, ReadOptions options) throws IOException {
    if (!text(file).toLowerCase(Locale.ROOT).endsWith(".png")
        || !PictureKind.of(file).equals(Optional.of(PictureKind.PNG))) {
      return Optional.empty();
    }
    if (NAMED.matcher(text(file)).find()) {
      return named(file, size(file, options));
    }
    OptionalInt marked = PictureHead.read(file, PictureKind.PNG).strip();
    if (marked.isPresent()) {
      return Optional.of(down(file, size(file, options), marked.getAsInt()));
    }
    return options.strips() || isListed(file) ? square(size(file, options)) : Optional.empty();
  }

  private static String text(Path file) {
    return file.getFileName().toString();
  }

  private static Pictures.Size size(Path file, ReadOptions options) throws IOException {
    return PictureDecoder.size(file, wholeStrip(options.limits()));
  }

  /** The layout that a name of the form {@code .stripN.png} says, or nothing for another name. */
  static Optional<StripLayout> named(Path file, Pictures.Size size) throws IOException {
    Matcher named = NAMED.matcher(text(file));
    if (!named.find()) {
      return Optional.empty();
    }
    int frames = Integer.parseInt(named.group(1));
    boolean vertical = size.height() >= size.width();
    int longer = Math.max(size.width(), size.height());
    if (frames < 1 || longer % frames != 0) {
      throw new VideoException(
          file.toString(), "its name wants " + frames + " frames along an edge of " + longer);
    }
    return Optional.of(
        vertical
            ? new StripLayout(size.width(), longer / frames, frames, true)
            : new StripLayout(longer / frames, size.height(), frames, false));
  }

  private static StripLayout down(Path file, Pictures.Size size, int frames) throws IOException {
    if (size.height() % frames != 0) {
      throw new VideoException(
          file.toString(),
          "its mark wants " + frames + " frames in a height of " + size.height() + "; damaged?");
    }
    return new StripLayout(size.width(), size.height() / frames, frames, true);
  }

  private static Optional<StripLayout> square(Pictures.Size size) {
    int longer = Math.max(size.width(), size.height());
    int shorter = Math.min(size.width(), size.height());
    if (longer % shorter != 0 || longer / shorter < 2) {
      return Optional.empty();
    }
    boolean vertical = size.height() > size.width();
    return Optional.of(new StripLayout(shorter, shorter, longer / shorter, vertical));
  }

  /** Lists from before strips were marked name them; a list that cannot be read names nothing. */
  private static boolean isListed(Path file) {
    Path list = file.resolveSibling(ClipList.NAME);
    try {
      return Files.isRegularFile(list) && read(list).origins().containsKey(text(file));
    } catch (IOException e) {
      return false;
    }
  }

  private static ClipList read(Path file) throws IOException {
    long bytes = Files.size(file);
    FileTime changed = Files.getLastModifiedTime(file);
    Listed last = listed;
    if (last != null
        && last.file.equals(file)
        && last.bytes == bytes
        && Objects.equals(last.changed, changed)) {
      return last.list;
    }
    ClipList list = ClipList.read(file);
    listed = new Listed(file, bytes, changed, list);
    return list;
  }
}
