package medsora.train.manifest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import medsora.config.CanonicalJson;
import medsora.config.ConfigException;
import medsora.config.ConfigTree;
import medsora.config.TrainConfig;

/**
 * A stage of training as a manifest has it: what decides its results, and hashes of these.
 *
 * @param configuration the whole of it, in canonical form
 * @param beside what decides beside it: hashes of the first weights and of frozen networks ({@link
 *     medsora.train.store.Identity})
 * @param step how many were done in all
 * @param hashes of the weights at some steps, ascending
 */
public record StageRecord(
    Made made,
    String configuration,
    SortedMap<String, String> beside,
    Data data,
    long step,
    List<WeightHashes> hashes) {
  /** The most bytes of a configuration that {@link ConfigTree} reads. */
  private static final int LONGEST = 256 << 10;

  /**
   * The data.
   *
   * @param sha256 of the decoded data; empty where that was not put down
   */
  public record Data(DataOrigin origin, String sha256, int training, int heldOut) {}

  public StageRecord {
    hashes = List.copyOf(hashes);
  }

  /**
   * The configuration as a value.
   *
   * @throws IOException naming the file, where it is none of this program
   */
  public TrainConfig config(String file) throws IOException {
    try {
      return ConfigTree.read(file, configuration, TrainConfig.class).whole(TrainConfig.class);
    } catch (ConfigException e) {
      throw new IOException(
          "[manifest] %s holds no configuration that this program reads: %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** What was put down after a step. */
  public Optional<WeightHashes> at(long wanted) {
    return hashes.stream().filter(h -> h.step() == wanted).findFirst();
  }

  /** What was put down last. */
  public Optional<WeightHashes> last() {
    return hashes.isEmpty() ? Optional.empty() : Optional.of(hashes.getLast());
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    Map<String, Object> config =
        CanonicalJson.read(
            "configuration", configuration.getBytes(StandardCharsets.UTF_8), LONGEST);
    tree.put("made", made.tree());
    tree.put("configuration", config);
    tree.put("configuration_sha256", ConfigTree.sha256(configuration));
    if (config.get("seed") instanceof Long seed) {
      tree.put("seed", seed);
    }
    tree.put("beside", beside);
    Map<String, Object> of = new LinkedHashMap<>(data.origin.tree());
    if (!data.sha256.isEmpty()) {
      of.put("sha256", data.sha256);
    }
    of.put("training_clips", data.training);
    of.put("held_out_clips", data.heldOut);
    tree.put("data", of);
    tree.put("step", step);
    last().ifPresent(h -> tree.put("weights_sha256", h.sha256()));
    tree.put("hashes", hashes.stream().map(WeightHashes::tree).toList());
    return tree;
  }

  static StageRecord read(Fields f) throws IOException {
    String configuration = CanonicalJson.line(f.object("configuration").values());
    String hash = f.hash("configuration_sha256");
    if (!ConfigTree.sha256(configuration).equals(hash)) {
      throw new IOException(
          "[manifest] %s: the configuration of %s is not the one whose hash stands beside it: it was"
                  .formatted(f.file(), f.path())
              + " edited, or written by a program that writes numbers otherwise");
    }
    Fields data = f.object("data");
    return new StageRecord(
        Made.read(f.object("made")),
        configuration,
        f.texts("beside"),
        new Data(
            DataOrigin.read(data),
            data.optionalHash("sha256"),
            data.count("training_clips"),
            data.count("held_out_clips")),
        f.step("step"),
        f.list("hashes", WeightHashes::read));
  }
}
