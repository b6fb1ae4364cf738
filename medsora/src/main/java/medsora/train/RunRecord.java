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
import medsora.train.store.RunFolder;
import org.jspecify.annotations.Nullable;

/**
 * What a stage of training puts down about itself in its folder while it goes on: hashes of its
 * weights ({@link HashLog}), and with every checkpoint the manifest.
 */
final class RunRecord {
  private final Path folder;
  private final StageRecord.Data data;
  private final Stage stage;

  /** Null where another rank writes. */
  private final @Nullable HashLog log;

  /**
   * A record of a run in a folder.
   *
   * @param run where this rank does not write to it, nothing is put down
   */
  RunRecord(RunFolder run, StageRecord.Data data, Stage stage) throws IOException {
    this.folder = run.path();
    this.data = data;
    this.stage = stage;
    this.log = run.isHeld() ? HashLog.open(folder) : null;
  }

  /** Puts down the hashes of the weights as they are. */
  void hashed() throws IOException {
    if (log != null) {
      log.put(stage.name(), stage.hashes());
    }
  }

  /** Puts down the hashes of what a checkpoint holds, and the manifest. */
  void saved() throws IOException {
    if (log == null) {
      return;
    }
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
