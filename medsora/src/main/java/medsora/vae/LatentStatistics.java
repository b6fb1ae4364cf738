package medsora.vae;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.mul;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How latents are brought to zero mean and unit variance for diffusion: z = (latent - shift) *
 * scale, of all channels alike or of each for itself. Measured once after the VAE is trained and
 * kept with its weights; with the released weights it is shift 0 and scale 1.15258426.
 *
 * @param shifts one for all channels, or one for each
 * @param scales as many
 */
public record LatentStatistics(List<Float> shifts, List<Float> scales) {
  public static final LatentStatistics RELEASED = new LatentStatistics(0f, 1.15258426f);

  private static final String SEPARATOR = ",";

  /** The axis of the channels, counted from the end: [.., C, f, h, w]. */
  private static final int CHANNEL = -4;

  public LatentStatistics {
    shifts = List.copyOf(shifts);
    scales = List.copyOf(scales);
    if (shifts.isEmpty() || shifts.size() != scales.size()) {
      throw new IllegalArgumentException(
          "[latents] wants as many shifts as scales, got %d and %d"
              .formatted(shifts.size(), scales.size()));
    }
    for (int i = 0; i < shifts.size(); i++) {
      float shift = shifts.get(i);
      float scale = scales.get(i);
      if (!Float.isFinite(shift) || !Float.isFinite(scale) || scale <= 0) {
        throw new IllegalArgumentException(
            "[latents] wants a finite shift and a finite positive scale, got shift "
                + shift
                + " and scale "
                + scale);
      }
    }
  }

  /** Of all channels alike. */
  public LatentStatistics(float shift, float scale) {
    this(List.of(shift), List.of(scale));
  }

  /**
   * From the means and standard deviations of latents, of all channels alike or of each. A
   * deviation d becomes d^(1 - evenness) / g with g such that the mean of the squares is 1.
   *
   * @param evenness 1 for unit deviation of each
   */
  public static LatentStatistics of(double[] means, double[] deviations, double evenness) {
    Float[] shifts = new Float[means.length];
    Float[] scales = new Float[means.length];
    double squares = 0;
    for (double deviation : deviations) {
      squares += StrictMath.pow(deviation, 2 * (1 - evenness)) / deviations.length;
    }
    double g = deviations.length == 1 ? deviations[0] : Math.sqrt(squares);
    double power = deviations.length == 1 ? 0 : evenness;
    for (int i = 0; i < means.length; i++) {
      if (!(deviations[i] > 0)) {
        throw new IllegalArgumentException(
            "[latents] a standard deviation of " + deviations[i] + " cannot be scaled to 1");
      }
      shifts[i] = (float) means[i];
      scales[i] = (float) (1 / (StrictMath.pow(deviations[i], power) * g));
    }
    return new LatentStatistics(Arrays.asList(shifts), Arrays.asList(scales));
  }

  /**
   * What {@link #shiftText} and {@link #scaleText} wrote.
   *
   * @throws IllegalArgumentException where these are no numbers to work with
   */
  public static LatentStatistics read(String shifts, String scales) {
    return new LatentStatistics(numbers(shifts), numbers(scales));
  }

  private static List<Float> numbers(String text) {
    return Arrays.stream(text.split(SEPARATOR, -1)).map(Float::valueOf).toList();
  }

  /** The shifts as text: one number, or one for each channel with commas. */
  public String shiftText() {
    return text(shifts);
  }

  /** The scales, likewise. */
  public String scaleText() {
    return text(scales);
  }

  private static String text(List<Float> numbers) {
    return numbers.stream().map(v -> Float.toString(v)).collect(Collectors.joining(SEPARATOR));
  }

  /** Latents [.., C, f, h, w] as the denoiser has them. */
  public Tensor unit(Tensor latents) {
    if (shifts.size() == 1) {
      float scale = scales.getFirst();
      return affine(latents, scale, -shifts.getFirst() * scale);
    }
    float[] offsets = new float[shifts.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = -shifts.get(i) * scales.get(i);
    }
    return add(mul(latents, perChannel(latents, array(scales))), perChannel(latents, offsets));
  }

  /** The inverse of {@link #unit}: latents [.., C, f, h, w] as the decoder has them. */
  public Tensor latents(Tensor unit) {
    if (shifts.size() == 1) {
      return affine(unit, 1 / scales.getFirst(), shifts.getFirst());
    }
    float[] stretches = new float[shifts.size()];
    for (int i = 0; i < stretches.length; i++) {
      stretches[i] = 1 / scales.get(i);
    }
    return add(mul(unit, perChannel(unit, stretches)), perChannel(unit, array(shifts)));
  }

  private static float[] array(List<Float> numbers) {
    float[] out = new float[numbers.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = numbers.get(i);
    }
    return out;
  }

  /** [C, 1, 1, 1]. */
  private static Tensor perChannel(Tensor x, float[] values) {
    ShapeException.require(
        x.dim(CHANNEL) == values.length,
        "latents",
        "x %s has not the %d channels that were measured",
        x.shape(),
        values.length);
    return Tensor.of(Shape.of(values.length, 1, 1, 1), values);
  }
}
