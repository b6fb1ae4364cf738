package tools.explore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.diffusion.Schedule;
import medsora.vae.StageWatcher;
import medsora.vae.Vae;
import nn.Mode;

/** Station 1: a clip's way from pixels to the loss, as in docs/tour.md. */
record WayStation() implements Station {
  /** Values of a stop that the page holds: one plane, no longer or wider than this. */
  private static final int SIDE = 64;

  @Override
  public String id() {
    return "way";
  }

  @Override
  public void write(Subject s, Arrays arrays, ObjectNode facts) {
    Schedule schedule = Schedule.full();
    facts.put("step", s.step()).put("loss", s.loss());
    facts.put("share", schedule.sqrtAlphaCumprod(s.step()));
    facts.put("noise", schedule.sqrtOneMinusAlphaCumprod(s.step()));
    facts.set("frames", arrays.frames(s.clip(), 0, 5, 10, 15));
    ArrayNode stops = facts.putArray("stops");
    Stops to = new Stops(arrays, stops);
    to.add("pixels", "the clip x, in [-1, 1]", "", "media/Clip#tensor", s.clip().tensor());
    encoder(s)
        .forEach(
            (stage, x) -> to.add("latents", "encoder, " + stage, "", "vae/Encoder#forward", x));
    to.add("latents", "z_0: clip and images", "", "Autoencoder#encode", s.start());
    to.add("noise", "the noise eps", "Eq. 1", "diffusion/NoiseLoss#noised", s.noise());
    to.add("noise", "z_t", "Eq. 1", "diffusion/NoiseLoss#noised", s.noised());
    for (int i = 0; i < s.denoiser().config().depth(); i++) {
      block(s, i, to);
    }
    to.add("loss", "predicted noise", "Eq. 2", "denoiser/Denoiser#forward", s.prediction());
    to.add("loss", "squared error", "Eq. 17", "diffusion/NoiseLoss#terms", error(s));
  }

  private static void block(Subject s, int i, Stops to) {
    String name = "block " + i + ": ";
    to.add(
        "blocks",
        name + "into attention",
        "Eq. 6",
        "denoiser/LocalAttention#forward",
        s.piece(i, "attention.in"));
    to.add(
        "blocks",
        name + "of attention",
        "Eq. 7",
        "denoiser/LocalAttention#forward",
        s.piece(i, "attention.out"));
    to.add(
        "blocks",
        name + "x, B, C, dt along the walks",
        "Eq. 8",
        "denoiser/MambaMixer#mix",
        s.piece(i, "mamba_hw.rows"));
    to.add(
        "blocks",
        name + "of the four spatial scans",
        "Eq. 3",
        "denoiser/MambaMixer#mix",
        s.piece(i, "mamba_hw.y"));
    to.add(
        "blocks",
        name + "of spatial Mamba, fused",
        "Eq. 9",
        "denoiser/GatedFusion#forward",
        s.piece(i, "mamba_hw.out"));
    to.add(
        "blocks",
        name + "of temporal Mamba",
        "Eq. 10",
        "denoiser/TemporalMamba#forward",
        s.piece(i, "mamba_f.out"));
    to.add("blocks", name + "out", "", "denoiser/MambaBlock#modulated", s.piece(i, "out"));
  }

  /** What the stages of the encoder give for the first chunk. */
  private static Map<String, Tensor> encoder(Subject s) {
    Map<String, Tensor> seen = new LinkedHashMap<>();
    Vae vae = s.vae();
    vae.watch((stage, x) -> seen.putIfAbsent(stage.replace("encoder.", ""), Subject.copy(x)));
    try (Tape scope = Tape.noGrad()) {
      vae.encode(s.clip().tensor(), Mode.EVAL);
    } finally {
      vae.watch(StageWatcher.NONE);
    }
    return seen;
  }

  private static Tensor error(Subject s) {
    float[] eps = s.prediction().toArray();
    float[] noise = s.noise().toArray();
    for (int i = 0; i < eps.length; i++) {
      float off = noise[i] - eps[i];
      eps[i] = off * off;
    }
    return Tensor.of(s.noise().shape(), eps);
  }

  /** Writes stops of the way: name, shape, figures, and the first plane of the values. */
  private record Stops(Arrays arrays, ArrayNode nodes) {
    void add(String part, String name, String equation, String method, Tensor x) {
      ObjectNode node = nodes.addObject();
      node.put("part", part).put("name", name).put("equation", equation).put("method", method);
      node.put("shape", x.shape().toString());
      float[] v = x.toArray();
      double sum = 0;
      double squares = 0;
      float least = v[0];
      float most = v[0];
      for (float value : v) {
        sum += value;
        squares += (double) value * value;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      double mean = sum / v.length;
      node.put("mean", mean).put("min", least).put("max", most);
      node.put("deviation", Math.sqrt(Math.max(0, (squares / v.length) - (mean * mean))));
      node.set("plane", plane(x.shape(), v));
    }

    /**
     * The first of the planes that the last two axes make, cut where it is larger than a picture.
     */
    private ObjectNode plane(Shape shape, float[] v) {
      int rank = shape.rank();
      int width = shape.dim(rank - 1);
      int rows = Math.min(SIDE, shape.dim(rank - 2));
      int columns = Math.min(SIDE, width);
      float[] out = new float[rows * columns];
      for (int r = 0; r < rows; r++) {
        System.arraycopy(v, r * width, out, r * columns, columns);
      }
      return arrays.floats(out, rows, columns);
    }
  }
}
