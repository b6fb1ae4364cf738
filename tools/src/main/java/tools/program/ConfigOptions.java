package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.RunCheck;
import medsora.config.Config;
import medsora.config.TrainConfig;
import picocli.CommandLine.Option;

/** Which configuration, and what is changed in it. */
public final class ConfigOptions {
  @Option(
      names = {"--config", "--model"},
      paramLabel = "NAME|FILE",
      description =
          "tiny, demo, phantom-64, phantom-64-tuned, phantom-128, fine-tune-64, medsora-s, medsora-b,"
              + " medsora-l,"
              + " endora-tiny, endora-demo, endora-s, endora-b, endora-l, endora-xl, lvdm-demo, lvdm or a"
              + " YAML file"
              + " (default: demo; of demo --data fine-tune-64)")
  String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "change one value: --set profile=reference --set denoiser.depth=2")
  Map<String, String> changes = new LinkedHashMap<>();

  @Option(names = "--seed", paramLabel = "S", description = "seed of all random draws")
  Long seed;

  private String standard = "demo";

  /** Whether a configuration was asked for by name. */
  public boolean isGiven() {
    return config != null;
  }

  /** Takes another one where none is asked for. */
  public void otherwise(String name) {
    standard = name;
  }

  /** The configuration that the options ask for. */
  public TrainConfig read() throws IOException {
    return read(changes);
  }

  /**
   * The configuration for runs in some folders: what was begun there goes on as it began, unless
   * {@code --set} wants otherwise.
   */
  public TrainConfig readFor(Path... folders) throws IOException {
    Map<String, String> begun = new LinkedHashMap<>();
    for (Path folder : folders) {
      begun.putAll(RunCheck.begunWith(folder));
    }
    Map<String, String> all = new LinkedHashMap<>(begun);
    all.putAll(changes);
    TrainConfig continued = read(all);
    if (!continued.equals(read())) {
      Output.say("what was begun there goes on as it began: " + begun);
    }
    return continued;
  }

  private TrainConfig read(Map<String, String> set) throws IOException {
    TrainConfig read = Config.read(config == null ? standard : config, set);
    return seed == null ? read : read.withSeed(seed);
  }
}
