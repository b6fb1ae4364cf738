package medsora.data;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A video and what is known of it beside its frames.
 *
 * @param path what to open
 * @param name for lists and messages
 * @param about columns of the list that all of its clips have, such as {@link #GROUP}
 * @param labels what its frames show
 */
public record VideoToCut(
    Path path, String name, SortedMap<String, String> about, FrameLabels labels) {
  /** Column of what may not stand on both sides of a split: a patient, a lesion, a video. */
  public static final String GROUP = "group";

  /** Column of the side of the split: {@code train}, {@code val} or {@code test}. */
  public static final String SPLIT = "split";

  /** Column of what a clip shows; several are separated by semicolons. */
  public static final String LABEL = "label";

  /** Nothing is said of any frame. */
  public static final FrameLabels UNLABELLED = (first, stride, frames) -> Map.of();

  /** What frames of a video show. */
  public interface FrameLabels {
    /**
     * Columns of the list for a clip, such as {@link #LABEL}; none where nothing is known.
     *
     * @param first number of its first frame in the video
     * @param stride distance of its frames
     * @param frames how many they are
     */
    Map<String, String> of(long first, int stride, int frames);
  }

  public VideoToCut {
    about = Collections.unmodifiableSortedMap(new TreeMap<>(about));
  }

  /** Columns of one of its clips. */
  SortedMap<String, String> about(long first, int stride, int frames) {
    SortedMap<String, String> out = new TreeMap<>(about);
    out.putAll(labels.of(first, stride, frames));
    return out;
  }
}
