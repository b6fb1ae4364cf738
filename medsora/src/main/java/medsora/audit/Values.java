package medsora.audit;

import java.util.HashMap;
import java.util.Map;
import medsora.train.Stage;
import org.jspecify.annotations.Nullable;

/** What a stage has learned, by the names that its checkpoints give it. */
final class Values {
  private static final String MODEL = "model.";
  private static final String AVERAGES = "ema.";

  private final Map<String, float[]> values = new HashMap<>();

  Values(Stage stage) {
    take(stage, MODEL);
    stage.state().ema().swapped(() -> take(stage, AVERAGES));
  }

  private void take(Stage stage, String prefix) {
    stage
        .state()
        .module()
        .stateDict()
        .forEach((name, entry) -> values.put(prefix + name, entry.value().toArray()));
  }

  /** The values under a name, row-major and of any shape, or null where there are none. */
  float @Nullable [] of(String name) {
    return values.get(name);
  }
}
