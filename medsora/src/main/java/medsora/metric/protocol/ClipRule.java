package medsora.metric.protocol;

import engine.random.RandomKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How clips are drawn from videos, one clip from each video, by the rules of StyleGAN-V.
 *
 * @param frames of a clip, L
 * @param spacing distance of its frames, s
 * @param most clips that are drawn at most
 * @param which of the videos they come from where there are more
 * @param begin where in its video a clip begins
 */
public record ClipRule(int frames, int spacing, int most, Which which, Begin begin) {
  /** Draws of beginnings, and of videos, apart from all other draws of a seed. */
  private static final long BEGINS = 0x6265;

  private static final long VIDEOS = 0x7669;

  /** Which videos. */
  public enum Which {
    /** The first in the order of their names, compared as strings. */
    FIRST,
    /** Such as the seed draws. */
    RANDOM
  }

  /** Where a clip begins. */
  public enum Begin {
    /** With the video's first frame. */
    ZERO,
    /** Anywhere where it fits, drawn by the seed and the video's number in the order of names. */
    UNIFORM
  }

  /**
   * A clip's place.
   *
   * @param video its number
   * @param begin number of its first frame there
   */
  public record Drawn(int video, int begin) {}

  public ClipRule {
    if (frames < 1 || spacing < 1 || most < 1 || (long) frames * spacing > 1_000_000) {
      throw new IllegalArgumentException(
          "[clip rule] %d clips of %d frames, spacing %d".formatted(most, frames, spacing));
    }
  }

  /** Another distance of the frames. */
  public ClipRule every(int other) {
    return new ClipRule(frames, other, most, which, begin);
  }

  /** Another number of clips. */
  public ClipRule atMost(int other) {
    return new ClipRule(frames, spacing, other, which, begin);
  }

  /** The frames a video must have: L s, though a clip spans but (L - 1) s + 1. */
  public int needed() {
    return frames * spacing;
  }

  /**
   * The last frame a clip may begin at, n - L s + s - 1.
   *
   * @param total frames of the video
   * @return -1 where it is too short
   */
  public int lastBegin(int total) {
    return total < needed() ? -1 : total - needed() + spacing - 1;
  }

  /** The frames of a clip, begin + s i. */
  public int[] indices(int clipBegin) {
    return IntStream.range(0, frames).map(i -> clipBegin + spacing * i).toArray();
  }

  /**
   * Draws clips.
   *
   * @param totals frames of each video, in the order of their names; those too short are passed
   *     over
   * @param seed of the draws
   * @return in the order of the videos
   */
  public List<Drawn> draw(List<Integer> totals, long seed) {
    List<Integer> usable =
        IntStream.range(0, totals.size())
            .filter(v -> lastBegin(totals.get(v)) >= 0)
            .boxed()
            .toList();
    List<Drawn> out = new ArrayList<>();
    for (int video : chosen(usable, seed)) {
      int last = lastBegin(totals.get(video));
      int drawn =
          begin == Begin.ZERO ? 0 : new RandomKey(seed, video, BEGINS).random().below(last + 1, 0);
      out.add(new Drawn(video, drawn));
    }
    return out;
  }

  private List<Integer> chosen(List<Integer> usable, long seed) {
    if (usable.size() <= most || which == Which.FIRST) {
      return usable.subList(0, Math.min(most, usable.size()));
    }
    int[] order = new RandomKey(seed, 0, VIDEOS).random().permutation(usable.size());
    return IntStream.range(0, most).map(i -> order[i]).sorted().mapToObj(usable::get).toList();
  }

  /** In words, as a result is quoted. */
  public String words() {
    String videos = which == Which.FIRST ? "first by name" : "random videos";
    String where = begin == Begin.ZERO ? "from frame 0" : "begin drawn";
    return "%d frames every %d, %s, %s".formatted(frames, spacing, videos, where);
  }
}
