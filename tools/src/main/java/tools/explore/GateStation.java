package tools.explore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.denoiser.DenoiserConfig;
import medsora.denoiser.PieceWatcher;
import medsora.flow.HsvColours;
import medsora.phantom.Phantom;
import nn.Mode;
import tools.program.EmbeddedMotion;

/**
 * Station 6: the gates between width and height (Eq. 9), how the diffusion step modulates every
 * block, the optical flow (Eq. 12) in colours (Eq. 13), and the alignment (Eq. 14 and 15).
 */
record GateStation(Alignment alignment) implements Station {
  private static final int[] STEPS = {0, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 999};
  private static final int[] PAIRS = {0, 5, 10, 15};
  private static final int PARTS = 9;

  @Override
  public String id() {
    return "gates";
  }

  @Override
  public List<Place> places() {
    return List.of(
        Place.model("gates of width and height", 9, "denoiser/SpatialMamba", "forward"),
        Place.model("shift, scale and gate of t", 0, "denoiser/MambaBlock", "modulated"),
        Place.model("flow of the phantom, exact", 5, "phantom/Phantom", "flow"),
        Place.model("flow, estimated", 12, "flow/FlowEstimator", "flow"),
        Place.model("its colours", 13, "align/AlignmentTargets", "pictures"),
        Place.model("correlation by channel", 14, "align/AlignmentLoss", "distance"),
        Place.model("g(t) and the margin", 15, "align/AlignmentLoss", "of"));
  }

  @Override
  public void write(Subject s, Arrays arrays, ObjectNode facts) {
    gates(s, arrays, facts);
    modulation(s, arrays, facts);
    flow(s, arrays, facts);
    alignment.write(s, arrays, facts.putObject("alignment"));
  }

  /** Means over the channels of a token: [blocks, 2, frames, grid, grid]. */
  private static void gates(Subject s, Arrays arrays, ObjectNode facts) {
    DenoiserConfig config = s.denoiser().config();
    int tokens = config.frames() * config.tokens();
    float[] means = new float[config.depth() * 2 * tokens];
    for (int block = 0; block < config.depth(); block++) {
      means(s.piece(block, "gate.width"), means, 2 * block * tokens);
      means(s.piece(block, "gate.height"), means, ((2 * block) + 1) * tokens);
    }
    int grid = config.grid();
    facts.set("gates", arrays.floats(means, config.depth(), 2, config.frames(), grid, grid));
  }

  private static void means(Tensor x, float[] to, int from) {
    int width = x.dim(2);
    float[] values = x.toArray();
    for (int token = 0; token < values.length / width; token++) {
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += values[(token * width) + i];
      }
      to[from + token] = (float) (sum / width);
    }
  }

  /** Root mean squares of shift, scale and gate of the three parts: [blocks, 9, steps]. */
  private static void modulation(Subject s, Arrays arrays, ObjectNode facts) {
    int depth = s.denoiser().config().depth();
    List<float[]> seen = new ArrayList<>();
    s.denoiser()
        .watch((piece, value) -> {
          if (piece.endsWith("modulation")) {
            seen.add(value.toArray());
          }
        });
    try (Tape scope = Tape.noGrad()) {
      for (int t : STEPS) {
        s.model().denoiser().forward(s.noised(), new float[] {t}, Mode.EVAL);
      }
    } finally {
      s.denoiser().watch(PieceWatcher.NONE);
    }
    float[] squares = new float[depth * PARTS * STEPS.length];
    for (int i = 0; i < seen.size(); i++) {
      for (int part = 0; part < PARTS; part++) {
        int to = ((((i % depth) * PARTS) + part) * STEPS.length) + (i / depth);
        squares[to] = rootMeanSquare(seen.get(i), part);
      }
    }
    facts.set("modulation", arrays.floats(squares, depth, PARTS, STEPS.length));
    ArrayNode steps = facts.putArray("steps");
    for (int t : STEPS) {
      steps.add(t);
    }
  }

  private static float rootMeanSquare(float[] modulation, int part) {
    int width = modulation.length / PARTS;
    double sum = 0;
    for (int i = part * width; i < (part + 1) * width; i++) {
      sum += (double) modulation[i] * modulation[i];
    }
    return (float) Math.sqrt(sum / width);
  }

  /** Flow of some pairs of frames, exact and estimated, as vectors and as colours. */
  private static void flow(Subject s, Arrays arrays, ObjectNode facts) {
    int size = s.clip().height();
    ArrayNode pairs = facts.putArray("flow");
    float[] all = s.phantom().clip(size).values();
    for (int k : PAIRS) {
      Phantom.Flow exact = s.phantom().flow(k, size);
      Tensor truth = Tensor.of(Shape.of(1, 2, size, size), exact.uv());
      try (Tape scope = Tape.noGrad()) {
        Tensor estimated =
            EmbeddedMotion.ESTIMATOR.flow(frame(all, k, size), frame(all, k + 1, size));
        ObjectNode node = pairs.addObject().put("frame", k);
        node.set("picture", arrays.frames(s.phantom().clip(size), k, k + 1));
        node.set("exact", arrays.floats(truth.toArray(), 2, size, size));
        node.set("estimated", arrays.floats(estimated.toArray(), 2, size, size));
        node.set("exactColours", colours(arrays, truth));
        node.set("estimatedColours", colours(arrays, estimated));
      }
    }
  }

  /** Frame k of [3, n, size, size] in [-1, 1] as [1, 3, size, size] in 0..255. */
  private static Tensor frame(float[] values, int k, int size) {
    int plane = size * size;
    int frames = values.length / (3 * plane);
    float[] out = new float[3 * plane];
    for (int i = 0; i < out.length; i++) {
      float v = values[(((i / plane * frames) + k) * plane) + (i % plane)];
      out[i] = (v * 127.5f) + 127.5f;
    }
    return Tensor.of(Shape.of(1, 3, size, size), out);
  }

  private static ObjectNode colours(Arrays arrays, Tensor flow) {
    float[] planes = new HsvColours().pictures(flow).toArray();
    int plane = planes.length / 3;
    int[] pixels = new int[planes.length];
    for (int i = 0; i < planes.length; i++) {
      pixels[(i % plane * 3) + (i / plane)] = (int) planes[i];
    }
    return arrays.bytes(pixels, 1, flow.dim(2), flow.dim(3), 3);
  }
}
