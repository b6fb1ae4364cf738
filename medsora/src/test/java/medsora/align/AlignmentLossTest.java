package medsora.align;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.scale;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpContract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import medsora.align.AlignmentConfig.Activations;
import medsora.align.AlignmentConfig.Correlation;
import medsora.align.AlignmentConfig.Sampling;
import medsora.align.AlignmentConfig.Weighting;
import medsora.config.Profiles;
import medsora.denoiser.DenoiserConfig;
import medsora.paper.Doubles;
import org.junit.jupiter.api.Test;

/** The alignment loss against Eq. 14 and 15 written as loops in double, switch by switch. */
class AlignmentLossTest {
  private static final AlignmentConfig PAPER = Profiles.alignment("paper");
  private static final AlignmentConfig REFERENCE = Profiles.alignment("reference");

  private static final int B = 2;
  private static final int FLOWS = 8;
  private static final int LAYERS = 5;
  private static final int WIDE = 9;
  private static final int WIDTH = 6;

  /** 3 blocks of 6 frames, 4 of them video, with 4 tokens of width 8. */
  private static final DenoiserConfig SHAPE =
      new DenoiserConfig(1, 4, 2, 8, 3, 6, 4, 4, 8, 1, 4, 16, 4, Profiles.switches("paper"));

  private static final int[] T = {0, 7};

  private static Tensor drawn(long stream, int... dims) {
    Shape shape = Shape.of(dims);
    return Tensor.of(shape, Doubles.normal(shape.size(), stream));
  }

  private static List<Tensor> features() {
    List<Tensor> all = new ArrayList<>();
    for (int j = 0; j < LAYERS; j++) {
      all.add(drawn(10 + j, B, FLOWS, WIDE, WIDTH));
    }
    return all;
  }

  private static List<Tensor> activations() {
    List<Tensor> all = new ArrayList<>();
    for (int i = 0; i < SHAPE.depth(); i++) {
      all.add(drawn(100 + i, B, SHAPE.frames() * SHAPE.tokens(), SHAPE.hidden()));
    }
    return all;
  }

  private static AlignmentLoss loss(AlignmentConfig config) {
    return new AlignmentLoss(config, SHAPE.hiddenSizes(), FLOWS, LAYERS);
  }

  private static AlignmentConfig config(
      Correlation correlation, Weighting weighting, boolean norm, Sampling sampling) {
    AlignmentConfig p = PAPER;
    return new AlignmentConfig(
        true,
        p.alpha(),
        p.margin(),
        correlation,
        weighting,
        norm,
        sampling,
        p.activations(),
        p.colours(),
        p.frames(),
        p.pictures());
  }

  private static List<Tensor> targets(AlignmentLoss loss) {
    List<Tensor> features = features();
    return loss.layers().stream().map(j -> loss.target(features.get(j))).toList();
  }

  private static double value(AlignmentConfig config) {
    AlignmentLoss loss = loss(config);
    return loss.of(activations(), T, targets(loss)).loss().item();
  }

  // The same in double, as the equations are written.

  private static double[] normalised(double[] row) {
    double mean = Arrays.stream(row).average().orElseThrow();
    double var = Arrays.stream(row).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    return Arrays.stream(row).map(v -> (v - mean) / Math.sqrt(var + 1e-6)).toArray();
  }

  /** Position i of {@code out} in a row of {@code in}: two neighbours and the second's share. */
  private static double[] between(int i, int in, int out) {
    double at = Math.max(0, ((i + 0.5) * in / out) - 0.5);
    int first = (int) at;
    return new double[] {first, Math.min(in - 1, first + 1), at - first};
  }

  /** Sampling(h) for sample b, latent frame f, token k, channel d; w is the 1x1 convolution. */
  private static double sampled(
      double[] h, double[][] w, boolean norm, int b, int f, int k, int d) {
    double[] row = between(k, WIDE, SHAPE.tokens());
    double[] column = between(d, WIDTH, SHAPE.hidden());
    double sum = 0;
    for (int i = 0; i < FLOWS; i++) {
      double[] bothRows = new double[2];
      for (int n = 0; n < 2; n++) {
        int at = ((((b * FLOWS) + i) * WIDE) + (int) row[n]) * WIDTH;
        double[] token = Arrays.copyOfRange(h, at, at + WIDTH);
        double[] x = norm ? normalised(token) : token;
        bothRows[n] = ((1 - column[2]) * x[(int) column[0]]) + (column[2] * x[(int) column[1]]);
      }
      sum += w[f][i] * (((1 - row[2]) * bothRows[0]) + (row[2] * bothRows[1]));
    }
    return sum;
  }

  private static double correlation(double[] y, double[] h) {
    double my = Arrays.stream(y).average().orElseThrow();
    double mh = Arrays.stream(h).average().orElseThrow();
    double top = 0;
    double yy = 0;
    double hh = 0;
    for (int k = 0; k < y.length; k++) {
      top += (y[k] - my) * (h[k] - mh);
      yy += (y[k] - my) * (y[k] - my);
      hh += (h[k] - mh) * (h[k] - mh);
    }
    return top / (Math.sqrt(yy) * Math.sqrt(hh));
  }

  /** Eq. 15 over Eq. 14. */
  private static double direct(AlignmentConfig c) {
    int l = SHAPE.tokens();
    int d = SHAPE.hidden();
    int video = SHAPE.videoFrames();
    double[][] w = new double[video][FLOWS];
    int share = FLOWS / video;
    for (int f = 0; f < video; f++) {
      for (int i = 0; i < FLOWS; i++) {
        boolean mean = c.sampling() == Sampling.MEAN;
        w[f][i] = mean ? 1.0 / FLOWS : i / share == f ? 1.0 / share : 0;
      }
    }
    double inside = 0;
    double outside = 0;
    int[] layers = {0, 2, 3}; // 0, 5/3, 10/3 to the nearest
    for (int b = 0; b < B; b++) {
      double r = 0;
      for (int i = 0; i < SHAPE.depth(); i++) {
        double[] y = Doubles.of(activations().get(i));
        double[] h = Doubles.of(features().get(layers[i]));
        double[][] ys = new double[video * l][];
        double[][] hs = new double[video * l][d];
        for (int k = 0; k < video * l; k++) {
          int at = ((b * SHAPE.frames() * l) + k) * d;
          double[] token = Arrays.copyOfRange(y, at, at + d);
          ys[k] = c.layerNorm() ? normalised(token) : token;
          for (int di = 0; di < d; di++) {
            hs[k][di] = sampled(h, w, c.layerNorm(), b, k / l, k % l, di);
          }
        }
        r += mean(ys, hs, c.correlation()) / SHAPE.depth();
      }
      inside += r / (T[b] + 1.0) / B;
      outside += r / B;
    }
    double g = ((1 / (T[0] + 1.0)) + (1 / (T[1] + 1.0))) / B;
    double weighted = c.weighting() == Weighting.INSIDE ? inside : outside * g;
    return Math.max(weighted - c.margin(), 0);
  }

  private static double mean(double[][] y, double[][] h, Correlation over) {
    double sum = 0;
    if (over == Correlation.CHANNELS) {
      for (int k = 0; k < y.length; k++) {
        sum += 1 - correlation(y[k], h[k]);
      }
      return sum / y.length;
    }
    for (int d = 0; d < y[0].length; d++) {
      int at = d;
      sum +=
          1
              - correlation(
                  Arrays.stream(y).mapToDouble(row -> row[at]).toArray(),
                  Arrays.stream(h).mapToDouble(row -> row[at]).toArray());
    }
    return sum / y[0].length;
  }

  @Test
  void equations14And15() {
    assertEquals(direct(PAPER), value(PAPER), 1e-6);
  }

  @Test
  void everySwitchIsWhatTheLoopsSay() {
    List<Double> seen = new ArrayList<>();
    for (Correlation correlation : Correlation.values()) {
      for (Weighting weighting : Weighting.values()) {
        for (boolean norm : new boolean[] {false, true}) {
          for (Sampling sampling : List.of(Sampling.GROUPS, Sampling.MEAN)) {
            AlignmentConfig c = config(correlation, weighting, norm, sampling);
            double ours = value(c);
            assertEquals(direct(c), ours, 1e-6, c.toString());
            seen.add(ours);
          }
        }
      }
    }
    assertEquals(16, seen.stream().distinct().count(), "no two settings agree: " + seen);
  }

  @Test
  void learnedSamplingBeginsAsTheMeanOfGroups() {
    AlignmentConfig learned = PAPER.with(Sampling.LEARNED);
    assertEquals(value(PAPER), value(learned), 1e-6);
    assertEquals(List.of("weight"), List.copyOf(loss(learned).sampling().stateDict().keySet()));
    assertTrue(loss(PAPER).sampling().stateDict().isEmpty());
  }

  @Test
  void belowTheMarginNothingIsChargedAndNothingLearned() {
    AlignmentLoss loss = loss(PAPER);
    List<Tensor> leaves = activations().stream().map(Tensor::asParameter).toList();
    try (Tape tape = Tape.open()) {
      AlignmentLoss.Terms terms = loss.of(leaves, new int[] {900, 999}, targets(loss));
      assertTrue(terms.weighted().item() > 0 && terms.weighted().item() < 0.01);
      assertEquals(0f, terms.loss().item());
      Gradients g = tape.backward(terms.loss());
      for (Tensor leaf : leaves) {
        for (float v : g.of(leaf).toArray()) {
          assertEquals(0f, v);
        }
      }
    }
  }

  /** Section 3.4: images are masked. */
  @Test
  void imageTokensGetNoGradientAtAll() {
    for (AlignmentConfig c : List.of(PAPER, REFERENCE)) {
      AlignmentLoss loss = loss(c);
      List<Tensor> leaves = activations().stream().map(Tensor::asParameter).toList();
      int video = SHAPE.videoFrames() * SHAPE.tokens() * SHAPE.hidden();
      int all = SHAPE.frames() * SHAPE.tokens() * SHAPE.hidden();
      try (Tape tape = Tape.open()) {
        Gradients g = tape.backward(loss.of(leaves, T, targets(loss)).loss());
        for (Tensor leaf : leaves) {
          float[] values = g.of(leaf).toArray();
          for (int i = 0; i < values.length; i++) {
            assertEquals(i % all < video, values[i] != 0f, "element " + i + " " + values[i]);
          }
        }
      }
    }
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    for (AlignmentConfig c : List.of(PAPER, REFERENCE, PAPER.with(Sampling.LEARNED))) {
      AlignmentLoss loss = loss(c);
      List<Tensor> leaves =
          new ArrayList<>(activations().stream().map(Tensor::asParameter).toList());
      List<Tensor> targets = targets(loss);
      loss.sampling().parameters().values().forEach(p -> leaves.add(p.value()));
      List<Tensor> states = List.copyOf(leaves.subList(0, SHAPE.depth()));
      Gradients g;
      try (Tape tape = Tape.open()) {
        g = tape.backward(loss.of(states, T, targets).loss());
      }
      for (int n = 0; n < leaves.size(); n++) {
        float[] gradient = g.of(leaves.get(n)).toArray();
        for (int i = 0; i < gradient.length; i += n < SHAPE.depth() ? 37 : 5) {
          double difference = difference(loss, states, targets, leaves.get(n), i);
          assertEquals(difference, gradient[i], 2e-4, c + " leaf " + n + " element " + i);
        }
      }
    }
  }

  private static double difference(
      AlignmentLoss loss, List<Tensor> states, List<Tensor> targets, Tensor leaf, int i) {
    float step = 1f / 64;
    float[] values = leaf.toArray();
    double[] at = new double[2];
    for (int side = 0; side < 2; side++) {
      float[] moved = values.clone();
      moved[i] += side == 0 ? step : -step;
      leaf.storage().write(moved);
      at[side] = loss.of(states, T, targets).loss().item();
    }
    leaf.storage().write(values);
    return (at[0] - at[1]) / (2 * step);
  }

  /** A clip that stands still may give features that do not vary. */
  @Test
  void whereNothingVariesTheDistanceIsOneAndTheGradientZero() {
    for (AlignmentConfig c : List.of(PAPER, REFERENCE)) {
      AlignmentLoss loss = loss(c);
      Tensor still = Tensor.full(Shape.of(B, FLOWS, WIDE, WIDTH), 0.3f);
      List<Tensor> targets = loss.layers().stream().map(j -> loss.target(still)).toList();
      List<Tensor> leaves = activations().stream().map(Tensor::asParameter).toList();
      try (Tape tape = Tape.open()) {
        AlignmentLoss.Terms terms = loss.of(leaves, T, targets);
        assertArrayEquals(new float[] {1, 1}, terms.distances().get(0).toArray(), 1e-6f);
        for (float v : tape.backward(terms.loss()).of(leaves.get(0)).toArray()) {
          assertTrue(Float.isFinite(v) && Math.abs(v) < 1e-3f, "gradient " + v);
        }
      }
    }
  }

  /** What is aligned exactly costs nothing, what is opposed twice as much as chance. */
  @Test
  void theTargetItselfIsAtDistanceZero() {
    AlignmentLoss loss = loss(PAPER);
    Tensor target = targets(loss).get(0);
    Tensor video = engine.op.layout.Layout.reshape(target, B, -1, SHAPE.hidden());
    Tensor shifted = add(scale(video, 3f), Tensor.scalar(2f));
    for (float r : loss.distance(shifted, target).toArray()) {
      assertEquals(0f, r, 1e-5f);
    }
    for (float r : loss.distance(scale(video, -1f), target).toArray()) {
      assertEquals(2f, r, 1e-5f);
    }
  }

  @Test
  void everyBackendGivesTheSameBits() {
    for (AlignmentConfig c : List.of(REFERENCE, PAPER.with(Sampling.LEARNED))) {
      List<String> seen = new ArrayList<>();
      for (Map.Entry<String, Kernels> backend : OpContract.backends().entrySet()) {
        seen.add(Backends.with(backend.getValue(), () -> bits(c)));
      }
      assertEquals(1, seen.stream().distinct().count(), seen.toString());
    }
  }

  private static String bits(AlignmentConfig c) {
    AlignmentLoss loss = loss(c);
    List<Tensor> leaves = activations().stream().map(Tensor::asParameter).toList();
    try (Tape tape = Tape.open()) {
      AlignmentLoss.Terms terms = loss.of(leaves, T, targets(loss));
      float value = terms.loss().item();
      Gradients g = tape.backward(terms.loss());
      List<Integer> hashes = new ArrayList<>();
      leaves.forEach(leaf -> hashes.add(Arrays.hashCode(g.of(leaf).toArray())));
      loss.sampling()
          .parameters()
          .values()
          .forEach(p -> hashes.add(Arrays.hashCode(g.of(p.value()).toArray())));
      return Float.floatToRawIntBits(value) + " " + hashes;
    }
  }

  @Test
  void layersOfTheThreeModels() {
    assertEquals(List.of(0, 2, 4, 6, 8, 10), layers(6));
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), layers(12));
    List<Integer> twice = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      twice.add(i / 2);
    }
    assertEquals(twice, layers(24));
    assertEquals(
        List.of(new LayerPair(1, 2), new LayerPair(3, 6), new LayerPair(5, 10)),
        LayerPair.of(Activations.ODD_BLOCKS, 6, 12));
    assertNotEquals(List.of(), LayerPair.of(Activations.SPATIAL, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> LayerPair.of(Activations.ODD_BLOCKS, 1, 12));
  }

  private static List<Integer> layers(int depth) {
    return LayerPair.of(Activations.SPATIAL, depth, 12).stream().map(LayerPair::layer).toList();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    AlignmentLoss loss = loss(PAPER);
    List<Tensor> targets = targets(loss);
    ShapeException few =
        assertThrows(ShapeException.class, () -> loss.of(activations(), T, targets.subList(0, 1)));
    assertTrue(few.getMessage().startsWith("[align] wants 3 activations"), few.getMessage());
    assertThrows(ShapeException.class, () -> loss.target(drawn(1, B, FLOWS + 1, WIDE, WIDTH)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new AlignmentLoss(PAPER, SHAPE.hiddenSizes(), 15, LAYERS));
  }
}
