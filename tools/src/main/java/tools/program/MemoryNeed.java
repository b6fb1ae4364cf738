package tools.program;

import java.util.Locale;
import java.util.function.Consumer;
import medsora.MedSora;
import medsora.config.TrainConfig;
import medsora.cost.PeakMemory;
import medsora.diffusion.NetworkConfig;
import medsora.train.DenoiserObjective;
import medsora.train.VaeObjective;
import medsora.vae.ClipCodec;
import medsora.vae.Tiling;

/**
 * Says what a piece of work needs of the heap and of the machine before it begins.
 *
 * @param what is to be done
 * @param peak what was counted on shapes
 * @param remedies that make it less, beside a larger heap
 */
public record MemoryNeed(String what, PeakMemory peak, String remedies) {
  /** Announces what a stage needs once it is told the stage's name. */
  public static Consumer<String> announced(TrainConfig config, boolean force) {
    return stage ->
        (stage.equals(VaeObjective.NAME) ? vae(config) : denoiser(config)).announce(force);
  }

  /** For the first stage. */
  public static MemoryNeed vae(TrainConfig config) {
    String recompute =
        config.vaeTraining().recompute()
            ? ""
            : "recomputation (--set vaeTraining.recompute=true, equal results), ";
    return new MemoryNeed(
        VaeObjective.NAME,
        PeakMemory.vae(config),
        recompute
            + "fewer frames (--set vaeTraining.frames=8), smaller pictures (data.size with"
            + " denoiser.inputSize), or vaeTraining.scope=compensation with pretrained weights");
  }

  /** For the second stage, whose micro-batches are single samples. */
  public static MemoryNeed denoiser(TrainConfig config) {
    String recompute =
        config.denoiserTraining().recompute()
            ? ""
            : "recomputation (--set denoiserTraining.recompute=true, equal results), ";
    return new MemoryNeed(
        DenoiserObjective.NAME,
        PeakMemory.denoiser(config),
        recompute + "a smaller batch, or a smaller model");
  }

  /**
   * For drawing clips.
   *
   * @param tiling how they are decoded in tiles, or null for whole frames
   */
  public static MemoryNeed sampling(MedSora model, Tiling tiling) {
    return sampling(model.config().denoiser(), model.codec(), tiling);
  }

  /** The same with a network and an autoencoder of any kind. */
  public static MemoryNeed sampling(NetworkConfig network, ClipCodec codec, Tiling tiling) {
    int side = network.latents().height();
    int tile = tiling == null ? side : Math.min(side, tiling.tile());
    return new MemoryNeed(
        "sampling",
        PeakMemory.sampling(network, codec.codec().outline(), tile),
        tiling == null ? "tiles (--tile), or a smaller model" : "smaller tiles or a smaller model");
  }

  /** One line with its parts. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%s: %.2f million parameters%s; needs a heap of %.2f GB (weights %.2f, optimiser %.2f,"
            + " waiting gradients %.2f, a step %.2f, the rest %.2f), a process of %.2f GB; this"
            + " heap may grow to %.2f GB",
        what,
        peak.parameters() / 1e6,
        beside(),
        peak.heapBytes() / 1e9,
        4e-9 * peak.weights(),
        4e-9 * peak.optimiser(),
        4e-9 * peak.gradients(),
        4e-9 * peak.step(),
        peak.objectBytes() / 1e9,
        peak.processBytes() / 1e9,
        Runtime.getRuntime().maxMemory() / 1e9);
  }

  private String beside() {
    return peak.beside() == 0
        ? ""
        : String.format(Locale.ROOT, " and the autoencoder's %.2f", peak.beside() / 1e6);
  }

  /**
   * Says what is needed.
   *
   * @param force go on where the heap is too small
   * @throws IllegalArgumentException with the remedies, where the heap is too small
   */
  public void announce(boolean force) {
    Output.say(line());
    long heap = Runtime.getRuntime().maxMemory();
    if (peak.heapBytes() <= heap) {
      return;
    }
    String message =
        String.format(
            Locale.ROOT,
            "[memory] %s needs a heap of about %.2f GB, this one may grow to %.2f GB:"
                + " JAVA_OPTS=-Xmx%dm makes it large enough; less is needed with %s; --force begins"
                + " all the same",
            what,
            peak.heapBytes() / 1e9,
            heap / 1e9,
            (peak.heapBytes() >> 20) * 11 / 10 + 1,
            remedies);
    if (!force) {
      throw new IllegalArgumentException(message);
    }
    Output.say(message);
  }
}
