package tools.program;

import java.util.List;
import java.util.Locale;
import medsora.denoiser.DenoiserConfig;
import medsora.train.TrainConfig;
import medsora.vae.VaeConfig;

/**
 * A rough estimate of the memory that training a stage takes: five copies of every parameter
 * (value, gradient, two moments, average) and what a step keeps for its backward pass.
 *
 * @param parameters number of parameters
 * @param activations floats that one step keeps
 */
public record MemoryNeed(long parameters, long activations) {
  private static final int COPIES = 5;

  /** Tensors that a residual block of the autoencoder keeps, its norms and convolutions counted. */
  private static final int PER_ENCODER_BLOCK = 8;

  private static final int PER_DECODER_BLOCK = 14;

  /** Vectors of hidden width per token that a block of the denoiser keeps. */
  private static final int PER_TOKEN = 70;

  /** For the first stage. */
  public static MemoryNeed vae(TrainConfig config, long parameters) {
    VaeConfig vae = config.vae();
    List<Integer> widths = vae.widths();
    double sum = 0;
    for (int level = 0; level < widths.size(); level++) {
      double side = (double) config.data().size() / (1 << level);
      double frames = (double) config.vaeTraining().frames() / Math.min(4, 1 << level);
      double one = side * side * frames * widths.get(level);
      sum += one * vae.layers() * PER_ENCODER_BLOCK;
      sum += one * (vae.layers() + 1) * PER_DECODER_BLOCK;
    }
    return new MemoryNeed(parameters, (long) sum);
  }

  /** For the second stage, whose micro-batches are single samples. */
  public static MemoryNeed denoiser(TrainConfig config, long parameters) {
    DenoiserConfig d = config.denoiser();
    long tokens = (long) d.frames() * d.tokens();
    long block = tokens * d.hidden() * PER_TOKEN;
    boolean recompute = config.denoiserTraining().recompute();
    long kept = recompute ? block + (d.depth() * tokens * d.hidden()) : d.depth() * block;
    return new MemoryNeed(parameters, kept);
  }

  /** In bytes. */
  public long bytes() {
    return 4 * ((COPIES * parameters) + activations);
  }

  /** One line, with a remark where the heap is too small for it. */
  public String describe(String stage) {
    long heap = Runtime.getRuntime().maxMemory();
    String line =
        String.format(
            Locale.ROOT,
            "%s: %.2f million parameters; about %.2f GB (parameters x 5: %.2f, activations: %.2f);"
                + " heap up to %.2f GB",
            stage,
            parameters / 1e6,
            bytes() / 1e9,
            4e-9 * COPIES * parameters,
            4e-9 * activations,
            heap / 1e9);
    return bytes() < heap ? line : line + ". That is too little: JAVA_OPTS=-Xmx... raises it";
  }
}
