package medsora.metric.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import medsora.metric.distance.FeatureRows;

/**
 * The samples of a set, and which of them belong together. A distance is one of samples; what is
 * drawn to say what it is worth is whole groups, for the frames of a video are alike: drawn alone
 * they would make every interval and floor too small.
 */
public final class Samples {
  /** What a group is. */
  public enum Group {
    /** A sample is drawn for itself. */
    SAMPLE("samples"),
    /** All samples of a clip. */
    CLIP("clips"),
    /** All samples of a video, of which each may have its own number. */
    VIDEO("videos");

    private final String words;

    Group(String words) {
      this.words = words;
    }

    /** What is counted, in print. */
    public String words() {
      return words;
    }
  }

  private final FeatureRows rows;
  private final Group group;

  /** Where each group begins, and the end. */
  private final int[] bounds;

  private Samples(FeatureRows rows, Group group, int... bounds) {
    this.rows = rows;
    this.group = group;
    this.bounds = bounds;
  }

  /** Samples that have nothing to do with each other. */
  public static Samples single(FeatureRows rows) {
    return new Samples(rows, Group.SAMPLE, IntStream.rangeClosed(0, rows.count()).toArray());
  }

  /**
   * Samples that come in rows.
   *
   * @param rows a row for each clip, the features of its frames one after another
   * @param parts frames of a clip; 1 for what is a sample itself
   */
  public static Samples ofClips(FeatureRows rows, int parts) {
    return parts == 1 ? single(rows) : of(rows.cut(parts), Group.CLIP, parts);
  }

  /** Samples of which always so many belong together; of the last ones there may be fewer. */
  public static Samples of(FeatureRows rows, Group group, int each) {
    int groups = (rows.count() + each - 1) / each;
    int[] bounds =
        IntStream.rangeClosed(0, groups).map(g -> Math.min(g * each, rows.count())).toArray();
    return new Samples(rows, group, bounds);
  }

  /**
   * Samples that lie one group after another.
   *
   * @param sizes of the groups, at least 1 each
   */
  public static Samples ofVideos(FeatureRows rows, List<Integer> sizes) {
    int[] bounds = new int[sizes.size() + 1];
    for (int g = 0; g < sizes.size(); g++) {
      if (sizes.get(g) < 1) {
        throw new IllegalArgumentException(
            "[samples] %s: video %d of %d samples".formatted(rows.name(), g, sizes.get(g)));
      }
      bounds[g + 1] = bounds[g] + sizes.get(g);
    }
    if (bounds[sizes.size()] != rows.count()) {
      throw new IllegalArgumentException(
          "[samples] %s: %d samples, those of its videos are %d"
              .formatted(rows.name(), rows.count(), bounds[sizes.size()]));
    }
    return new Samples(rows, Group.VIDEO, bounds);
  }

  /** All samples. */
  public FeatureRows rows() {
    return rows;
  }

  /** What is drawn together. */
  public Group group() {
    return group;
  }

  /** Number of groups. */
  public int groups() {
    return bounds.length - 1;
  }

  /** The samples of some groups, in the order given; one may stand there twice. */
  public FeatureRows pick(int... groups) {
    return rows.pick(
        Arrays.stream(groups).flatMap(g -> IntStream.range(bounds[g], bounds[g + 1])).toArray());
  }
}
