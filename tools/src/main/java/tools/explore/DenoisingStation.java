package tools.explore;

import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.slice;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.Generator;
import medsora.config.Recipe;
import medsora.diffusion.Drawing;
import medsora.diffusion.Sampler;
import medsora.diffusion.Schedule;
import medsora.media.Clip;

/**
 * Station 2: one sample by DDIM and by DPM-Solver++, step by step; the bits are those of {@code
 * ./run sample} with that seed, sampler and number of steps.
 *
 * @param ddim steps of DDIM
 * @param multistep steps of DPM-Solver++
 */
record DenoisingStation(int ddim, int multistep) implements Station {
  private static final int CHANNELS = 4;
  private static final int[] SHOWN = {0, 5, 10, 15};

  @Override
  public String id() {
    return "denoising";
  }

  @Override
  public List<Place> places() {
    return List.of(
        Place.model("the walk from noise to a sample", 2, "diffusion/Sampler", "sample"),
        Place.model("factors of the multistep solver", 2, "diffusion/MultistepTable", "dpmSolver"),
        Place.model("alpha and sigma", 1, "diffusion/Schedule", "sqrtAlphaCumprod"),
        Place.model("latents to frames", 0, "vae/Decoder", "forward"));
  }

  @Override
  public void write(Subject s, Arrays arrays, ObjectNode facts) {
    facts.put("seed", s.seed());
    Recipe recipe = s.model().config().recipe();
    facts.put("velocity", recipe.output() == Recipe.Output.VELOCITY);
    facts.put("gain", recipe.gain()).put("tilt", recipe.tilt()).put("bound", recipe.bound());
    facts.put("skipWeight", recipe.skipWeight()).put("skipBlock", recipe.skipBlock());
    ArrayNode runs = facts.putArray("runs");
    walk(s, "DDIM", "ddim", new Sampler.Method.Ddim(0), ddim, arrays, runs.addObject());
    Sampler.Method solver = new Sampler.Method.DpmSolver();
    walk(s, "DPM-Solver++ (2M)", "dpmpp", solver, multistep, arrays, runs.addObject());
  }

  private static void walk(
      Subject s,
      String name,
      String option,
      Sampler.Method method,
      int steps,
      Arrays arrays,
      ObjectNode run) {
    Recorder recorder = new Recorder(s.model().denoiser());
    Generator.Settings settings = new Generator.Settings(steps, method);
    Drawing drawing = s.model().config().recipe().drawing();
    Generator generator = new Generator(recorder, s.model().autoencoder(), settings, drawing);
    List<Tensor> starts = new ArrayList<>();
    generator.latents(s.seed(), 0, (index, sample, start) -> starts.add(Subject.copy(start)));
    run.put("name", name).put("option", option);
    ArrayNode nodes = run.putArray("steps");
    Schedule full = Schedule.full();
    for (int i = 0; i < starts.size(); i++) {
      Recorder.Asked asked = recorder.asked().get(i);
      ObjectNode node = nodes.addObject();
      node.put("t", asked.t());
      node.put("alpha", full.sqrtAlphaCumprod(asked.t()));
      node.put("sigma", full.sqrtOneMinusAlphaCumprod(asked.t()));
      node.put("lambda", full.lambda(asked.t()));
      node.set("factors", factors(recorder.asked(), i, method));
      node.set("x", planes(arrays, asked.x()));
      node.set("noise", planes(arrays, asked.noise()));
      node.set("start", arrays.frames(decoded(s, starts.get(i)), SHOWN));
      node.put("deviation", deviation(asked.x())).put("noiseDeviation", deviation(asked.noise()));
    }
  }

  /**
   * How a step leads to the next: x' = a x_t + b x_0 + c x_0 of the step before, with a = sigma' /
   * sigma and b = alpha' - alpha a. DPM-Solver++ (2M) takes b (1 + r) and c = -b r with r half of
   * this step's way in lambda over that of the last one; behind the last step x' is x_0.
   */
  private static ArrayNode factors(List<Recorder.Asked> asked, int i, Sampler.Method method) {
    ArrayNode factors = JsonNodeFactory.instance.arrayNode();
    if (i + 1 == asked.size()) {
      return factors.add(0).add(1).add(0);
    }
    Schedule full = Schedule.full();
    int t = asked.get(i).t();
    int next = asked.get(i + 1).t();
    double sample = full.sqrtOneMinusAlphaCumprod(next) / full.sqrtOneMinusAlphaCumprod(t);
    double start = full.sqrtAlphaCumprod(next) - (full.sqrtAlphaCumprod(t) * sample);
    double ratio = 0;
    if (i > 0 && method instanceof Sampler.Method.DpmSolver) {
      double way = full.lambda(next) - full.lambda(t);
      ratio = 0.5 * way / (full.lambda(t) - full.lambda(asked.get(i - 1).t()));
    }
    return factors.add(sample).add(start * (1 + ratio)).add(-start * ratio);
  }

  /** The video's part of latents [1, F, C, h, w] as frames. */
  static Clip decoded(Subject s, Tensor latents) {
    try (Tape scope = Tape.noGrad()) {
      Tensor video = slice(latents, 1, 0, s.model().denoiser().latents().videoFrames());
      return s.model().autoencoder().decode("sample", permute(video, 0, 2, 1, 3, 4), null);
    }
  }

  /** The first channels of the first latent frame: [4, h, w], fewer where there are fewer. */
  private static ObjectNode planes(Arrays arrays, Tensor x) {
    int h = x.dim(3);
    int w = x.dim(4);
    int channels = Math.min(CHANNELS, x.dim(2));
    float[] first = java.util.Arrays.copyOf(x.toArray(), channels * h * w);
    return arrays.floats(first, channels, h, w);
  }

  private static double deviation(Tensor x) {
    double squares = 0;
    for (float v : x.toArray()) {
      squares += (double) v * v;
    }
    return Math.sqrt(squares / x.size());
  }
}
