package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import medsora.Autoencoder;
import medsora.config.Config;
import medsora.train.store.InitialWeights;
import medsora.vae.AutoencoderConfig;
import medsora.vae.VaeConfig;
import medsora.vae.VaeConfig.Compensation;
import picocli.CommandLine.Option;

/** Which autoencoder: a checkpoint, published weights, or random ones. */
public final class AutoencoderOptions {
  @Option(
      names = "--checkpoint",
      paramLabel = "DIR|FILE",
      description = {
        "run folder, the autoencoder's file in it, or what was exported from one;",
        "or plain weights under the released names, such as CogVideoX's: a safetensors file, the"
            + " .index.json of several, a .pt of the released form, or a folder of diffusers"
      })
  Path checkpoint;

  @Option(
      names = "--compensation",
      paramLabel = "KIND",
      description =
          "with plain weights: ${COMPLETION-CANDIDATES}; modules that the file lacks start fresh"
              + " (default: those that the file has)")
  Compensation compensation;

  @Option(
      names = "--config",
      paramLabel = "NAME|FILE",
      description =
          "sizes of plain or random weights: a built-in configuration or a YAML file (default: what"
              + " the file shows; of random weights CogVideoX's)")
  String config;

  @Option(
      names = "--random-weights",
      paramLabel = "SEED",
      description =
          "instead of --checkpoint: weights drawn at random, to see what a size takes; what comes"
              + " out is no picture")
  Long randomWeights;

  /** Opens it. */
  public Autoencoder open() throws IOException {
    check();
    if (randomWeights != null) {
      AutoencoderConfig sizes = sizes();
      if (sizes == null) {
        sizes = VaeConfig.of(Config.builtin("medsora-b").vae()).with(Compensation.NONE);
      }
      return Autoencoder.random(
          compensation == null ? sizes : VaeConfig.of(sizes).with(compensation), randomWeights);
    }
    if (Autoencoder.knowsItself(checkpoint)) {
      if (compensation != null || config != null) {
        throw new IllegalArgumentException(
            "--compensation and --config are for plain weights; "
                + checkpoint
                + " says by itself what it is");
      }
      return Autoencoder.load(checkpoint, InitialWeights.Kind.EMA);
    }
    return Autoencoder.pretrained(checkpoint, sizes(), compensation, 0);
  }

  /** Checks what can be said before files are opened. */
  public void check() {
    if ((checkpoint == null) == (randomWeights == null)) {
      throw new IllegalArgumentException("wants either --checkpoint or --random-weights");
    }
  }

  private AutoencoderConfig sizes() throws IOException {
    return config == null ? null : Config.read(config).vae();
  }
}
