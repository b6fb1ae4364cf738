package tools.explore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.denoiser.DenoiserConfig;
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
  public List<Place> places() {
    return List.of(
        Place.model("pixels to latents", 0, "vae/Encoder", "forward"),
        Place.model("noise on the latents", 1, "diffusion/NoiseLoss", "noised"),
        Place.model("latents to tokens", 0, "denoiser/PatchEmbedding", "forward"),
        Place.model("a block", 0, "denoiser/MambaBlock", "modulated"),
        Place.model("the loss", 17, "diffusion/NoiseLoss", "terms"));
  }

  @Override
  public void write(Subject s, Arrays arrays, ObjectNode facts) {
    Schedule schedule = Schedule.full();
    facts.put("step", s.step()).put("loss", s.loss());
    facts.put("share", schedule.sqrtAlphaCumprod(s.step()));
    facts.put("noise", schedule.sqrtOneMinusAlphaCumprod(s.step()));
    sizes(s, facts);
    facts.set("frames", arrays.frames(s.clip(), 0, 5, 10, 15));
    Stops to = new Stops(arrays, facts.putArray("stops"));
    to.add(
        "pixels",
        Place.model("the clip x, in [-1, 1]", 0, "media/Clip", "tensor"),
        s.clip().tensor());
    encoder(s)
        .forEach((stage, x) ->
            to.add("latents", Place.model("encoder, " + stage, 0, "vae/Encoder", "forward"), x));
    to.add("latents", Place.model("z_0: clip and images", 0, "Autoencoder", "encode"), s.start());
    to.add("noise", Place.model("the noise eps", 1, "diffusion/NoiseLoss", "noised"), s.noise());
    to.add("noise", Place.model("z_t", 1, "diffusion/NoiseLoss", "noised"), s.noised());
    to.add(
        "tokens",
        Place.model("tokens, with their places", 0, "denoiser/PatchEmbedding", "forward"),
        s.piece("tokens"));
    to.add(
        "tokens",
        Place.model("t as a vector", 0, "denoiser/TimestepEmbedding", "forward"),
        s.piece("step"));
    for (int i = 0; i < s.denoiser().config().depth(); i++) {
      block(s, i, to);
    }
    to.add(
        "loss", Place.model("predicted noise", 0, "denoiser/Denoiser", "forward"), s.prediction());
    to.add("loss", Place.model("squared error", 17, "diffusion/NoiseLoss", "terms"), error(s));
  }

  /** How large the clip is as pixels, as latents and as tokens. */
  private static void sizes(Subject s, ObjectNode facts) {
    DenoiserConfig config = s.denoiser().config();
    Shape latents = s.start().shape();
    facts.put("pixels", s.clip().tensor().size());
    facts.put("latents", latents.size() / latents.dim(1) * config.videoFrames());
    facts.put("videoFrames", config.videoFrames());
    facts.put("images", config.frames() - config.videoFrames());
    facts.put("tokens", config.grid() * config.grid()).put("patch", config.patch());
    facts.put("width", config.hidden());
  }

  private static void block(Subject s, int i, Stops to) {
    String in = "block " + i + ": ";
    to.add(
        "blocks",
        Place.model(in + "into attention", 6, "denoiser/LocalAttention", "forward"),
        s.piece(i, "attention.in"));
    to.add(
        "blocks",
        Place.model(in + "of attention", 7, "denoiser/LocalAttention", "forward"),
        s.piece(i, "attention.out"));
    to.add(
        "blocks",
        Place.model(in + "x, B, C, dt along the walks", 3, "denoiser/MambaMixer", "mix"),
        s.piece(i, "mamba_hw.rows"));
    to.add(
        "blocks",
        Place.engine(in + "of the four spatial scans", 3, "op/scan/Scan", "ssdScan"),
        s.piece(i, "mamba_hw.y"));
    to.add(
        "blocks",
        Place.model(in + "of spatial Mamba, fused", 9, "denoiser/GatedFusion", "forward"),
        s.piece(i, "mamba_hw.out"));
    to.add(
        "blocks",
        Place.model(in + "of temporal Mamba", 10, "denoiser/TemporalMamba", "forward"),
        s.piece(i, "mamba_f.out"));
    to.add(
        "blocks",
        Place.model(in + "out", 0, "denoiser/MambaBlock", "modulated"),
        s.piece(i, "out"));
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
    void add(String part, Place place, Tensor x) {
      ObjectNode node = nodes.addObject().put("part", part);
      place.write(node);
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
