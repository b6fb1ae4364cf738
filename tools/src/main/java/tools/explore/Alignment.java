package tools.explore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.autodiff.Tape;
import engine.tensor.Shape;
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
 * @param networks flow, colours and features
 */
record Alignment(AlignmentConfig config, FrozenNetworks networks) {
  private static final int FLOWS = 16;
  private static final int[] STEPS = {0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 400, 999};

  void write(Subject s, Arrays arrays, ObjectNode facts) {
    NoisePredictor.Hidden shape = s.model().denoiser().hidden();
    AlignmentLoss loss = new AlignmentLoss(config, shape, FLOWS, networks.layers());
    AlignmentTargets targets = new AlignmentTargets(config, networks, loss);
    int size = s.clip().height();
    try (Tape scope = Tape.noGrad()) {
      Tensor pictures = targets.pictures(s.phantom().clip(size).values(), size);
      features(pictures, arrays, facts);
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
    facts.put("margin", config.margin());
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

  /** The last layer's features of four pictures on their two principal axes: [4, tokens, 2]. */
  private void features(Tensor pictures, Arrays arrays, ObjectNode facts) {
    Tensor last = networks.extractor().features(AlignmentTargets.seen(pictures, config)).getLast();
    int tokens = last.dim(1);
    int width = last.dim(2);
    float[] values = last.toArray();
    List<float[]> rows = new ArrayList<>();
    int count = 4 * tokens;
    for (int i = 0; i < count; i++) {
      int picture = i / tokens * 5;
      int from = ((picture * tokens) + (i % tokens)) * width;
      rows.add(java.util.Arrays.copyOfRange(values, from, from + width));
    }
    PrincipalAxes axes = PrincipalAxes.of(FeatureRows.of("features", rows));
    float[] points = new float[count * 2];
    for (int i = 0; i < count; i++) {
      points[2 * i] = (float) axes.points().get(i)[0];
      points[(2 * i) + 1] = (float) axes.points().get(i)[1];
    }
    facts.set("features", arrays.floats(Tensor.of(Shape.of(4, tokens, 2), points)));
    facts.put("featureGrid", (int) Math.round(Math.sqrt(tokens)));
  }
}
