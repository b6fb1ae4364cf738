package tools.explore;

import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.linalg.Linalg.linear;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.autodiff.Tape;
import engine.op.attention.Attention;
import engine.op.attention.WindowSpec;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import medsora.denoiser.DenoiserConfig;

/**
 * Station 5: local attention (Eq. 6 and 7) of the clip's first frame, in the form that the model
 * runs and in the other one on the same queries and keys. The weights come out of the attention
 * that the model runs: its values are the columns of the unit matrix.
 */
record WindowStation() implements Station {
  @Override
  public String id() {
    return "window";
  }

  @Override
  public List<Place> places() {
    return List.of(
        Place.engine("which tokens are seen", 6, "op/attention/Attention", "windowed"),
        Place.engine("weights and what they gather", 7, "op/attention/Attention", "windowed"),
        Place.model("queries, keys, values", 0, "denoiser/LocalAttention", "forward"));
  }

  @Override
  public void write(Subject s, Arrays arrays, ObjectNode facts) {
    DenoiserConfig config = s.denoiser().config();
    int tokens = config.tokens();
    WindowSpec.Sliding sliding =
        new WindowSpec.Sliding(heads(config), Math.max(1, config.window()));
    WindowSpec.Bucketed bucketed =
        new WindowSpec.Bucketed(1, bucket(tokens, config.window()), 1, 1, true);
    facts.put("grid", config.grid()).put("tokens", tokens).put("window", config.window());
    facts.put("bucket", bucketed.window()).put("runs", config.switches().rotary() ? 1 : 0);
    facts.set("frame", arrays.frames(s.clip(), 0));
    ArrayNode blocks = facts.putArray("blocks");
    for (int block = 0; block < config.depth(); block++) {
      try (Tape scope = Tape.noGrad()) {
        Tensor x = slice(s.piece(block, "attention.in"), 1, 0, tokens);
        Tensor in = reshape(x, 1, tokens, config.hidden());
        Tensor q = linear(in, s.weight(block, "query_matrix.weight"), null);
        Tensor k = linear(in, s.weight(block, "key_matrix.weight"), null);
        Tensor v = linear(in, s.weight(block, "value_matrix.weight"), null);
        ArrayNode forms = blocks.addObject().putArray("forms");
        add(forms, "the paper's band", sliding, q, k, v, arrays);
        add(forms, "the released code's windows", bucketed, q, k, v, arrays);
      }
    }
  }

  /** The paper's 8, or as many as the model has. */
  private static int heads(DenoiserConfig config) {
    int paper = 8;
    return config.switches().heads() > 1 || config.hidden() % paper != 0
        ? config.switches().heads()
        : paper;
  }

  /** The largest window that divides a frame's tokens and is no larger than the model's. */
  private static int bucket(int tokens, int window) {
    int size = Math.clamp(window, 1, tokens);
    while (tokens % size != 0) {
      size--;
    }
    return size;
  }

  private static void add(
      ArrayNode forms, String name, WindowSpec spec, Tensor q, Tensor k, Tensor v, Arrays arrays) {
    int tokens = q.dim(1);
    float[] weights = weights(spec, q, k);
    ObjectNode node = forms.addObject();
    node.put("name", name).put("heads", spec.heads());
    node.put("back", spec.back()).put("forward", spec.forward());
    node.set("weights", arrays.floats(weights, spec.heads(), tokens, tokens));
    Tensor y = attend(spec, q, k, v);
    node.set("gathered", arrays.floats(y.toArray(), tokens, spec.heads(), y.dim(2) / spec.heads()));
  }

  private static Tensor attend(WindowSpec spec, Tensor q, Tensor k, Tensor v) {
    return switch (spec) {
      case WindowSpec.Sliding sliding -> Attention.windowed(q, k, v, sliding);
      case WindowSpec.Bucketed bucketed -> {
        Tensor frequencies = Attention.inverseFrequency(q.dim(2) / bucketed.heads());
        Tensor table = Attention.rotaryTable(frequencies, bucketed);
        yield Attention.windowed(q, k, v, table, bucketed);
      }
    };
  }

  /** The weights of every head [H, l, l], as many columns at a time as a head is wide. */
  static float[] weights(WindowSpec spec, Tensor q, Tensor k) {
    int tokens = q.dim(1);
    int hidden = q.dim(2);
    int heads = spec.heads();
    int width = hidden / heads;
    float[] out = new float[heads * tokens * tokens];
    for (int from = 0; from < tokens; from += width) {
      int count = Math.min(width, tokens - from);
      float[] unit = new float[tokens * hidden];
      for (int i = 0; i < count * heads; i++) {
        unit[((from + (i % count)) * hidden) + (i / count * width) + (i % count)] = 1;
      }
      Tensor v = Tensor.of(Shape.of(1, tokens, hidden), unit);
      float[] y = attend(spec, q, k, v).toArray();
      for (int row = 0; row < tokens * heads; row++) {
        int token = row / heads;
        int head = row % heads;
        int to = (((head * tokens) + token) * tokens) + from;
        System.arraycopy(y, (token * hidden) + (head * width), out, to, count);
      }
    }
    return out;
  }
}
