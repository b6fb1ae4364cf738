package tools.evaluate;

import java.util.SortedMap;
import medsora.metric.distance.FeatureRows;
import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.Bootstrap;

/**
 * How often a distance is drawn anew for its interval.
 *
 * @param replicates of the bootstrap; 0 for none
 * @param always whether those of a distance that takes seconds are drawn too
 * @param seed of the draws
 */
public record Draws(int replicates, boolean always, long seed) {
  /** Above this many samples and features a distance takes seconds to half a minute. */
  private static final int LARGE = 1000;

  private static final String REPLICATES = "bootstrap";
  private static final String ALWAYS = "bootstrap_always";

  /**
   * As asked for, and else {@value Bootstrap#REPLICATES} of distances that take no seconds.
   *
   * @param asked by a user, or null
   */
  public static Draws of(Integer asked, long seed) {
    return new Draws(asked == null ? Bootstrap.REPLICATES : asked, asked != null, seed);
  }

  /** Whether an interval of these sets is left out that smaller ones would have. */
  public boolean leavesOut(FeatureRows first, FeatureRows second) {
    return replicates > 0 && !always && isLarge(first, second);
  }

  /** What is found out of a distance of these sets. */
  Assessment.Effort effort(FeatureRows first, FeatureRows second) {
    return leavesOut(first, second) ? new Assessment.Effort(0, seed) : effort();
  }

  /** What is found out of a number that takes no seconds. */
  Assessment.Effort effort() {
    return new Assessment.Effort(replicates, seed);
  }

  private static boolean isLarge(FeatureRows first, FeatureRows second) {
    return first.dimensions() > LARGE && Math.max(first.count(), second.count()) > LARGE;
  }

  /** Writes them into the settings of a manifest, as they always stood there unless asked for. */
  void write(SortedMap<String, String> texts) {
    texts.put(REPLICATES, Integer.toString(replicates));
    if (always) {
      texts.put(ALWAYS, "true");
    }
  }

  /** What {@link #write} wrote, and what was written before a user's number was a command. */
  static Draws read(SortedMap<String, String> texts, int replicates, long seed) {
    return new Draws(replicates, Boolean.parseBoolean(texts.get(ALWAYS)), seed);
  }
}
