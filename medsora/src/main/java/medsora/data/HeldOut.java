package medsora.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import medsora.media.ClipList;
import medsora.media.VideoFolder;

/**
 * Decides which videos are kept from training. Clips cut from one video look alike, so where their
 * lists ({@link ClipList}) tell what they were cut from, whole sources are held out; a video in no
 * list is a source of its own. The choice depends on names, lists and the share alone.
 */
final class HeldOut {
  /**
   * A video and what it was cut from.
   *
   * @param source equal for clips of one source, or of one group where its list names groups
   * @param firstFrame place in the source
   * @param split side of an official split, or empty
   */
  record Member(String source, long firstFrame, String split) {
    /** No split is known. */
    Member(String source, long firstFrame) {
      this(source, firstFrame, "");
    }
  }

  /** Positions of the videos held out, and lines for the report. */
  record Choice(boolean[] out, List<String> notes) {}

  private HeldOut() {}

  /**
   * What each of some videos was cut from.
   *
   * @param listed what the folder's lists say of them
   */
  static List<Member> members(
      VideoFolder folder, List<Path> videos, Map<Path, ClipList.Origin> listed) {
    return videos.stream()
        .map(video -> {
          ClipList.Origin origin = listed.get(video);
          return origin == null
              ? new Member(folder.group(video).orElse(folder.name(video)), 0)
              : member(origin);
        })
        .toList();
  }

  /** Clips of one patient, lesion or whatever a list calls a group never stand on both sides. */
  private static Member member(ClipList.Origin origin) {
    String group = origin.further().get(VideoToCut.GROUP);
    String split = origin.further().getOrDefault(VideoToCut.SPLIT, "");
    // Sources are named with their list; a group of several lists is one.
    return new Member(
        group == null ? origin.source() : "group\t" + group, origin.firstFrame(), split);
  }

  /**
   * The sides of an official split, where every clip is on one and no source on two: {@code train}
   * is trained on, all else held out.
   */
  private static Optional<Choice> official(List<Member> members, double share) {
    Map<String, String> sides = new HashMap<>();
    boolean[] out = new boolean[members.size()];
    int held = 0;
    for (int i = 0; i < out.length; i++) {
      Member member = members.get(i);
      String other = sides.putIfAbsent(member.source, member.split);
      if (member.split.isEmpty() || (other != null && !other.equals(member.split))) {
        return Optional.empty();
      }
      out[i] = !member.split.equals("train");
      held += out[i] ? 1 : 0;
    }
    if (share == 0 || held == 0 || held == out.length) {
      return Optional.empty();
    }
    String note = "the list's split decides: %d of %d clips are held out";
    return Optional.of(new Choice(out, List.of(note.formatted(held, out.length))));
  }

  /**
   * The split: about {@code share} of the videos, at least one and not all where that is above 0
   * and there are two or more. Where the lists name an official split, that one.
   */
  static Choice choose(List<Member> members, double share) {
    Optional<Choice> official = official(members, share);
    if (official.isPresent()) {
      return official.get();
    }
    int count = members.size();
    Map<String, List<Integer>> sources = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      sources.computeIfAbsent(members.get(i).source, s -> new ArrayList<>()).add(i);
    }
    if (sources.size() == count) {
      return new Choice(spread(count, share), List.of());
    }
    int wanted = wanted(count, share);
    if (wanted == 0) {
      return new Choice(new boolean[count], List.of());
    }
    return sources.size() == 1
        ? lastInTime(members, wanted)
        : wholeSources(List.copyOf(sources.values()), count, wanted);
  }

  private static int wanted(int count, double share) {
    boolean none = share == 0 || count < 2;
    return none ? 0 : (int) Math.min(count - 1, Math.max(1, Math.rint(count * share)));
  }

  /** Evenly spread positions, so that the split depends on order and number only. */
  static boolean[] spread(int count, double share) {
    boolean[] out = new boolean[count];
    int n = wanted(count, share);
    for (int i = 0; i < n; i++) {
      out[(int) ((2L * i + 1) * count / (2L * n))] = true;
    }
    return out;
  }

  /**
   * Sources from the shortest to the longest as long as the share is not exceeded, so that as many
   * as possible are held out; the shortest in any case. Ties go by the order of names. Never all:
   * fewer clips are wanted than there are, and of two sources the longer one stays.
   */
  private static Choice wholeSources(List<List<Integer>> sources, int count, int wanted) {
    boolean[] out = new boolean[count];
    int held = 0;
    int taken = 0;
    List<List<Integer>> ascending =
        sources.stream().sorted(Comparator.comparingInt(List::size)).toList();
    for (List<Integer> source : ascending) {
      if (taken > 0 && held + source.size() > wanted) {
        break;
      }
      source.forEach(i -> out[i] = true);
      held += source.size();
      taken++;
    }
    String note = "clips come from %d sources; %d of them held out whole (%d of %d clips)";
    return new Choice(out, List.of(note.formatted(sources.size(), taken, held, count)));
  }

  private static Choice lastInTime(List<Member> members, int wanted) {
    boolean[] out = new boolean[members.size()];
    IntStream.range(0, out.length)
        .boxed()
        .sorted(Comparator.comparingLong(i -> members.get(i).firstFrame))
        .skip(out.length - wanted)
        .forEach(i -> out[i] = true);
    String note =
        "all %d clips come from one source; its last %d in time are held out, which are not"
            + " independent of the training clips: prepare a second video for that";
    return new Choice(out, List.of(note.formatted(out.length, wanted)));
  }
}
