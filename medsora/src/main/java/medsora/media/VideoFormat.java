package medsora.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A {@link VideoProvider} that knows its files by how they begin, and so finds them in folders
 * whatever they are called: DICOM, which comes with this module.
 *
 * <p>Its files may say whose they are, in their content or by their names. So a format gives each
 * video a name that tells nothing ({@link Found.Video#name}); lists, logs and names of outputs use
 * that one and never the path.
 */
public interface VideoFormat extends VideoProvider {
  /** Bytes of a file's beginning that {@link #claims} wants, fewer where the file is shorter. */
  int HEAD = 132;

  /**
   * Whether a file is of this family, damaged or not.
   *
   * @param head the file's first {@link #HEAD} bytes
   * @param fileName its name without folders
   */
  boolean claims(byte[] head, String fileName);

  /**
   * Opens all videos of a folder one after the other, each a section of its own.
   *
   * @param files claimed files of one folder
   * @throws IOException naming the folder and what to do next
   */
  FrameSource openAll(Path folder, List<Path> files, ReadLimits limits) throws IOException;

  /**
   * Tells which videos claimed files make up.
   *
   * @param files all claimed files of a folder and of those below it, in a fixed order
   */
  Found find(List<Path> files, ReadLimits limits);

  /**
   * What was found.
   *
   * @param videos to be opened by their paths
   * @param refused what holds no video, under names that tell nothing, with the reason
   */
  record Found(List<Video> videos, List<VideoFolder.Dropped> refused) {
    public Found {
      videos = List.copyOf(videos);
      refused = List.copyOf(refused);
    }

    /**
     * One video.
     *
     * @param path what to open; of several files that are one video, the first
     * @param name for lists and messages; tells nothing of whose it is
     * @param group equal for videos of one person, which never stand on both sides of a split
     */
    public record Video(Path path, String name, String group) {}
  }
}
