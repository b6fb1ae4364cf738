package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** What inspect says of the paper's models, against counts that were made elsewhere. */
class InspectTest {
  @TempDir Path folder;

  private static String inspect(Object... words) {
    Outcome o = Runs.run(new Inspect(), words);
    assertEquals(0, o.code(), o.err());
    return o.out();
  }

  private static void says(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in:\n" + text);
    }
  }

  @Test
  void referenceCountsAreThoseOfTheReleasedCode() {
    says(
        inspect("MedSora-S", "--profile", "reference"),
        "parameters 43,758,784, of which trained 43,726,016; with buffers 43,760,320",
        "linear layers 12.17 G",
        "would have 2.42 G more");
    says(
        inspect("MedSora-B", "--profile", "reference"),
        "parameters 86,466,304, of which trained 86,433,536; with buffers 86,469,376",
        "linear layers 24.30 G",
        "would have 4.83 G more");
    says(
        inspect("MedSora-L", "--profile", "reference"),
        "parameters 171,881,344, of which trained 171,848,576; with buffers 171,887,488",
        "linear layers 48.56 G",
        "would have 9.66 G more",
        "one block, run again");
    says(inspect("MedSora-XL", "--profile", "reference"), "depth 48", "parameters 342,711,424");
  }

  @Test
  void paperCountsSayWhereThePaperDisagreesWithItself() {
    says(
        inspect("MedSora-S"),
        "parameters 45,298,816",
        "Table 1 of the paper: 43.76 million",
        "Table 1 and Eq. 7 disagree: W_o, which Table 1 does not count, adds 262,144 per block,"
            + " 1,572,864 in all",
        "32,832 fewer here");
    assertEquals(45_298_816, 43_758_784 + (6 * 262_144) - 32_832);
  }

  /** The released code's figures: 1149 G to encode and 3193 G to decode 16 frames of 128x128. */
  @Test
  void theAutoencoderHasTheReleasedSizes() {
    says(
        inspect("vae", "--profile", "reference"),
        "parameters 264,399,395, of which trained 48,815,488",
        "encoding: convolutions and linear layers 1148.92 G",
        "decoding: convolutions and linear layers 3148.86 G",
        "decoding would have 44.44 G more");
    assertEquals(3193, Math.round(3148.86 + 44.44));
  }

  @Test
  void bothModelsOfAConfigurationAreShownAndFullListsAll() {
    String brief = inspect("tiny");
    says(brief, "denoiser, depth 2", "autoencoder;", "blocks.0..1 (2, each)", "activations");
    says(inspect("tiny", "--full"), "blocks.1 ", "conv_shortcut", "conv_y");
    Outcome unknown = Runs.run(new Inspect(), "MedSora-Z");
    assertEquals(1, unknown.code());
    says(
        unknown.err(),
        "tiny, demo, phantom-64, phantom-64-tuned, phantom-128, fine-tune-64, medsora-s, medsora-b,"
            + " medsora-l,"
            + " endora-tiny, endora-demo, endora-s, endora-b, endora-l, endora-xl, lvdm-demo, lvdm,"
            + " medsora-xl, vae");
  }

  @Test
  void whatCannotBeUsedIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Path chart = file.resolve("below.png");
    Outcome o = Runs.run(new Inspect(), "MedSora-B", "--compare", "--chart", chart);
    assertEquals(1, o.code());
    assertEquals("inspect: cannot write " + chart + ": " + file + " is a file", o.err().strip());
    Outcome empty = Runs.run(new Inspect(), "");
    says(empty.err(), "'': is no name; wants a YAML file or one of tiny, demo");
  }

  @Test
  void compareShowsEquation11() throws Exception {
    Path chart = folder.resolve("charts").resolve("compare.png");
    says(
        inspect("MedSora-B", "--compare", "--chart", chart),
        "is not the sum of its terms",
        "39,865,810,944",
        "20,186,136,576");
    assertTrue(Files.size(chart) > 0);
    assertEquals(1440, ImageIO.read(chart.toFile()).getWidth());
  }

  /** The parameters that the released classes have, and the paper's words beside them. */
  @Test
  void modelsOfFigure6AreCounted() {
    String said = inspect("--compare-models");
    says(said, "Endora-B     ", "133,592,096", "36,495,008", "460,881,184", "178,139,968");
    says(
        said,
        "MedSora-B has fewer parameters than Endora: 89.58 against 133.59 million, 0.67 times: holds",
        "MedSora-L needs fewer operations than Endora (significantly): 52.36 against 109.87 G");
    Outcome both = Runs.run(new Inspect(), "MedSora-S", "--compare-models");
    assertEquals(2, both.code());
    assertTrue(both.err().contains("leave MedSora-S away"), both.err());
    Outcome none = Runs.run(new Inspect());
    assertEquals(2, none.code());
    assertTrue(none.err().contains("wants a CONFIG, such as MedSora-B"), none.err());
  }
}
