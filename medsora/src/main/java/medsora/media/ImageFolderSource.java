package medsora.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A list of png or jpeg files of one size as a video. */
final class ImageFolderSource implements FrameSource {
  private final String name;
  private final List<Path> files;
  private final ReadLimits limits;
  private final Pictures.Size size;
  private int position;

  ImageFolderSource(String name, List<Path> files, ReadLimits limits) throws IOException {
    if (files.isEmpty()) {
      throw new VideoException(name, "holds no png or jpeg pictures");
    }
    limits.checkFrame(name, files.size() - 1L);
    this.name = name;
    this.files = List.copyOf(files);
    this.limits = limits;
    this.size = Pictures.size(files.getFirst(), limits);
  }

  /**
   * All pictures directly in a folder, numbers in names compared as numbers; without hidden ones,
   * and without links that lead out of the folder (see {@link VideoFolder}, which names those).
   */
  static List<Path> pictures(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(Pictures::isPictureName)
          .filter(p -> VideoFolder.reasonAgainstPicture(p) == null)
          .sorted(Comparator.comparing(p -> p.getFileName().toString(), NaturalOrder.INSTANCE))
          .toList();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return size.width();
  }

  @Override
  public int height() {
    return size.height();
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    if (position == files.size()) {
      return false;
    }
    Path file = files.get(position);
    Clip picture = Pictures.picture(file, limits);
    if (picture.width() != width() || picture.height() != height()) {
      throw new VideoException(
          file.toString(),
          "is %dx%d, the pictures before it are %dx%d: one folder, one size"
              .formatted(picture.width(), picture.height(), width(), height()));
    }
    System.arraycopy(picture.frames().getFirst(), 0, rgb, 0, frameBytes());
    position++;
    return true;
  }

  @Override
  public void close() {}
}
