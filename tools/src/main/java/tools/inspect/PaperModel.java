package tools.inspect;

import java.util.Locale;
import medsora.baseline.endora.EndoraConfig;
import medsora.config.Config;
import medsora.cost.StepCost;
import medsora.denoiser.DenoiserConfig;
import medsora.diffusion.NetworkConfig;
import nn.Module;
import nn.Outline;

/** The denoisers of Figure 6, and the sizes of Endora that stand beside those of MedSora. */
public enum PaperModel {
  MEDSORA_S("MedSora-S"),
  MEDSORA_B("MedSora-B"),
  MEDSORA_L("MedSora-L"),
  ENDORA_S("Endora-S"),
  ENDORA_B("Endora-B"),
  ENDORA_L("Endora-L");

  private final String shown;

  PaperModel(String shown) {
    this.shown = shown;
  }

  /** Its name in print. */
  public String shown() {
    return shown;
  }

  /** As it is trained on 128x128: on latents of 16 frames and of 8 images. */
  public NetworkConfig config() {
    return Config.builtin(shown.toLowerCase(Locale.ROOT)).denoiser();
  }

  /** On the latents of 16 frames alone. */
  public NetworkConfig ofVideo() {
    return switch (config()) {
      case DenoiserConfig own -> own.withoutImages();
      case EndoraConfig own -> own.withoutImages();
      case NetworkConfig other ->
          throw new IllegalStateException("[models] " + shown + " is of kind " + other.kind());
    };
  }

  /**
   * What it is made of and what it costs, by counting on shapes.
   *
   * @param parameters of the network for training
   * @param prediction multiply-adds of one clip with its images
   * @param step those of a training step of it
   * @param videoPrediction multiply-adds of 16 frames alone
   * @param videoStep those of a training step of them
   * @param bytes that a step of one clip with its images holds at most: weights, moments, moving
   *     average, activations, gradients
   */
  public record Counts(
      long parameters,
      long prediction,
      long step,
      long videoPrediction,
      long videoStep,
      long bytes) {}

  /** Counts. */
  public Counts counts() {
    NetworkConfig whole = config();
    NetworkConfig video = ofVideo();
    Module module = Outline.of(whole::network).module();
    return new Counts(
        module.parameterCount(),
        StepCost.prediction(whole),
        StepCost.denoiser(whole),
        StepCost.prediction(video),
        StepCost.denoiser(video),
        StepMemory.denoiser(whole, false));
  }
}
