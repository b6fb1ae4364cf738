package medsora.train.manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import medsora.config.CanonicalJson;
import medsora.config.Config;
import medsora.config.ConfigException;
import medsora.config.ConfigTree;
import medsora.config.TrainConfig;
import medsora.train.store.Checkpoint;
import medsora.train.store.PlainWeights;
import medsora.train.store.RunFolder;
import org.jspecify.annotations.Nullable;

/**
 * What runs of before put down: the demo a manifest without a schema, all others their checkpoints
 * and, from some version on, {@code hashes.jsonl}. What they did not say is empty.
 */
final class OldManifest {
  /** The stages that were trained then, in their order. */
  private static final List<String> STAGES = List.of(PlainWeights.VAE, PlainWeights.DENOISER);

  /** Clips of the phantom where neither an option nor the recipe said how many. */
  private static final int PHANTOM_CLIPS = 40;

  private static final String CONTRACT = "numeric_contract";

  private OldManifest() {}

  /**
   * Of a run folder without a manifest.
   *
   * @param absent the file that is not there
   * @throws IOException where the folder holds no run either
   */
  static Manifest ofFolder(Path absent) throws IOException {
    Path folder = absent.toAbsolutePath().getParent();
    SortedMap<String, StageRecord> stages = new TreeMap<>();
    if (folder != null && Files.isDirectory(folder)) {
      HashLog log = HashLog.open(folder);
      for (String stage : STAGES) {
        Path file = RunFolder.checkpoint(folder, stage);
        Checkpoint.Info info = checkpoint(file);
        if (info != null) {
          stages.put(stage, of(file, info, log.of(stage)));
        } else if (!log.of(stage).isEmpty() && Files.exists(folder.resolve(Config.FILE))) {
          stages.put(stage, of(folder, log.of(stage)));
        }
      }
    }
    if (stages.isEmpty()) {
      throw new IOException("[manifest] there is no " + absent + ", and no run beside it");
    }
    return new Manifest(stages, List.of(), Optional.empty());
  }

  private static Checkpoint.@Nullable Info checkpoint(Path file) {
    try {
      return Checkpoint.info(file);
    } catch (IOException e) {
      // Weights of another kind than a checkpoint, or a damaged one: it says nothing of the run.
      return null;
    }
  }

  private static StageRecord of(Path file, Checkpoint.Info info, List<WeightHashes> hashes)
      throws IOException {
    TrainConfig config = info.tree(file).whole(TrainConfig.class);
    return new StageRecord(
        unsaid(0),
        ConfigTree.json(config),
        new TreeMap<>(info.beside()),
        new StageRecord.Data(origin(config, "phantom", 0), info.dataSha256(), 0, 0),
        info.step(),
        hashes);
  }

  /** Of a folder with hashes and a configuration alone. */
  private static StageRecord of(Path folder, List<WeightHashes> hashes) throws IOException {
    try {
      TrainConfig config = Config.read(folder.resolve(Config.FILE).toString());
      return new StageRecord(
          unsaid(0),
          ConfigTree.json(config),
          new TreeMap<>(),
          new StageRecord.Data(origin(config, "phantom", 0), "", 0, 0),
          hashes.getLast().step(),
          hashes);
    } catch (ConfigException e) {
      throw new IOException("[manifest] " + e.getMessage(), e);
    }
  }

  /** Of the demo's manifest without a schema. */
  static Manifest ofDemo(Path file, Fields f) throws IOException {
    Fields tree = f.object("configuration");
    TrainConfig config;
    try {
      config =
          ConfigTree.read(file.toString(), CanonicalJson.line(tree.values()), TrainConfig.class)
              .whole(TrainConfig.class);
    } catch (ConfigException e) {
      throw new IOException("[manifest] " + e.getMessage(), e);
    }
    int training = f.count("training_clips");
    int heldOut = f.count("held_out_clips");
    DataOrigin origin = origin(config, f.text("data"), training + heldOut);
    StageRecord.Data data = new StageRecord.Data(origin, f.hash("data_sha256"), training, heldOut);
    Map<String, Long> steps = new LinkedHashMap<>();
    steps.put(PlainWeights.VAE, config.vaeTraining().steps());
    steps.put(PlainWeights.DENOISER, config.denoiserTraining().steps());
    SortedMap<String, StageRecord> stages = new TreeMap<>();
    for (Map.Entry<String, String> weights : f.texts("weights_sha256").entrySet()) {
      long step = steps.getOrDefault(weights.getKey(), 0L);
      List<WeightHashes> hashes = new ArrayList<>();
      hashes.add(new WeightHashes(step, weights.getValue(), "", new TreeMap<>()));
      stages.put(
          weights.getKey(),
          new StageRecord(
              unsaid(f.count(CONTRACT)),
              ConfigTree.json(config),
              new TreeMap<>(),
              data,
              step,
              hashes));
    }
    return new Manifest(stages, List.of(), Optional.empty());
  }

  private static DataOrigin origin(TrainConfig config, String name, int clips) {
    if (!name.equals("phantom")) {
      return DataOrigin.folder(name, false);
    }
    if (config.recipe().phantomClips() > 0) {
      return DataOrigin.RECIPE;
    }
    return DataOrigin.phantom(clips == 0 ? PHANTOM_CLIPS : clips);
  }

  /**
   * @param contract its version; 0 where that was not said
   */
  private static Made unsaid(int contract) {
    return new Made(new TreeMap<>(), contract, new TreeMap<>(), "", new TreeMap<>());
  }
}
