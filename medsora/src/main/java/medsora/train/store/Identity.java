package medsora.train.store;

import engine.io.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import medsora.config.ConfigTree;
import medsora.config.TrainConfig;

/**
 * What decides the results of a stage: two of equal identity, seed and data have equal weights
 * after equal steps, and a checkpoint of another is refused.
 *
 * @param config the whole configuration of the run, a root record
 * @param parts paths of the parts of its tree that decide, but for {@link #FREE}
 * @param beside what decides beside them, by its name: hashes of the first weights and of frozen
 *     networks
 */
public record Identity(Record config, List<String> parts, Map<String, String> beside) {
  /** The hash of the weights that the run began with. */
  public static final String BEGUN_FROM = "begun_from";

  /** The hash of the autoencoder that a denoiser is trained on. */
  public static final String VAE_SHA256 = "vae_sha256";

  /** The networks of the alignment. */
  public static final String NETWORKS = "networks";

  /** The hash of the network that says how alike frames look. */
  public static final String LPIPS_SHA256 = "lpips_sha256";

  /** Keys of what sets how long a run is and how much memory it takes, and never its results. */
  private static final Set<String> FREE = Set.of("steps", "recompute");

  private static final String PERCEPTUAL = "perceptual";

  public Identity {
    parts = List.copyOf(parts);
    beside = Map.copyOf(beside);
  }

  /** Of the first stage, as far as it is known before the first weights and without LPIPS. */
  public static Identity ofVae(TrainConfig config) {
    List<String> parts = new ArrayList<>(List.of("seed", "data", "vae", "vaeTraining"));
    parts.add(PERCEPTUAL + ".adversarial");
    if (config.perceptual().adversarial() > 0) {
      parts.add(PERCEPTUAL + ".adversarialFrom");
    }
    parts.add("recipe.evenness");
    parts.add("recipe.latentNoise");
    return new Identity(config, parts, Map.of());
  }

  /**
   * Of the second stage, as far as it is known before the first weights. Early stopping is no part
   * of it: it decides how many steps there are.
   */
  public static Identity ofDenoiser(TrainConfig config) {
    return new Identity(
        config,
        List.of(
            "seed",
            "data",
            "denoiser",
            "denoiserTraining",
            "alignment",
            "recipe.output",
            "recipe.weighting",
            "recipe.snr",
            "recipe.denoiserClips",
            "recipe.labels",
            "recipe.labelDropout"),
        Map.of());
  }

  /**
   * With LPIPS in the loss.
   *
   * @param sha256 of its weights
   */
  public Identity withLpips(String sha256) {
    List<String> more = new ArrayList<>(parts);
    more.add(PERCEPTUAL + ".weight");
    return new Identity(config, more, beside).and(LPIPS_SHA256, sha256);
  }

  /** With something more that decides beside the configuration. */
  public Identity and(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(beside);
    more.put(name, value);
    return new Identity(config, parts, more);
  }

  /** The whole configuration in its canonical form. */
  public String json() {
    return ConfigTree.json(config);
  }

  /**
   * In what a checkpoint was made under something else than this.
   *
   * @param begun whether that is all of what decides, or only its beginning: what this does not
   *     name beside the configuration is then not looked at
   * @return a line for each value, with its path or name; none where they are equal
   * @throws medsora.config.ConfigException where the checkpoint's configuration is none
   */
  List<String> differences(String file, Checkpoint.Info info, boolean begun) {
    ConfigTree found = ConfigTree.read(file, info.config(), config.getClass());
    Map<String, String> there = new LinkedHashMap<>(found.leaves(parts, FREE));
    info.beside()
        .forEach((name, value) -> {
          if (!begun || beside.containsKey(name)) {
            there.put(name, value);
          }
        });
    return differences(there, deciding());
  }

  /** All that decides: values of the configuration by their paths, and the rest by its names. */
  public Map<String, String> deciding() {
    ConfigTree own = ConfigTree.read("configuration", json(), config.getClass());
    Map<String, String> all = new LinkedHashMap<>(own.leaves(parts, FREE));
    all.putAll(new TreeMap<>(beside));
    return all;
  }

  private static List<String> differences(Map<String, String> there, Map<String, String> here) {
    List<String> lines = new ArrayList<>();
    Set<String> keys = new LinkedHashSet<>(here.keySet());
    keys.addAll(there.keySet());
    for (String key : keys) {
      String a = there.getOrDefault(key, "nothing");
      String b = here.getOrDefault(key, "nothing");
      if (!a.equals(b)) {
        lines.add(key.replace('_', ' ') + ": there " + Printable.brief(a) + ", here " + b);
      }
    }
    return lines;
  }
}
