package tools;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.compare.PairwiseComparison;
import tools.program.LpipsOptions;
import tools.program.Output;
import tools.program.OutputFolder;
import tools.program.Program;
import tools.program.Version;

/** Compares videos pair by pair. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Compares two folders of videos pair by pair, such as originals and what an autoencoder made"
          + " of them: PSNR, SSIM, LPIPS where its weights are given, and how well frames follow"
          + " from each other by TV-L1 flow.",
      "A pair has equal names but for the ending, or else an equal last number: 01_recon.mp4 goes"
          + " with test_1_origin.mp4. Both have the same size and number of frames."
    })
public final class Compare extends Program {
  @Parameters(index = "0", paramLabel = "ORIGINALS", description = "folder of videos")
  Path originals;

  @Parameters(index = "1", paramLabel = "OTHERS", description = "folder of videos made of them")
  Path others;

  @Mixin LpipsOptions lpips;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where compare.json goes (default: ${DEFAULT-VALUE})")
  Path out = Path.of("out", "compare");

  public static void main(String[] args) {
    System.exit(execute(new Compare(), args));
  }

  @Override
  protected void run() throws Exception {
    lpips.check();
    OutputFolder.ready(out);
    PairwiseComparison comparison = PairwiseComparison.of(originals, others, lpips.open());
    comparison.alone().forEach(name -> Output.say("left out, no pair: " + name));
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("originals", originals.toString());
    settings.put("others", others.toString());
    Path file = out.resolve("compare.json");
    comparison.write(file, settings);
    comparison.lines().forEach(line -> Output.result("%s", line));
    Output.result("%s", file);
  }
}
