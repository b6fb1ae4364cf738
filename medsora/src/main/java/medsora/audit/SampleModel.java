package medsora.audit;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Path;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.MedSora;
import medsora.diffusion.Sampler;
import medsora.media.Clip;
import medsora.train.manifest.DrawRecord;
import medsora.train.manifest.Provenance;
import medsora.train.store.InitialWeights;
import medsora.vae.Tiling;
import nn.io.Weights;
import org.jspecify.annotations.Nullable;

/**
 * A model that clips are drawn from, and drawn from again, by what a manifest or a file says of
 * them.
 *
 * @param record what its clips say of it
 */
public record SampleModel(MedSora model, DrawRecord.Model record) {
  /** Second order, which no network that is a little wrong throws off its way. */
  private static final int UNIPC_ORDER = 2;

  /** The name of averaged weights. */
  public static final String AVERAGED = "ema";

  /**
   * Loads it.
   *
   * @param checkpoint a run folder or file of a denoiser
   * @param autoencoder a run folder or file, or null for the one beside the denoiser
   * @param weights {@code ema} or {@code raw}
   */
  public static SampleModel load(Path checkpoint, @Nullable Path autoencoder, String weights)
      throws IOException {
    InitialWeights.Kind kind =
        weights.equals(AVERAGED) ? InitialWeights.Kind.EMA : InitialWeights.Kind.RAW;
    MedSora model =
        autoencoder == null
            ? MedSora.load(checkpoint, kind)
            : MedSora.load(
                checkpoint, kind, Autoencoder.load(autoencoder, InitialWeights.Kind.EMA));
    String own = autoencoder == null ? "" : autoencoder.toString();
    return of(model, checkpoint.toString(), own, weights);
  }

  /** Of a model that was loaded from a checkpoint, with an autoencoder by itself or none. */
  public static SampleModel of(
      MedSora model, String checkpoint, String autoencoder, String weights) {
    return new SampleModel(
        model,
        new DrawRecord.Model(
            checkpoint,
            autoencoder,
            Weights.sha256(model.denoiser().module().stateDict()),
            Weights.sha256(model.autoencoder().vae().stateDict()),
            weights));
  }

  /**
   * What draws clips with some settings.
   *
   * @throws IllegalArgumentException where no sampler has the name, or a number is out of range
   */
  public Generator generator(DrawRecord.Settings settings) {
    return model.generator(settings(settings));
  }

  private static Generator.Settings settings(DrawRecord.Settings s) {
    Sampler.Method method =
        switch (s.sampler()) {
          case "ddim" -> new Sampler.Method.Ddim(s.eta());
          case "ddpm" -> new Sampler.Method.Ddpm();
          case "dpmpp" -> new Sampler.Method.DpmSolver();
          case "unipc" -> new Sampler.Method.UniPc(UNIPC_ORDER);
          default ->
              throw new IllegalArgumentException(
                  "[sample] no sampler is called '" + Printable.brief(s.sampler()) + "'");
        };
    Tiling tiling = s.tile() == 0 ? null : new Tiling(s.tile(), s.overlap());
    return new Generator.Settings(s.steps(), method, tiling);
  }

  /** A drawn clip with what its files say of it, at the rate of its settings. */
  public Clip labelled(Clip drawn, DrawRecord.Settings settings, long number) {
    Provenance provenance = Provenance.of(record, settings, number, drawn);
    return drawn.labelled(provenance.label()).at(settings.fps());
  }

  /** Draws a clip again. */
  public Clip draw(DrawRecord.Settings settings, long number) {
    return generator(settings).sample(settings.seed(), number, done -> {});
  }
}
