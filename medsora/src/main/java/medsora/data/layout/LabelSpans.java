package medsora.data.layout;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import medsora.data.VideoToCut;

/**
 * Labels of single frames of a video by their numbers; a clip has those of the frames from its
 * first to its last, in order of their names, between semicolons.
 */
final class LabelSpans implements VideoToCut.FrameLabels {
  private final NavigableMap<Long, SortedSet<String>> labels = new TreeMap<>();

  void add(long frame, String label) {
    // A semicolon in a label would end it.
    labels.computeIfAbsent(frame, f -> new TreeSet<>()).add(label.replace(';', ','));
  }

  @Override
  public Map<String, String> of(long first, int stride, int frames) {
    long last = first + (frames - 1L) * stride;
    SortedSet<String> all = new TreeSet<>();
    labels.subMap(first, true, last, true).values().forEach(all::addAll);
    return all.isEmpty() ? Map.of() : Map.of(VideoToCut.LABEL, String.join(";", List.copyOf(all)));
  }
}
