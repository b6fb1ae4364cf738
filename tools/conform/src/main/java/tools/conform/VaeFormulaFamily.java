package tools.conform;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;
import medsora.vae.StageWatcher;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Mode;

/**
 * {@code vae_full_formula}: clips {@code in.xN} to {@code out.momentsN}, latents {@code in.zN} to
 * {@code out.decodedN}, and statistics of the stages for the clip that is one chunk long.
 */
final class VaeFormulaFamily implements Family {
  static final Limits LIMITS = Limits.noise(4e-6);

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    Vae vae = new Vae(VaeSizes.ofMetadata(file));
    FormulaWeights.of(file).fill(vae);
    StageStatistics stages = new StageStatistics();
    for (String clip : file.namesUnder("in.x")) {
      boolean watched = clip.equals(chunk(file, "in.x", VaeConfig.FRAMES_PER_CHUNK));
      vae.watch(watched ? stages : StageWatcher.NONE);
      Tensor x = file.tensor("in.x" + clip);
      check.floats("out.moments" + clip, alone(() -> vae.encodeMoments(x, Mode.EVAL)));
    }
    for (String clip : file.namesUnder("in.z")) {
      boolean watched = clip.equals(chunk(file, "in.z", VaeConfig.LATENTS_PER_CHUNK));
      vae.watch(watched ? stages : StageWatcher.NONE);
      Tensor z = file.tensor("in.z" + clip);
      check.floats("out.decoded" + clip, alone(() -> vae.decode(z, Mode.EVAL)));
    }
    stages.compare(check);
  }

  /** Runs without a tape, so that memory is recycled stage by stage. */
  private static float[] alone(Supplier<Tensor> body) {
    try (Tape scope = Tape.noGrad()) {
      return body.get().toArray();
    }
  }

  /** The name of the smallest clip that is worked on in one piece, or empty. */
  private static String chunk(FixtureFile file, String prefix, int length) {
    Optional<String> name =
        file.namesUnder(prefix).stream()
            .filter(clip -> file.shape(prefix + clip, 5).dim(2) == length)
            .min(Comparator.comparingInt(clip -> file.shape(prefix + clip).size()));
    return name.orElse("none is " + length + " long");
  }
}
