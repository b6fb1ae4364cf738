package medsora.config;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import medsora.diffusion.Drawing;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.diffusion.Schedule;
import medsora.diffusion.SkipGuidance;
import medsora.diffusion.VelocityNetwork;
import org.jspecify.annotations.Nullable;

/**
 * What small models do that the paper does not: choices by which a short training on small frames
 * comes out better (docs/quality.md has the figures of each). The profiles have none of them, and
 * where none is chosen nothing of it stands in a tree, so that configurations from before it keep
 * their hashes.
 *
 * @param output what the denoiser's last layer stands for
 * @param weighting how much each diffusion step counts in the denoiser's loss
 * @param snr the cap of {@link Weighting#MIN_SNR}, gamma there
 * @param bound of the estimates of x_0 when clips are drawn, in deviations of the latents; 0 for
 *     none
 * @param gain of these estimates, 1 for none ({@link Sampler.Estimate})
 * @param tilt how much less a channel's gain is for each doubling of deviation^evenness ({@link
 *     Drawing#estimate}); goes with {@code evenness}, without which no channel's is known
 * @param skipWeight how far clips are led away from what the denoiser would draw without the
 *     temporal part of a block, 0 for not at all ({@link SkipGuidance})
 * @param skipBlock that block, 0 to the denoiser's depth - 1
 * @param evenness of the channels of the latents for the denoiser: at 0 all are scaled alike, so
 *     that those of large deviation, which carry the coarse picture, stay larger; at 1 each has
 *     unit deviation; between, a deviation d becomes d^(1 - evenness) times one factor of all
 * @param phantomClips training clips where the data are the embedded phantom, each rendered when it
 *     is asked for; 0 for the set that is rendered once, whose number the program is told
 * @param phantomHeldOut held-out clips beside them
 * @param denoiserClips how many of the training clips the denoiser is trained on, the first ones; 0
 *     for all. Each is rendered and encoded before it is met first, which costs as much as several
 *     steps of a small denoiser
 * @param latentNoise up to what deviation, drawn evenly for each clip, noise is added to the
 *     latents from which the decoder learns, in the units of the denoiser: it meets latents that
 *     are a little off, as drawn ones are; 0 for none. Goes with {@code vaeTraining.scope: decoder}
 * @param labels of clips that the denoiser is conditioned on, by the names that the data have for
 *     them; none for an unconditional model. The phantom has {@code none} and {@code lesion}
 * @param labelDropout how often in training a clip's label is kept from the denoiser, so that it
 *     learns to do without, which guidance needs
 */
public record Recipe(
    Output output,
    Weighting weighting,
    double snr,
    double bound,
    double gain,
    double tilt,
    double skipWeight,
    int skipBlock,
    double evenness,
    int phantomClips,
    int phantomHeldOut,
    int denoiserClips,
    double latentNoise,
    List<String> labels,
    double labelDropout) {
  private static final int MAX_LABELS = 1000;

  /** As the paper has it. */
  public static final Recipe PAPER =
      new Recipe(Output.NOISE, Weighting.NOISE, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), 0);

  /** What the last layer of the denoiser stands for. */
  public enum Output {
    /** The noise (Eq. 17). */
    NOISE,
    /** v = alpha noise - sigma x_0 ({@link VelocityNetwork}). */
    VELOCITY
  }

  /**
   * The weight of a diffusion step, as a factor of the squared error of the noise; SNR is abar / (1
   * - abar).
   */
  public enum Weighting {
    /** 1 (Eq. 17). */
    NOISE,
    /** (SNR + 1) / SNR: the squared error of v. */
    VELOCITY,
    /** min(SNR, gamma) / SNR (Hang et al., 2023). */
    MIN_SNR
  }

  public Recipe {
    require(snr > 0 && Double.isFinite(snr), "recipe.snr be positive");
    require(bound >= 0 && Double.isFinite(bound), "recipe.bound be at least 0");
    require(gain >= 0.5 && gain <= 2, "recipe.gain be in [0.5, 2], got " + gain);
    require(tilt >= 0 && tilt <= 0.1, "recipe.tilt be in [0, 0.1], got " + tilt);
    require(tilt == 0 || evenness > 0, "recipe.tilt go with recipe.evenness");
    require(
        skipWeight >= 0 && skipWeight <= 100,
        "recipe.skipWeight be in [0, 100], got " + skipWeight);
    require(skipBlock >= 0, "recipe.skipBlock be at least 0, got " + skipBlock);
    require(evenness >= 0 && evenness <= 1, "recipe.evenness be in [0, 1]");
    require(phantomClips >= 0, "recipe.phantomClips be at least 0");
    require(phantomHeldOut >= 0, "recipe.phantomHeldOut be at least 0");
    require(denoiserClips >= 0, "recipe.denoiserClips be at least 0");
    require(latentNoise >= 0 && Double.isFinite(latentNoise), "recipe.latentNoise be at least 0");
    require(
        phantomHeldOut == 0 || phantomClips > 0,
        "recipe.phantomHeldOut go with recipe.phantomClips");
    require(
        (long) phantomClips + phantomHeldOut <= Integer.MAX_VALUE,
        "recipe.phantomClips and phantomHeldOut be at most 2^31 - 1 together");
    labels = List.copyOf(labels);
    require(labels.size() <= MAX_LABELS, "recipe.labels be at most " + MAX_LABELS);
    require(new HashSet<>(labels).size() == labels.size(), "recipe.labels name each label once");
    require(
        labels.stream().allMatch(label -> label.matches("\\S(.{0,98}\\S)?")),
        "recipe.labels be words of 1 to 100 characters without blanks around them");
    require(labelDropout >= 0 && labelDropout < 1, "recipe.labelDropout be in [0, 1)");
    require(labelDropout == 0 || !labels.isEmpty(), "recipe.labelDropout go with recipe.labels");
  }

  private static void require(boolean condition, String wish) {
    if (!condition) {
      throw new IllegalArgumentException("[config] wants that " + wish);
    }
  }

  /** How clips are drawn. */
  public Drawing drawing() {
    return new Drawing(
        gain,
        tilt,
        bound == 0 ? Sampler.UNBOUND : (float) bound,
        new SkipGuidance((float) skipWeight, skipBlock));
  }

  /** The same training, of which clips are drawn in another way. */
  public Recipe drawnBy(double gain, double tilt, double skipWeight, int skipBlock) {
    return new Recipe(
        output,
        weighting,
        snr,
        bound,
        gain,
        tilt,
        skipWeight,
        skipBlock,
        evenness,
        phantomClips,
        phantomHeldOut,
        denoiserClips,
        latentNoise,
        labels,
        labelDropout);
  }

  /** A network whose last layer is read as configured. */
  public NoisePredictor read(NoisePredictor network) {
    return output == Output.VELOCITY ? new VelocityNetwork(network) : network;
  }

  /**
   * The number of a clip's label, of several between semicolons the first that is among {@link
   * #labels}; {@link NoisePredictor#NO_LABEL} where none is.
   */
  public int label(@Nullable String ofClip) {
    if (ofClip == null) {
      return NoisePredictor.NO_LABEL;
    }
    int whole = labels.indexOf(ofClip);
    return Stream.concat(Stream.of(whole), Arrays.stream(ofClip.split(";")).map(labels::indexOf))
        .filter(at -> at >= 0)
        .findFirst()
        .orElse(NoisePredictor.NO_LABEL);
  }

  /** The factor of the squared error of the noise at step t of the schedule. */
  public double weight(Schedule schedule, int t) {
    double bar = schedule.alphaCumprod(t);
    double ratio = bar / (1 - bar);
    return switch (weighting) {
      case NOISE -> 1;
      case VELOCITY -> (ratio + 1) / ratio;
      case MIN_SNR -> Math.min(ratio, snr) / ratio;
    };
  }
}
