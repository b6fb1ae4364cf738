package tools.explore;

import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.linalg.Linalg.linear;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.Generator;
import medsora.denoiser.DenoiserConfig;
import medsora.denoiser.Spiral;
import medsora.diffusion.Drawing;
import medsora.diffusion.Sampler;
import medsora.media.Clip;
import nn.Mode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Explore;
import tools.program.Program;

/** What the page holds is what the engine computes. */
class ExplorerPageTest {
  @TempDir static Path folder;

  private static TinyPage made;
  private static PageUnderTest page;
  private static Subject subject;

  @BeforeAll
  static void write() throws IOException {
    made = TinyPage.get();
    page = PageUnderTest.of(made.text());
    subject = Subject.of("tiny", made.model(), 0, 400, 7);
  }

  @Test
  void thePageIsWholeAndAsksNobody() {
    assertEquals(
        List.of("way", "denoising", "scans", "matrix", "window", "gates", "autoencoder", "whatif"),
        made.told());
    String text = made.text();
    assertTrue(text.getBytes(StandardCharsets.UTF_8).length < 8_000_000);
    String shown = text.replace("http://www.w3.org/2000/svg", "");
    assertFalse(shown.contains("http:") || shown.contains("https:") || shown.contains("{{"));
    made.told().forEach(id -> assertTrue(text.contains("<section id=\"" + id + "\""), id));
  }

  /** A second pass through the network, without the watcher. */
  @Test
  void theLossIsThatOfThePrediction() {
    float[] noise = subject.noise().toArray();
    double sum = 0;
    try (Tape scope = Tape.noGrad()) {
      float[] eps =
          made.model()
              .denoiser()
              .forward(subject.noised(), new float[] {400}, Mode.EVAL)
              .prediction()
              .toArray();
      for (int i = 0; i < eps.length; i++) {
        sum += (noise[i] - eps[i]) * (noise[i] - eps[i]) / eps.length;
      }
    }
    assertEquals(sum, page.facts().get("way").get("loss").doubleValue(), 1e-5);
  }

  @Test
  void theWayLeadsThroughEveryBlock() {
    JsonNode stops = page.facts().get("way").get("stops");
    int depth = subject.denoiser().config().depth();
    long outs = 0;
    for (JsonNode stop : stops) {
      outs += stop.get("what").textValue().endsWith(WayStation.OUT) ? 1 : 0;
    }
    assertEquals(depth, outs);
    JsonNode last = stops.get(stops.size() - 1);
    assertEquals(
        page.facts().get("way").get("loss").floatValue(), last.get("mean").floatValue(), 1e-5f);
  }

  /** The last frames of each walk are those of ./run sample. */
  @Test
  void samplesAreThoseOfTheProgram() {
    JsonNode runs = page.facts().get("denoising").get("runs");
    List<Generator.Settings> settings =
        List.of(
            Generator.Settings.ddim(4), new Generator.Settings(3, new Sampler.Method.DpmSolver()));
    for (int run = 0; run < settings.size(); run++) {
      Clip drawn = made.model().generator(settings.get(run)).sample(7, 0, done -> {});
      JsonNode steps = runs.get(run).get("steps");
      assertEquals(settings.get(run).steps(), steps.size());
      byte[] shown = page.bytes(steps.get(steps.size() - 1).get("start"));
      int frame = shown.length / 4;
      for (int i = 0; i < 4; i++) {
        byte[] own = Arrays.copyOfRange(shown, i * frame, (i + 1) * frame);
        assertArrayEquals(drawn.frames().get(5 * i), own, "run " + run + " frame " + 5 * i);
      }
    }
  }

  /** The factors that the page names lead from each step to the next. */
  @Test
  void everyStepIsWhatItsFactorsSay() {
    List<Sampler.Method> methods =
        List.of(new Sampler.Method.Ddim(0), new Sampler.Method.DpmSolver());
    Drawing drawing = made.model().config().recipe().drawing();
    for (int run = 0; run < methods.size(); run++) {
      JsonNode steps = page.facts().get("denoising").get("runs").get(run).get("steps");
      List<float[]> samples = new ArrayList<>();
      List<float[]> starts = new ArrayList<>();
      new Generator(
              made.model().denoiser(),
              made.model().autoencoder(),
              new Generator.Settings(steps.size(), methods.get(run)),
              drawing)
          .latents(
              7,
              0,
              (index, sample, start) -> {
                samples.add(sample.toArray());
                starts.add(start.toArray());
              });
      for (int step = 1; step < steps.size(); step++) {
        JsonNode factors = steps.get(step).get("factors");
        float[] next = samples.get(step);
        for (int i = 0; i < next.length; i++) {
          double said =
              (factors.get(0).doubleValue() * samples.get(step - 1)[i])
                  + (factors.get(1).doubleValue() * starts.get(step)[i])
                  + (factors.get(2).doubleValue() * starts.get(step - 1)[i]);
          assertEquals(said, next[i], 1e-4, "run " + run + " step " + step);
        }
      }
    }
  }

  /** What is named exists, and docs/equations.md names it with its equation. */
  @Test
  void placesAreThoseOfTheEquations() throws IOException {
    String equations = Files.readString(Path.of("../docs/equations.md"));
    int named = 0;
    for (String station : made.told()) {
      for (JsonNode place : page.facts().get(station).get("places")) {
        named += named(place, equations);
      }
    }
    for (JsonNode stop : page.facts().get("way").get("stops")) {
      named += named(stop, equations);
    }
    assertTrue(named > 30, "named with an equation: " + named);
  }

  private static int named(JsonNode place, String equations) throws IOException {
    Path file = Path.of("..").resolve(place.get("file").textValue());
    String member = place.get("member").textValue();
    assertTrue(Files.readString(file).contains(" " + member + "("), file + "#" + member);
    int number = place.get("equation").intValue();
    if (number == 0) {
      return 0;
    }
    int from = equations.indexOf("\n## Eq. " + number + ": ");
    int to = equations.indexOf("\n## Eq. ", from + 1);
    String section = equations.substring(from, to < 0 ? equations.length() : to);
    String link = "](../" + place.get("file").textValue() + ")";
    String type = file.getFileName().toString().replace(".java", "");
    boolean whole = section.contains("- [" + type + link);
    assertTrue(
        whole || section.contains("- [" + type + "#" + member + link),
        "Eq. " + number + ": " + type + "#" + member);
    return 1;
  }

  @Test
  void featuresLieOnThreeAxes() {
    JsonNode facts = page.facts().get("gates").get("alignment");
    float[] points = page.floats(facts.get("features"));
    assertEquals(3, facts.get("features").get("shape").get(2).intValue());
    double[] spread = new double[3];
    for (int i = 0; i < points.length; i++) {
      spread[i % 3] += (double) points[i] * points[i];
    }
    assertTrue(spread[0] >= spread[1] && spread[1] >= spread[2] && spread[2] > 0);
    assertEquals(
        spread[2] / spread[0],
        facts.get("shares").get(2).doubleValue() / facts.get("shares").get(0).doubleValue(),
        1e-4);
    assertEquals(4, facts.get("pictures").get("shape").get(0).intValue());
  }

  @Test
  void ordersAreThoseOfTheModel() {
    DenoiserConfig config = subject.denoiser().config();
    JsonNode variant = page.facts().get("scans").get("variants").get(0);
    int[] order = page.shorts(variant.get("order"));
    int[] path = Spiral.path(config.frames(), config.grid());
    for (int i = 0; i < path.length; i++) {
      int frame = path[i] / config.grid();
      int column = path[i] % config.grid();
      assertEquals((frame * config.tokens()) + column, order[i], "step " + i);
    }
    int[] counts = page.shorts(variant.get("distances"));
    int right = Arrays.stream(counts, 0, path.length + 1).sum();
    assertEquals(config.frames() * config.grid() * (config.grid() - 1), right);
  }

  /** M x + D x is y, and M, the recurrence and the chunks agree, in every block, walk and head. */
  @Test
  void theMatrixIsWhatTheScanDoes() {
    JsonNode facts = page.facts().get("matrix");
    int steps = facts.get("steps").intValue();
    int heads = facts.get("heads").intValue();
    assertEquals(4 * subject.denoiser().config().depth(), facts.get("scans").size());
    for (JsonNode scan : facts.get("scans")) {
      float[] m = page.floats(scan.get("m"));
      float[] x = page.floats(scan.get("x"));
      float[] y = page.floats(scan.get("y"));
      float[] d = page.floats(scan.get("d"));
      float[] sum = page.floats(scan.get("sum"));
      float[] diagonal = page.floats(scan.get("diagonal"));
      float[] off = page.floats(scan.get("offDiagonal"));
      for (int row = 0; row < heads * steps; row++) {
        int head = row / steps;
        double product = 0;
        for (int j = 0; j < steps; j++) {
          product += (double) m[(row * steps) + j] * x[(head * steps) + j];
        }
        double skipped = (double) d[head] * x[row];
        assertEquals(y[row], product + skipped, 1e-4 * (1 + Math.abs(y[row])));
        assertEquals(sum[row], product, 1e-5);
        assertEquals(sum[row], diagonal[row] + off[row], 1e-6);
      }
    }
  }

  @Test
  void anEntryIsItsFactors() {
    JsonNode facts = page.facts().get("matrix");
    JsonNode scan = facts.get("scans").get(3);
    int steps = facts.get("steps").intValue();
    int heads = facts.get("heads").intValue();
    int n = facts.get("state").intValue();
    float[] b = page.floats(scan.get("b"));
    float[] c = page.floats(scan.get("c"));
    float[] dt = page.floats(scan.get("dt"));
    float[] a = page.floats(scan.get("a"));
    float[] m = page.floats(scan.get("m"));
    for (int head = 0; head < heads; head++) {
      for (int j = 0; j < steps; j++) {
        double time = 0;
        for (int i = j; i < steps; i++) {
          time += i == j ? 0 : dt[(i * heads) + head];
          double product = 0;
          for (int k = 0; k < n; k++) {
            product += (double) c[(i * n) + k] * b[(j * n) + k];
          }
          double entry = product * StrictMath.exp(a[head] * time) * dt[(j * heads) + head];
          assertEquals(entry, m[(((head * steps) + i) * steps) + j], 1e-6, i + ", " + j);
        }
      }
    }
  }

  /** The weights, times the values, joined by W_o, are what the block's attention gave. */
  @Test
  void theWeightsAreThoseOfTheAttention() {
    JsonNode facts = page.facts().get("window");
    JsonNode form = facts.get("blocks").get(1).get("forms").get(facts.get("runs").intValue());
    int tokens = facts.get("tokens").intValue();
    int heads = form.get("heads").intValue();
    int hidden = subject.denoiser().config().hidden();
    float[] weights = page.floats(form.get("weights"));
    try (Tape scope = Tape.noGrad()) {
      Tensor in = slice(subject.piece(1, "attention.in"), 1, 0, tokens);
      Tensor x = reshape(in, 1, tokens, hidden);
      float[] v = linear(x, subject.weight(1, "value_matrix.weight"), null).toArray();
      float[] gathered = new float[tokens * hidden];
      for (int i = 0; i < gathered.length; i++) {
        int head = i % hidden * heads / hidden;
        double sum = 0;
        for (int j = 0; j < tokens; j++) {
          int at = (((head * tokens) + (i / hidden)) * tokens) + j;
          sum += (double) weights[at] * v[(j * hidden) + (i % hidden)];
        }
        gathered[i] = (float) sum;
      }
      assertArrayEquals(gathered, page.floats(form.get("gathered")), 1e-5f);
      Tensor joined =
          linear(Tensor.of(x.shape(), gathered), subject.weight(1, "output_matrix.weight"), null);
      float[] own = slice(subject.piece(1, "attention.out"), 1, 0, tokens).toArray();
      assertArrayEquals(own, joined.toArray(), 1e-5f);
    }
  }

  /** The drawing of a block has the shapes that the configuration makes. */
  @Test
  void aBlockHasTheShapesOfTheModel() {
    DenoiserConfig config = subject.denoiser().config();
    JsonNode block = page.facts().at("/way/block");
    int tokens = config.frames() * config.tokens();
    int inner = config.innerWidth();
    int heads = inner / config.headDim();
    int steps = config.frames() * config.grid();
    int wide = inner + (2 * config.stateSize()) + heads;
    assertEquals(List.of(1, tokens, config.hidden()), numbers(block.get("tokens")));
    assertEquals(List.of(4 * config.grid(), steps, wide), numbers(block.get("rows")));
    assertEquals(List.of(4 * config.grid(), steps, inner), numbers(block.get("scanned")));
    assertEquals(List.of(1, tokens, config.hidden()), numbers(block.get("fused")));
    assertEquals(
        List.of(config.tokens(), config.frames(), inner), numbers(block.get("temporalScanned")));
    assertEquals(List.of(1, 9 * config.hidden()), numbers(block.get("modulation")));
    assertEquals(heads, block.get("heads").intValue());
  }

  private static List<Integer> numbers(JsonNode node) {
    List<Integer> out = new ArrayList<>();
    node.forEach(n -> out.add(n.intValue()));
    return out;
  }

  /** What every frequency adds is, in all, the loss. */
  @Test
  void theFocalWeightsMakeTheLoss() {
    JsonNode facts = page.facts().get("autoencoder");
    double most = facts.get("focalLargest").doubleValue();
    float[] weights = page.floats(facts.get("focal"));
    double sum = 0;
    for (float w : weights) {
      sum += w * (w * most) * (w * most) / weights.length;
    }
    double loss = facts.get("focalLoss").doubleValue();
    assertEquals(loss, sum, 1e-5 * loss);
    assertEquals(
        made.model().config().vaeTraining().focal(), facts.get("lambda").doubleValue(), 0.0);
  }

  @Test
  void theRealClipMovesAsItsPixelsSay() {
    byte[] before = subject.clip().frames().getFirst();
    double squares = 0;
    for (byte[] frame : subject.clip().frames()) {
      for (int i = 0; i < frame.length; i++) {
        double off = (frame[i] & 0xff) - (before[i] & 0xff);
        squares += off * off / frame.length;
      }
      before = frame;
    }
    double change = Math.sqrt(squares / (subject.clip().length() - 1));
    assertEquals(change, page.facts().at("/whatif/clipMotion").doubleValue(), 1e-9);
  }

  /** The state behind a step is the decayed one before it and what the step writes. */
  @Test
  void theRecurrenceGoesStepByStep() {
    JsonNode facts = page.facts().get("matrix");
    JsonNode scan = facts.get("scans").get(2);
    int steps = facts.get("steps").intValue();
    int heads = facts.get("heads").intValue();
    int n = facts.get("state").intValue();
    float[] b = page.floats(scan.get("b"));
    float[] dt = page.floats(scan.get("dt"));
    float[] a = page.floats(scan.get("a"));
    float[] x = page.floats(scan.get("x"));
    float[] states = page.floats(scan.get("states"));
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < steps * n; i++) {
        int t = i / n;
        double width = dt[(t * heads) + head];
        int at = (head * steps * n) + i;
        double before = t == 0 ? 0 : states[at - n];
        double behind =
            (Math.exp(a[head] * width) * before) + (width * x[(head * steps) + t] * b[i]);
        assertEquals(behind, states[at], 1e-5, head + ", " + t);
      }
    }
  }

  /** A model without features of its own is shown with those that come with the program. */
  @Test
  void theProgramHasFeaturesForEveryModel() {
    Features own = Features.embedded(made.model().config().alignment());
    assertEquals(4, own.networks().layers());
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    new Alignment(made.model().config().alignment(), own)
        .write(subject, new tools.explore.Arrays(), facts);
    assertFalse(facts.get("trained").booleanValue());
    assertTrue(facts.get("pairs").size() > 0 && facts.get("losses").size() > 0);
  }

  /** The paper and the released code are named whole once, where they are mentioned first. */
  @Test
  void whatIsCitedIsNamedOnce() {
    String text = made.text().substring(made.text().indexOf("<body>")).replace('\n', ' ');
    String title =
        "MedSora: Optical Flow Representation Alignment Mamba Diffusion Model for Medical Video"
            + " Generation";
    String code = "is the program that its authors have published";
    for (String once : List.of(title, code)) {
      assertEquals(1, text.split(once, -1).length - 1, once);
    }
    assertTrue(text.indexOf("he paper") >= text.indexOf(title) - 50);
    assertTrue(text.indexOf("eleased code") >= text.indexOf(code) - 20);
  }

  /** Nothing of a clip's first chunk comes from later frames. */
  @Test
  void theEncoderIsCausal() {
    JsonNode facts = page.facts().get("autoencoder");
    assertEquals(0.0, facts.get("firstDiffers").doubleValue());
    assertTrue(facts.get("secondDiffers").doubleValue() > 0);
    assertEquals(3, facts.get("clips").size());
  }

  @Test
  void everyCombinationWasRun() {
    JsonNode facts = page.facts().get("whatif");
    assertEquals(
        facts.get("networks").size() * facts.get("samplers").size() * facts.get("steps").size(),
        facts.get("runs").size());
    assertEquals(3, facts.get("networks").size());
    assertEquals(0.0, facts.get("runs").get(1).get("difference").doubleValue());
    assertTrue(page.facts().get("gates").get("alignment").get("pairs").size() > 0);
  }

  @Test
  void wrongWishesAreRefused() {
    assertEquals(1, Program.execute(new Explore(), "--step", "1000"));
    String missing = folder.resolve("nowhere").toString();
    String out = folder.resolve("page.html").toString();
    assertEquals(1, Program.execute(new Explore(), "--checkpoint", missing, "--out", out));
  }
}
