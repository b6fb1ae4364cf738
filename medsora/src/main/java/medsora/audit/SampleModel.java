package medsora.audit;

import engine.io.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.Lvdm;
import medsora.MedSora;
import medsora.Pretrained;
import medsora.data.VideoTransform;
import medsora.diffusion.LabelGuidance;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.media.Clip;
import medsora.media.PictureReader;
import medsora.media.Pictures;
import medsora.media.ReadLimits;
import medsora.media.VideoReader;
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

  /** More than any model takes in; a video is not read further. */
  private static final int MOST_FRAMES = 64;

  /** The name of averaged weights. */
  public static final String AVERAGED = "ema";

  /**
   * Loads it.
   *
   * @param checkpoint a run folder or file of a denoiser, or null for the model that comes with the
   *     program
   * @param autoencoder a run folder or file, or null for the one beside the denoiser
   * @param weights {@code ema} or {@code raw}
   * @param size side of the frames, which a published LVDM can draw in several sizes; 0 for that of
   *     the training
   * @throws IllegalArgumentException where there is a size and the model draws one alone
   */
  public static SampleModel load(
      @Nullable Path checkpoint, @Nullable Path autoencoder, String weights, int size)
      throws IOException {
    if (size != 0 && (checkpoint == null || !Lvdm.isOne(checkpoint))) {
      throw new IllegalArgumentException("[sample] a size goes with a published LVDM alone");
    }
    if (checkpoint == null) {
      return of(MedSora.pretrained(Pretrained.NAMES.getFirst()), "", "", AVERAGED);
    }
    InitialWeights.Kind kind =
        weights.equals(AVERAGED) ? InitialWeights.Kind.EMA : InitialWeights.Kind.RAW;
    Autoencoder given =
        autoencoder == null ? null : Autoencoder.load(autoencoder, InitialWeights.Kind.EMA);
    String own = autoencoder == null ? "" : autoencoder.toString();
    MedSora model = model(checkpoint, given, kind, size);
    return of(model, checkpoint.toString(), own, weights, size);
  }

  private static MedSora model(
      Path checkpoint, @Nullable Autoencoder autoencoder, InitialWeights.Kind kind, int size)
      throws IOException {
    if (size != 0) {
      return Lvdm.load(checkpoint, kind, autoencoder, size);
    }
    return autoencoder == null
        ? MedSora.load(checkpoint, kind)
        : MedSora.load(checkpoint, kind, autoencoder);
  }

  /**
   * The model that comes with the program, if it is the one that a record names.
   *
   * @param record of clips whose checkpoint is not said or not here
   */
  public static Optional<SampleModel> shipped(DrawRecord.Model record) throws IOException {
    SampleModel own = load(null, null, AVERAGED, 0);
    return own.record.sha256().equals(record.sha256()) ? Optional.of(own) : Optional.empty();
  }

  /** Of a model that was loaded from a checkpoint, with an autoencoder by itself or none. */
  public static SampleModel of(
      MedSora model, String checkpoint, String autoencoder, String weights) {
    return of(model, checkpoint, autoencoder, weights, 0);
  }

  private static SampleModel of(
      MedSora model, String checkpoint, String autoencoder, String weights, int size) {
    return new SampleModel(
        model,
        new DrawRecord.Model(
            checkpoint,
            autoencoder,
            Weights.sha256(model.denoiser().module().stateDict()),
            Weights.sha256(model.autoencoder().vae().module().stateDict()),
            weights,
            size));
  }

  /**
   * What draws clips with some settings.
   *
   * @throws IllegalArgumentException where no sampler has the name, the model does not know the
   *     label, or a number is out of range
   * @throws IOException where the frames that the clips begin with cannot be read, or are others
   */
  public Generator generator(DrawRecord.Settings settings) throws IOException {
    return model.generator(settings(settings));
  }

  private Generator.Settings settings(DrawRecord.Settings s) throws IOException {
    Sampler.Method method =
        switch (s.sampler()) {
          case "ddim" -> model.denoiser().practice().ddim(s.eta());
          case "ddpm" -> new Sampler.Method.Ddpm();
          case "dpmpp" -> new Sampler.Method.DpmSolver();
          case "unipc" -> new Sampler.Method.UniPc(UNIPC_ORDER);
          default ->
              throw new IllegalArgumentException(
                  "[sample] no sampler is called '" + Printable.brief(s.sampler()) + "'");
        };
    Tiling tiling = s.tile() == 0 ? null : new Tiling(s.tile(), s.overlap());
    DrawRecord.Condition asked = s.condition();
    Generator.Span span = new Generator.Span(asked.frames(), start(asked));
    return new Generator.Settings(s.steps(), method, tiling, guidance(asked), span);
  }

  private LabelGuidance guidance(DrawRecord.Condition asked) {
    if (asked.label().isEmpty()) {
      return LabelGuidance.NONE;
    }
    List<String> known = model.config().recipe().labels();
    int number = known.indexOf(asked.label());
    if (number == NoisePredictor.NO_LABEL) {
      String names = String.join(", ", known);
      throw new IllegalArgumentException(
          "[sample] the model %s, got label '%s'"
              .formatted(
                  known.isEmpty() ? "was trained without labels" : "knows the labels " + names,
                  Printable.brief(asked.label())));
    }
    return new LabelGuidance(number, (float) asked.guidance());
  }

  private @Nullable Clip start(DrawRecord.Condition asked) throws IOException {
    if (asked.start().isEmpty()) {
      return null;
    }
    Clip square = square(Path.of(asked.start()));
    String hash = Provenance.framesSha256(square);
    if (!asked.startSha256().equals(hash)) {
      throw new IOException(
          "[sample] the frames of %s are not those that the clips begin with: sha256 there %s, here %s"
              .formatted(asked.start(), asked.startSha256(), hash));
    }
    return square;
  }

  /**
   * The first frames of a picture or video, as many as any model takes in, cut to the model's
   * square frames of bytes.
   */
  public Clip square(Path file) throws IOException {
    Clip read =
        Pictures.isPictureName(file)
            ? PictureReader.read(file, ReadLimits.DEFAULT)
            : VideoReader.read(file, ReadLimits.DEFAULT, MOST_FRAMES);
    return new VideoTransform(model.autoencoder().size(), false).apply(read).shown();
  }

  /** A drawn clip with what its files say of it, at the rate of its settings. */
  public Clip labelled(Clip drawn, DrawRecord.Settings settings, long number) {
    Provenance provenance = Provenance.of(record, settings, number, drawn);
    return drawn.labelled(provenance.label()).at(settings.fps());
  }

  /** Draws a clip again. */
  public Clip draw(DrawRecord.Settings settings, long number) throws IOException {
    return generator(settings).sample(settings.seed(), number, done -> {});
  }
}
