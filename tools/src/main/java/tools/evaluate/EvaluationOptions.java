package tools.evaluate;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the things are of which an evaluation that is done again was made. */
public final class EvaluationOptions {
  @Option(
      names = "--real",
      paramLabel = "DIR",
      description = "real videos of the evaluation (default: where the manifest says)")
  Path real;

  @Option(
      names = "--generated",
      paramLabel = "DIR",
      description = "generated videos of the evaluation (default: where the manifest says)")
  Path generated;

  @Option(
      names = "--held-out",
      paramLabel = "DIR",
      description = "held-out videos of the evaluation (default: where the manifest says)")
  Path heldOut;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "weights of a network that the evaluation had; once for each file")
  List<Path> weights = List.of();

  @Option(
      names = "--c3d-mean",
      paramLabel = "FILE",
      description = "mean of C3D's training clips, where the evaluation had C3D")
  Path c3dMean;

  @Option(
      names = "--given-features",
      paramLabel = "FILE",
      description = "the file that the evaluation had as --features")
  Path given;
}
