package medsora.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import medsora.train.manifest.HashLog;
import medsora.train.manifest.Made;
import medsora.train.manifest.Manifest;
import medsora.train.manifest.StageRecord;
import medsora.train.manifest.WeightHashes;
import medsora.train.store.Identity;

/**
 * What a stage of training puts down about itself in its folder while it goes on: hashes of its
 * weights ({@link HashLog}), and with every checkpoint the manifest.
 */
final class RunRecord {
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

  /** Puts down the hashes of the weights as they are. */
  void hashed() throws IOException {
    log.put(stage.name(), stage.hashes());
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
    Manifest.ofFolder(folder).with(stage.name(), record).write(folder);
  }
}
