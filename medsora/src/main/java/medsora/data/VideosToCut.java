package medsora.data;

import java.nio.file.Path;
import java.util.List;
import medsora.media.VideoFolder.Dropped;

/**
 * Videos of one folder.
 *
 * @param root the folder, for messages
 * @param videos in the order in which they are cut
 * @param ignored what is not cut, with the reason
 * @param notes what a user should know of them, a line each
 */
public record VideosToCut(
    Path root, List<VideoToCut> videos, List<Dropped> ignored, List<String> notes) {
  public VideosToCut {
    videos = List.copyOf(videos);
    ignored = List.copyOf(ignored);
    notes = List.copyOf(notes);
  }
}
