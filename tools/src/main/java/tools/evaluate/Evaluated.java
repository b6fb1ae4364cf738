package tools.evaluate;

import java.nio.file.Path;
import java.util.List;
import medsora.metric.distance.FeatureRows;

/**
 * All that an evaluation found.
 *
 * @param map features of clips, for a map and for what is near to what
 * @param earlier the folder of the run that it was compared with, or null
 */
public record Evaluated(Sets sets, Seen seen, Looks looks, Result result, Map map, Path earlier) {
  /**
   * Features of the clips of both sets.
   *
   * @param name of the network
   */
  public record Map(String name, FeatureRows real, FeatureRows generated) {}

  /** Lines for people. */
  public List<String> lines() {
    return result.lines();
  }
}
