package tools.program;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.config.Config;
import medsora.config.TrainConfig;
import picocli.CommandLine.Option;

/** Which configuration, and what is changed in it. */
public final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "NAME|FILE",
      description =
          "tiny, demo, medsora-s, medsora-b, medsora-l or a YAML file"
              + " (default: ${DEFAULT-VALUE})")
  String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "change one value: --set profile=reference --set denoiser.depth=2")
  Map<String, String> changes = new LinkedHashMap<>();

  @Option(names = "--seed", paramLabel = "S", description = "seed of all random draws")
  Long seed;

  ConfigOptions() {
    this("demo");
  }

  /** With another default. */
  public ConfigOptions(String standard) {
    this.config = standard;
  }

  /** The configuration that the options ask for. */
  public TrainConfig read() throws IOException {
    TrainConfig read = Config.read(config, changes);
    return seed == null ? read : read.withSeed(seed);
  }
}
