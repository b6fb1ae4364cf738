package medsora.train;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import medsora.train.manifest.HashLog;
import medsora.train.manifest.Made;
import medsora.train.manifest.Manifest;
import medsora.train.manifest.StageRecord;
import medsora.train.manifest.WeightHashes;
import medsora.train.store.Identity;
import nn.io.Weights;

/**
 * What a stage of training puts down about itself in its folder while it goes on: hashes of its
 * weights ({@link HashLog}), and with every checkpoint the manifest.
 */
final class RunRecord {
  private static final Logger LOG = System.getLogger("medsora");

  private final Path folder;
  private final StageRecord.Data data;
  private final Stage stage;
  private final HashLog log;

  RunRecord(Path folder, StageRecord.Data data, Stage stage) throws IOException {
    this.folder = folder;
    this.data = data;
    this.stage = stage;
    this.log = HashLog.open(folder);
  }

  /** Hashes of what a stage has learned by now. */
  static WeightHashes hashes(Stage stage) {
    TrainState state = stage.state();
    String averages = state.ema().swapped(() -> Weights.sha256(state.module().stateDict()));
    return WeightHashes.of(state.step(), state.module(), averages);
  }

  /** Puts down the hashes of the weights as they are. */
  void hashed() throws IOException {
    log.put(stage.name(), hashes(stage));
  }

  /** Puts down the hashes of what a checkpoint holds, and the manifest. */
  void saved() throws IOException {
    hashed();
    Identity identity = stage.identity();
    List<WeightHashes> hashes = log.of(stage.name());
    StageRecord record =
        new StageRecord(
            Made.here(),
            identity.json(),
            new TreeMap<>(identity.beside()),
            data,
            stage.state().step(),
            hashes);
    before().with(stage.name(), record).write(folder);
  }

  /** What stands there of other stages and of samples. */
  private Manifest before() {
    try {
      return Manifest.read(folder);
    } catch (Manifest.EditedException e) {
      LOG.log(Level.WARNING, "{0}; it is written anew, with this stage alone", e.getMessage());
      return Manifest.EMPTY;
    } catch (IOException e) {
      // None yet, or none that is read.
      return Manifest.EMPTY;
    }
  }
}
