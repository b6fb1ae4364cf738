package tools.program;

import java.io.IOException;
import java.nio.file.Path;
import medsora.audit.SampleModel;
import medsora.train.manifest.DrawRecord;
import medsora.train.manifest.Provenance;
import picocli.CommandLine.Option;

/** What clips that are drawn shall show, begin with, and how long they are. */
public final class ConditionOptions {
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

  /** Whether anything is asked that a generator without diffusion does not know. */
  public boolean areOfDiffusion() {
    return label != null || guidance != null || start != null;
  }

  /** Frames of a clip, or null where none are asked for. */
  public Integer frames() {
    return frames;
  }

  /** Looks at what can be looked at without a model. */
  public void check() {
    if (frames != null && frames < 1) {
      throw new IllegalArgumentException("--frames wants at least 1, got " + frames);
    }
    if (label != null && label.isBlank()) {
      throw new IllegalArgumentException(
          "--label wants a name, got none; leave it out for no label");
    }
    if (guidance != null && label == null) {
      throw new IllegalArgumentException("--guidance belongs to a --label");
    }
  }

  /** What is asked of the clips of a model, as their manifest has it. */
  public DrawRecord.Condition record(SampleModel model) throws IOException {
    return new DrawRecord.Condition(
        label == null ? "" : label,
        guidance == null ? 1 : guidance,
        frames == null ? 0 : frames,
        start == null ? "" : start.toString(),
        start == null ? "" : Provenance.framesSha256(model.square(start)));
  }
}
