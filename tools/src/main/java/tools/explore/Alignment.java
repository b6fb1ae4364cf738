package tools.explore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.align.AlignmentConfig;
import medsora.align.AlignmentLoss;
import medsora.align.AlignmentTargets;
import medsora.align.FrozenNetworks;
import medsora.align.LayerPair;
import medsora.diffusion.NoisePredictor;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.PrincipalAxes;
import nn.Mode;

/**
 * The alignment of a clip: features of the pictures of its flow, their correlation with the blocks
 * by channel (Eq. 14), and the loss as t goes (Eq. 15).
 *
 * @param features with the flow and the colours that they are of
 */
record Alignment(AlignmentConfig config, Features features) {
  private static final int FLOWS = 16;

  /** Pictures whose features are shown, by the first frame of each. */
  private static final int[] SHOWN = {0, 5, 10, 15};

  /** One for each of red, green and blue. */
  private static final int AXES = 3;

  private static final int[] STEPS = {0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 400, 999};

  void write(Subject s, Arrays arrays, ObjectNode facts) {
    NoisePredictor.Hidden shape = s.model().denoiser().hidden();
    AlignmentLoss loss = new AlignmentLoss(config, shape, FLOWS, features.networks().layers());
    AlignmentTargets targets = new AlignmentTargets(config, features.networks(), loss);
    int size = s.clip().height();
    try (Tape scope = Tape.noGrad()) {
      Tensor pictures = targets.pictures(s.phantom().clip(size).values(), size);
      axes(pictures, arrays, facts);
      List<Tensor> of = targets.of(pictures);
      NoisePredictor.Output output =
          s.model().denoiser().forward(s.noised(), new float[] {s.step()}, Mode.EVAL);
      List<Tensor> activations = output.hidden(activations());
      ArrayNode pairs = facts.putArray("pairs");
      for (LayerPair pair : loss.pairs()) {
        Tensor target = of.get(loss.layers().indexOf(pair.layer()));
        float[] r = loss.distance(activations.get(pair.block()), target).toArray();
        ObjectNode node = pairs.addObject();
        node.put("block", pair.block()).put("layer", pair.layer());
        node.set("distance", arrays.floats(r, r.length));
      }
      losses(loss, output, of, facts);
    }
  }

  private String activations() {
    return config.activations() == AlignmentConfig.Activations.SPATIAL
        ? NoisePredictor.SPATIAL
        : NoisePredictor.BLOCKS;
  }

  /** g(t) times the mean distance, and what is left of it above the margin, as t goes. */
  private void losses(
      AlignmentLoss loss, NoisePredictor.Output output, List<Tensor> targets, ObjectNode facts) {
    facts.put("margin", config.margin()).put("source", features.source());
    facts.put("trained", config.enabled());
    ArrayNode nodes = facts.putArray("losses");
    for (int t : STEPS) {
      AlignmentLoss.Terms terms = loss.of(output, targets, new int[] {t});
      nodes
          .addObject()
          .put("t", t)
          .put("weighted", terms.weighted().item())
          .put("loss", terms.loss().item());
    }
  }

  /** The last layer's features of four pictures on their three principal axes: [4, tokens, 3]. */
  private void axes(Tensor pictures, Arrays arrays, ObjectNode facts) {
    FrozenNetworks networks = features.networks();
    Tensor last = networks.extractor().features(AlignmentTargets.seen(pictures, config)).getLast();
    int tokens = last.dim(1);
    int width = last.dim(2);
    float[] values = last.toArray();
    List<float[]> rows = new ArrayList<>();
    int count = SHOWN.length * tokens;
    for (int i = 0; i < count; i++) {
      int from = ((SHOWN[i / tokens] * tokens) + (i % tokens)) * width;
      rows.add(java.util.Arrays.copyOfRange(values, from, from + width));
    }
    PrincipalAxes axes = PrincipalAxes.of(AXES, FeatureRows.of("features", rows));
    double[] points = axes.points().stream().flatMapToDouble(java.util.Arrays::stream).toArray();
    facts.set("features", arrays.floats(points, SHOWN.length, tokens, AXES));
    facts.set("pictures", shown(pictures, arrays));
    facts.put("featureGrid", (int) Math.round(Math.sqrt(tokens))).put("width", width);
    for (double share : axes.shares()) {
      facts.withArray("shares").add(share);
    }
    for (int i : SHOWN) {
      facts.withArray("frames").add(i);
    }
  }

  /** The pictures that the features are of: [4, size, size, 3]. */
  private static ObjectNode shown(Tensor pictures, Arrays arrays) {
    int size = pictures.dim(2);
    int plane = size * size;
    float[] values = pictures.toArray();
    int[] pixels = new int[SHOWN.length * plane * 3];
    for (int i = 0; i < pixels.length; i++) {
      int from = ((SHOWN[i / (3 * plane)] * 3) + (i % 3)) * plane;
      pixels[i] = (int) values[from + (i / 3 % plane)];
    }
    return arrays.bytes(pixels, SHOWN.length, size, size, 3);
  }
}
