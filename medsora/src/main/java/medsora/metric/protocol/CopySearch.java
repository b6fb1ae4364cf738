package medsora.metric.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import medsora.media.Clip;
import medsora.metric.distance.Copying.Near;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.NearestSearch;
import medsora.metric.network.Thumbnails;
import medsora.metric.protocol.ClipRule.Drawn;

/**
 * Looks for some clips at every begin of every usable video of a set, drawn or not: which of all
 * its clips is the nearest by thumbnails, and whether one is byte for byte the same. The videos are
 * read once, a frame at a time; what is held of them is as many frames' sums of colours and hashes
 * as a clip spans.
 */
public final class CopySearch {
  /** Windows that are compared at a time, on all processors. */
  private static final int BLOCK = 64;

  private final ClipSet set;
  private final Wanted wanted;
  private final Thumbnails thumbnails;
  private final NearestSearch search;
  private final Map<String, List<Integer>> byFirstFrame = new HashMap<>();
  private final Set<String> framesWanted = new HashSet<>();
  private final Set<String> framesFound = new HashSet<>();
  private final boolean[] equal;
  private final List<double[]> sums = new ArrayList<>();
  private final List<String> hashes = new ArrayList<>();
  private final List<float[]> block = new ArrayList<>();

  /** Places of the windows' numbers: the first window of each video. */
  private final List<Integer> firsts = new ArrayList<>();

  private int windows;
  private int video = -1;

  /**
   * Clips to look for.
   *
   * @param rows their thumbnails
   * @param frames of each clip the hashes of its frames, {@link ClipHash#ofFrames}
   * @param own of each clip the number of the video of the set that it comes from and is not looked
   *     for in, or -1
   */
  public record Wanted(FeatureRows rows, List<List<String>> frames, List<Integer> own) {
    public Wanted {
      frames = List.copyOf(frames);
      own = List.copyOf(own);
      if (frames.size() != rows.count() || own.size() != rows.count()) {
        throw new IllegalArgumentException(
            "[copies] %d thumbnails, hashes of %d clips, places of %d"
                .formatted(rows.count(), frames.size(), own.size()));
      }
    }
  }

  /**
   * What was found of a clip.
   *
   * @param near the nearest clip of the set, at any begin
   * @param equal whether one has the same bytes
   * @param known whether each of its frames is a frame of the set, in whatever order
   */
  public record Found(Near near, boolean equal, boolean known) {}

  private CopySearch(ClipSet set, Wanted wanted) {
    this.set = set;
    this.wanted = wanted;
    this.thumbnails = new Thumbnails(set.rule().frames());
    this.search = new NearestSearch(wanted.rows);
    this.equal = new boolean[wanted.rows.count()];
    for (int i = 0; i < equal.length; i++) {
      List<String> frames = wanted.frames.get(i);
      byFirstFrame.computeIfAbsent(frames.getFirst(), hash -> new ArrayList<>()).add(i);
      framesWanted.addAll(frames);
    }
  }

  /**
   * Searches a set.
   *
   * @param stop asked before each frame
   * @param progress receives the number of frames done
   * @return of each clip what was found
   * @throws Extraction.Stopped where the user asked to stop
   */
  public static List<Found> in(
      ClipSet set, Wanted wanted, BooleanSupplier stop, LongConsumer progress) throws IOException {
    CopySearch search = new CopySearch(set, wanted);
    long[] done = {0};
    set.everyFrame((video, at, frame) -> {
      if (stop.getAsBoolean()) {
        throw new Extraction.Stopped();
      }
      search.take(video, frame);
      progress.accept(++done[0]);
      return true;
    });
    search.compare();
    return IntStream.range(0, wanted.rows.count()).mapToObj(search::found).toList();
  }

  private void take(int number, Clip frame) {
    while (video < number) {
      compare();
      sums.clear();
      hashes.clear();
      firsts.add(windows);
      video++;
    }
    String hash = ClipHash.of(frame);
    if (framesWanted.contains(hash)) {
      framesFound.add(hash);
    }
    sums.add(Thumbnails.sums(Extraction.bytes(frame)));
    hashes.add(hash);
    int span = (set.rule().frames() - 1) * set.rule().spacing() + 1;
    if (sums.size() == span) {
      window(frame.height(), frame.width());
      sums.removeFirst();
      hashes.removeFirst();
    }
  }

  /** The frames that are held are those of a clip and what lies between them. */
  private void window(int height, int width) {
    int[] places = set.rule().indices(0);
    List<double[]> some = IntStream.of(places).mapToObj(sums::get).toList();
    block.add(thumbnails.of(some, height, width));
    windows++;
    if (block.size() == BLOCK) {
      compare();
    }
    for (int i : byFirstFrame.getOrDefault(hashes.getFirst(), List.of())) {
      List<String> frames = wanted.frames.get(i);
      equal[i] |=
          mayBeHere(i)
              && frames.size() == places.length
              && IntStream.range(0, places.length)
                  .allMatch(t -> frames.get(t).equals(hashes.get(places[t])));
    }
  }

  private boolean mayBeHere(int clip) {
    return wanted.own.get(clip) != video;
  }

  private void compare() {
    search.add(this::mayBeHere, block.toArray(float[][]::new));
    block.clear();
  }

  private Found found(int clip) {
    int window = search.nearest(clip);
    if (window < 0) {
      throw new IllegalArgumentException(
          "[copies] %s has no other video to compare with".formatted(wanted.rows.name()));
    }
    int v = firsts.size() - 1;
    while (firsts.get(v) > window) {
      v--;
    }
    Near near = new Near(v, window - firsts.get(v), search.distance(clip));
    return new Found(near, equal[clip], framesFound.containsAll(wanted.frames.get(clip)));
  }

  /** The place of a clip that was found, to look at it. */
  public static Drawn place(Near near) {
    return new Drawn(near.video(), near.begin());
  }
}
