package tools.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.flow.FlowEstimator;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.perceptual.Lpips;
import tools.program.Progress;

/** The videos of two folders, compared pair by pair. */
public final class PairwiseComparison {
  private final LikenessTable table;
  private final List<String> alone;
  private final Map<String, String> networks = new LinkedHashMap<>();

  private PairwiseComparison(LikenessTable table, List<String> alone, Lpips lpips) {
    this.table = table;
    this.alone = alone;
    networks.put("flow", "TV-L1");
    networks.put("lpips", lpips == null ? null : lpips.sha256());
  }

  /**
   * Compares two folders.
   *
   * @param lpips or null
   * @throws IOException where nothing is paired, or naming a pair that cannot be compared
   */
  public static PairwiseComparison of(Path originals, Path others, Lpips lpips) throws IOException {
    Pairs pairs = Pairs.of(originals, others);
    FlowEstimator estimator = new TvL1Estimator(TvL1Config.DEFAULT);
    List<Likeness> found = new ArrayList<>();
    try (Progress progress = new Progress("pairs", pairs.found().size(), 0)) {
      for (Pairs.Pair pair : pairs.found()) {
        found.add(Likeness.of(pair, lpips, estimator));
        progress.at(found.size(), "");
      }
    }
    return new PairwiseComparison(new LikenessTable(found), pairs.alone(), lpips);
  }

  /** Videos that no other one goes with. */
  public List<String> alone() {
    return List.copyOf(alone);
  }

  /** Lines for people. */
  public List<String> lines() {
    return table.lines();
  }

  /**
   * Writes the JSON.
   *
   * @param settings what else it is to say, by name
   */
  public void write(Path file, Map<String, String> settings) throws IOException {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(networks);
    table.write(file, all);
  }
}
