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

  /** How the last stop of a block is called. */
  static final String OUT = "tokens as they leave the block";

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
    new BlockShapes(s).write(facts.putObject("block"));
    Stops to = new Stops(arrays, facts.putArray("stops"));
    pixels(s, to);
    noise(s, to);
    tokens(s, to);
    int depth = s.denoiser().config().depth();
    for (int i = 0; i < depth; i++) {
      block(s, i, to);
    }
    loss(s, to);
  }

  private static void pixels(Subject s, Stops to) {
    to.add(
        "pixels",
        Place.model("the clip x, each colour from -1 to 1", 0, "media/Clip", "tensor"),
        Axes.PLACES,
        s.clip().tensor());
    encoder(s)
        .forEach((stage, x) ->
            to.add(
                "latents",
                Place.model(encoderStage(stage), 0, "vae/Encoder", "forward"),
                Axes.PLACES,
                x));
    to.add(
        "latents",
        Place.model("latents of the clip and of the images, z_0", 0, "Autoencoder", "encode"),
        Axes.PLACES,
        s.start());
  }

  /** What a stage of the encoder is called where it is read. */
  private static String encoderStage(String stage) {
    String level = "down_blocks.";
    return stage.startsWith(level)
        ? "behind level "
            + (1 + Integer.parseInt(stage.substring(level.length())))
            + " of the encoder"
        : "behind the last blocks of the encoder";
  }

  private static void noise(Subject s, Stops to) {
    to.add(
        "noise",
        Place.model("the noise alone, eps", 1, "diffusion/NoiseLoss", "noised"),
        Axes.PLACES,
        s.noise());
    to.add(
        "noise",
        Place.model("latents with noise mixed in, z_t", 1, "diffusion/NoiseLoss", "noised"),
        Axes.PLACES,
        s.noised());
  }

  private static void tokens(Subject s, Stops to) {
    to.add(
        "tokens",
        Place.model(
            "patches as tokens, marked with their places", 0, "denoiser/PatchEmbedding", "forward"),
        Axes.TOKENS,
        s.piece("tokens"));
    to.add(
        "tokens",
        Place.model("the step t as a list of numbers", 0, "denoiser/TimestepEmbedding", "forward"),
        Axes.STEP,
        s.piece("step"));
  }

  private static void loss(Subject s, Stops to) {
    to.add(
        "loss",
        Place.model("the noise that the network sees", 0, "denoiser/Denoiser", "forward"),
        Axes.PLACES,
        s.prediction());
    to.add(
        "loss",
        Place.model(
            "squared error of each number; its mean is the loss",
            17,
            "diffusion/NoiseLoss",
            "terms"),
        Axes.PLACES,
        error(s));
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
    String in = "block " + i + ", ";
    to.add(
        "blocks",
        Place.model(in + "tokens as attention gets them", 6, "denoiser/LocalAttention", "forward"),
        Axes.TOKENS,
        s.piece(i, "attention.in"));
    to.add(
        "blocks",
        Place.model(in + "answer of local attention", 7, "denoiser/LocalAttention", "forward"),
        Axes.TOKENS,
        s.piece(i, "attention.out"));
    to.add(
        "blocks",
        Place.model(
            in + "what the spatial scans read: x, B, C and dt", 3, "denoiser/MambaMixer", "mix"),
        Axes.STEPS,
        s.piece(i, "mamba_hw.rows"));
    to.add(
        "blocks",
        Place.engine(in + "what the four spatial scans answer", 3, "op/scan/Scan", "ssdScan"),
        Axes.STEPS,
        s.piece(i, "mamba_hw.y"));
    to.add(
        "blocks",
        Place.model(
            in + "answer of spatial Mamba, width and height joined",
            9,
            "denoiser/GatedFusion",
            "forward"),
        Axes.TOKENS,
        s.piece(i, "mamba_hw.out"));
    to.add(
        "blocks",
        Place.model(in + "answer of temporal Mamba", 10, "denoiser/TemporalMamba", "forward"),
        Axes.TOKENS,
        s.piece(i, "mamba_f.out"));
    to.add(
        "blocks",
        Place.model(in + OUT, 0, "denoiser/MambaBlock", "modulated"),
        Axes.TOKENS,
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

  /**
   * What the last two axes of values are.
   *
   * @param down of the axis before the last
   * @param across of the last axis
   */
  private record Axes(String down, String across) {
    static final Axes PLACES = new Axes("row", "column");
    static final Axes TOKENS = new Axes("token", "channel");
    static final Axes STEPS = new Axes("step of the sequence", "channel");
    static final Axes STEP = new Axes("clip", "channel");
  }

  /** Writes stops of the way: name, shape, figures, and the first plane of the values. */
  private record Stops(Arrays arrays, ArrayNode nodes) {
    void add(String part, Place place, Axes axes, Tensor x) {
      ObjectNode node = nodes.addObject().put("part", part);
      node.put("down", axes.down()).put("across", axes.across());
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
