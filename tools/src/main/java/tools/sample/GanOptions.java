package tools.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.ObjLongConsumer;
import java.util.stream.Stream;
import medsora.baseline.gan.GanFile;
import medsora.baseline.gan.GanSampler;
import medsora.baseline.mostganv.WordsConfig;
import medsora.baseline.styleganv.Generator;
import medsora.media.Clip;
import picocli.CommandLine.Option;
import tools.program.Output;
import tools.program.Progress;

/** How clips are drawn from a generator of StyleGAN-V or MoStGAN-V. */
public final class GanOptions {
  private static final int FRAMES = 16;
  private static final double TRUNCATION = 0.9;

  /** How layers with words are computed. */
  enum Form {
    prenorm(WordsConfig.Form.PUBLISHED),
    float32(WordsConfig.Form.FLOAT32),
    fused(WordsConfig.Form.FUSED);

    final WordsConfig.Form form;

    Form(WordsConfig.Form form) {
      this.form = form;
    }
  }

  @Option(
      names = "--truncation",
      paramLabel = "X",
      description =
          "StyleGAN-V, MoStGAN-V: 1 as drawn to 0, all of one kind (default: " + TRUNCATION + ")")
  Double truncation;

  @Option(
      names = "--time-step",
      paramLabel = "X",
      description = "the same: time from frame to frame in frames of the training (default: 1)")
  Double step;

  @Option(
      names = "--first-time",
      paramLabel = "X",
      description = "the same: time of the first frame (default: 0)")
  Double start;

  @Option(
      names = "--motion-distance",
      paramLabel = "N",
      description =
          "the same: frames between two motion codes, which a file does not tell (default: "
              + GanFile.DISTANCE
              + ")")
  Integer distance;

  @Option(
      names = "--form",
      paramLabel = "NAME",
      description = {
        "MoStGAN-V: ${COMPLETION-CANDIDATES} (default: prenorm, what the published GPU runs"
            + " compute)"
      })
  Form form;

  /**
   * Draws clips.
   *
   * @param checkpoint a file of which {@link GanFile#isOne} is true
   * @param frames of a clip, any number, or null for as many as these networks were trained on
   * @param write is given each clip and its number
   */
  public void sample(
      Path checkpoint,
      long seed,
      long first,
      int count,
      Integer frames,
      ObjLongConsumer<Clip> write)
      throws IOException {
    GanSampler.Settings settings =
        new GanSampler.Settings(
            frames == null ? FRAMES : frames,
            start == null ? 0 : start,
            step == null ? 1 : step,
            truncation == null ? TRUNCATION : truncation);
    WordsConfig.Form chosen = form == null ? WordsConfig.Form.PUBLISHED : form.form;
    Generator generator =
        GanFile.read(checkpoint, chosen, distance == null ? GanFile.DISTANCE : distance);
    GanSampler sampler = new GanSampler(generator, settings);
    int side = generator.config().side();
    Output.say(
        "%.2f million parameters, frames of %dx%d"
            .formatted(generator.parameterCount() / 1e6, side, side));
    long all = (long) count * settings.frames();
    try (Progress progress = new Progress("sampling", all, 0)) {
      for (int i = 0; i < count; i++) {
        int done = i;
        Clip clip =
            sampler.sample(
                seed,
                first + i,
                frame ->
                    progress.at(
                        (long) done * settings.frames() + frame,
                        "%d of %d clips written".formatted(done, count)));
        write.accept(clip, first + i);
      }
    }
  }

  /**
   * Refuses options that only these generators have.
   *
   * @throws IllegalArgumentException where one was given
   */
  public void refuse() {
    if (Stream.of(truncation, step, start, distance, form).anyMatch(o -> o != null)) {
      throw new IllegalArgumentException(
          "--truncation, --time-step, --first-time, --motion-distance and --form belong to"
              + " generators of StyleGAN-V and MoStGAN-V, and --checkpoint is none");
    }
  }
}
