package medsora.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import medsora.media.PictureSequence.Place;

/**
 * The pictures of a folder as a video, in the order and the parts of their names ({@link
 * FrameSequences}).
 */
final class ImageFolder {
  private ImageFolder() {}

  /** The frames of a folder, read with some options. */
  static FrameSource open(Path folder, ReadOptions options) throws IOException {
    List<Path> pictures = pictures(folder, options);
    Set<Path> frames = new LinkedHashSet<>(pictures);
    MaskNames.among(pictures).forEach(frames::remove);
    List<Place> places = new ArrayList<>();
    for (List<Path> part : FrameSequences.parts(frames)) {
      for (Path file : part) {
        boolean begins = file.equals(part.getFirst());
        PictureSequence.Reading reading = () -> PictureDecoder.picture(file, options.limits());
        places.add(new Place(file.getFileName().toString(), file, begins, reading));
      }
    }
    if (places.isEmpty()) {
      throw new VideoException(folder.toString(), "holds no pictures (" + PictureKind.all() + ")");
    }
    return new PictureSequence(folder.toString(), places, options.limits());
  }

  /**
   * All pictures directly in a folder; without hidden ones, without those that are videos of their
   * own, and without links that lead out of the folder (see {@link VideoFolder}, which names
   * those).
   */
  private static List<Path> pictures(Path folder, ReadOptions options) throws IOException {
    List<Path> pictures = new ArrayList<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.sorted().toList()) {
        if (Pictures.isPictureName(file)
            && VideoFolder.reasonAgainstPicture(file) == null
            && !isVideo(file, options)) {
          pictures.add(file);
        }
      }
    }
    return pictures;
  }

  /** Whether a picture holds frames: a strip, or a tiff of several pages. */
  static boolean isVideo(Path file, ReadOptions options) {
    try {
      return StripLayout.of(file, options).isPresent() || TiffPages.several(file, options.limits());
    } catch (IOException e) {
      // It calls itself a strip, and is refused by its own name when it is opened.
      return true;
    }
  }
}
