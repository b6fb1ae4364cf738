package tools.systems;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.train.Clips;
import tools.program.DataOptions;

/** The systems of a comparison by the words that name them. */
public record Entrants(List<Entrant> all, Budget budget) {
  /** Systems of the paper whose denoisers can be trained here, and their configurations. */
  private static final Map<String, String> KNOWN =
      Map.of("medsora", "demo", "endora", "endora-demo", "lvdm", "lvdm-demo");

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,31}";

  public Entrants {
    all = List.copyOf(all);
  }

  /**
   * Reads them.
   *
   * @param words NAME of a known system, or NAME=CONFIG with a built-in configuration or a YAML
   *     file
   * @param giga multiply-adds of each in G, or null for what the first is configured for
   * @param seed of the trainings
   * @param data whose clips they learn from
   * @throws IllegalArgumentException where a name is not known or occurs twice, or where they are
   *     not of the same clips
   */
  public static Entrants read(List<String> words, Double giga, long seed, DataOptions data)
      throws IOException {
    if (giga != null && !(giga > 0 && Double.isFinite(giga))) {
      throw new IllegalArgumentException("--budget wants a number above 0, got " + giga);
    }
    Map<String, String> sources = sources(words);
    Map<String, TrainConfig> plain = new LinkedHashMap<>();
    for (Map.Entry<String, String> e : sources.entrySet()) {
      TrainConfig config = Config.read(e.getValue()).withSeed(seed);
      plain.put(e.getKey(), config);
      requireSameClips(plain.values().iterator().next(), config);
    }
    Budget budget = null;
    List<Entrant> all = new ArrayList<>();
    for (Map.Entry<String, TrainConfig> e : plain.entrySet()) {
      StepCosts costs = StepCosts.of(e.getValue());
      Clips clips = data.open(e.getValue());
      if (budget == null) {
        Budget own = Budget.of(e.getValue(), costs, clips);
        budget = giga == null ? own : own.of(1e9 * giga);
      }
      String source = sources.get(e.getKey());
      all.add(Entrant.of(e.getKey(), source, e.getValue(), clips, budget));
    }
    return new Entrants(all, budget);
  }

  private static Map<String, String> sources(List<String> words) {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String word : words) {
      int at = word.indexOf('=');
      String name = at < 0 ? word : word.substring(0, at);
      String source = at < 0 ? KNOWN.get(name.toLowerCase(Locale.ROOT)) : word.substring(at + 1);
      if (source == null || !name.matches(NAME)) {
        throw new IllegalArgumentException(
            "--systems wants medsora, endora, lvdm or NAME=CONFIG with a NAME of letters and digits,"
                + " got '"
                + word
                + "'");
      }
      if (sources.put(name, source) != null) {
        throw new IllegalArgumentException("--systems names '" + name + "' twice");
      }
    }
    return sources;
  }

  private static void requireSameClips(TrainConfig first, TrainConfig other) {
    boolean same =
        first.data().size() == other.data().size()
            && first.data().sampling() == other.data().sampling()
            && first.data().heldOut() == other.data().heldOut()
            && first.clipFrames() == other.clipFrames()
            && first.recipe().phantomClips() == other.recipe().phantomClips()
            && first.recipe().phantomHeldOut() == other.recipe().phantomHeldOut();
    if (!same) {
      throw new IllegalArgumentException(
          "[systems] %s and %s are not of the same clips: data.size, data.sampling, data.heldOut, the"
                  .formatted(first.name(), other.name())
              + " frames of a clip and the phantom's clips of the recipe have to be equal");
    }
  }
}
