package medsora.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import medsora.media.ClipList;
import medsora.media.Pictures;
import medsora.media.VideoFolder;

/** What the lists of a folder say of its videos. */
final class Origins {
  private Origins() {}

  /**
   * Reads every list.
   *
   * @param notes receives a line for each list that cannot be used
   * @return by video; a source is named with its list, since two lists may mean different videos by
   *     one name
   */
  static Map<Path, ClipList.Origin> read(VideoFolder folder, Consumer<String> notes) {
    Map<Path, ClipList.Origin> listed = new HashMap<>();
    for (Path file : folder.lists()) {
      try {
        String key = folder.name(file) + "\t";
        ClipList.read(file)
            .origins()
            .forEach((clip, origin) ->
                VideoFolder.below(file.resolveSibling(""), clip)
                    .ifPresent(p ->
                        listed.put(
                            p,
                            new ClipList.Origin(
                                key + origin.source(), origin.firstFrame(), origin.further()))));
      } catch (IOException e) {
        notes.accept(folder.name(file) + " ignored: " + Pictures.reason(e));
      }
    }
    return listed;
  }
}
