package medsora.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Those of the providers that know their files in folders.
 *
 * @param all in the order in which they are asked
 */
record VideoFormats(List<VideoFormat> all) {
  /** Those that are there now. */
  static VideoFormats find() {
    return new VideoFormats(
        VideoProviders.find().stream()
            .filter(VideoFormat.class::isInstance)
            .map(VideoFormat.class::cast)
            .toList());
  }

  /** The format that claims a file, which exists and is regular. */
  Optional<VideoFormat> of(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(VideoFormat.HEAD);
    }
    String name = file.getFileName().toString();
    return all.stream().filter(f -> f.claims(head, name)).findFirst();
  }

  /** Whether a format claims a file by its name alone, such as one that cannot be read. */
  boolean claimName(Path file) {
    return all.stream().anyMatch(f -> f.claims(new byte[0], file.getFileName().toString()));
  }

  /**
   * What claimed files make up; of a file that no format claims, nothing.
   *
   * @param files in a fixed order
   */
  VideoFormat.Found find(List<Path> files) throws IOException {
    List<VideoFormat.Found.Video> videos = new ArrayList<>();
    List<VideoFolder.Dropped> refused = new ArrayList<>();
    for (VideoFormat format : all) {
      List<Path> claimed = new ArrayList<>();
      for (Path file : files) {
        if (Files.isRegularFile(file) && of(file).orElse(null) == format) {
          claimed.add(file);
        }
      }
      if (!claimed.isEmpty()) {
        VideoFormat.Found found = format.find(claimed, ReadLimits.DEFAULT);
        videos.addAll(found.videos());
        refused.addAll(found.refused());
      }
    }
    return new VideoFormat.Found(videos, refused);
  }

  /**
   * Opens a folder as a format's videos, where it holds no pictures and a format claims files
   * directly in it.
   */
  Optional<FrameSource> openFolder(Path folder, ReadLimits limits) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.filter(Files::isRegularFile).sorted().toList();
    }
    if (files.stream().anyMatch(Pictures::isPictureName)) {
      return Optional.empty();
    }
    for (VideoFormat format : all) {
      List<Path> claimed = new ArrayList<>();
      for (Path file : files) {
        if (VideoFolder.reasonAgainstPicture(file) == null && of(file).orElse(null) == format) {
          claimed.add(file);
        }
      }
      if (!claimed.isEmpty()) {
        return Optional.of(format.openAll(folder, claimed, limits));
      }
    }
    return Optional.empty();
  }
}
