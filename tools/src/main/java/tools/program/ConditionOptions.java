package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import medsora.Generator;
import medsora.MedSora;
import medsora.data.VideoTransform;
import medsora.diffusion.Guidance;
import medsora.diffusion.NoisePredictor;
import medsora.media.Clip;
import medsora.media.PictureReader;
import medsora.media.Pictures;
import medsora.media.ReadLimits;
import medsora.media.VideoReader;
import picocli.CommandLine.Option;

/** What clips that are drawn shall show, begin with, and how long they are. */
public final class ConditionOptions {
  /** More than any model takes in; a video is not read further. */
  private static final int MOST_FRAMES = 64;

  @Option(
      names = "--label",
      paramLabel = "NAME",
      description =
          "what the clips show, one of the labels that the model was trained with (default: none)")
  String label;

  @Option(
      names = "--guidance",
      paramLabel = "W",
      description = {
        "weight of the label by classifier-free guidance: 1 as the data have it, more for more of"
            + " it, 0 to 100 (default: 1);",
        "another than 1 takes twice the time"
      })
  Float guidance;

  @Option(
      names = "--start",
      paramLabel = "FILE",
      description = "picture or video whose first frames the clips begin with, cut to a square")
  Path start;

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = {
        "frames of a clip (default: as many as the model was trained on);",
        "longer ones are drawn in windows that overlap by half"
      })
  Integer frames;

  /** Looks at what can be looked at without a model. */
  public void check() {
    if (frames != null && frames < 1) {
      throw new IllegalArgumentException("--frames wants at least 1, got " + frames);
    }
    if (guidance != null && label == null) {
      throw new IllegalArgumentException("--guidance belongs to a --label");
    }
  }

  /** Under which label a model draws, and how strongly. */
  public Guidance guidance(MedSora model) {
    if (label == null) {
      return Guidance.NONE;
    }
    List<String> known = model.config().recipe().labels();
    int number = known.indexOf(label);
    if (number == NoisePredictor.NO_LABEL) {
      throw new IllegalArgumentException(
          known.isEmpty()
              ? "--label: this model was trained without labels"
              : "--label: this model knows %s, got %s".formatted(String.join(", ", known), label));
    }
    return new Guidance(number, guidance == null ? 1 : guidance);
  }

  /** How long the clips of a model are, and how they begin. */
  public Generator.Span span(MedSora model) throws IOException {
    int wanted = frames == null ? 0 : frames;
    if (start == null) {
      return new Generator.Span(wanted, null);
    }
    Clip read =
        Pictures.isPictureName(start)
            ? PictureReader.read(start, ReadLimits.DEFAULT)
            : VideoReader.read(start, ReadLimits.DEFAULT, MOST_FRAMES);
    Clip square = new VideoTransform(model.autoencoder().size(), false).apply(read);
    return new Generator.Span(wanted, square);
  }
}
