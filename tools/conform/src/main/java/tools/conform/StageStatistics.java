package tools.conform;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.vae.StageWatcher;

/**
 * Statistics of an autoencoder's stages by the names of the files: {@code encoder_down}, {@code
 * decoder_mid}.
 */
final class StageStatistics implements StageWatcher {
  private final Map<String, List<Statistics>> rows = new LinkedHashMap<>();

  @Override
  public void gave(String stage, Tensor output) {
    // encoder.down_blocks.2 -> encoder_down
    String name = stage.substring(0, stage.indexOf('_')).replace('.', '_');
    rows.computeIfAbsent(name, n -> new ArrayList<>()).add(Statistics.of(output.toArray()));
  }

  void compare(Check check) {
    rows.forEach((name, statistics) -> {
      if (check.file().contains("stats." + name)) {
        check.statistics("stats." + name, statistics);
      }
    });
  }
}
