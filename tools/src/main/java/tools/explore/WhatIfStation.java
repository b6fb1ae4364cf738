package tools.explore;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.Generator;
import medsora.denoiser.Denoiser;
import medsora.denoiser.DenoiserConfig;
import medsora.diffusion.Drawing;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Sampler;
import medsora.diffusion.VelocityNetwork;
import medsora.media.Clip;
import medsora.metric.FrameQuality;
import medsora.metric.PowerSpectrum;

/**
 * Station 8: samples under other steps, seeds and samplers, and of the same weights with another
 * window or scan order than they were trained for.
 *
 * @param steps to try, fewest first
 * @param seeds how many, from the subject's on
 */
record WhatIfStation(List<Integer> steps, int seeds) implements Station {
  private static final int[] SHOWN = {0, 15};
  private static final String TRAINED = "as trained";

  @Override
  public String id() {
    return "whatif";
  }

  @Override
  public List<Place> places() {
    return List.of(
        Place.model("samplers", 2, "diffusion/Sampler", "sample"),
        Place.model("a sample of a seed", 0, "Generator", "latents"),
        Place.model("scan orders", 8, "denoiser/Spiral", "path"),
        Place.model("sharpness", 0, "metric/PowerSpectrum", "sharpness"));
  }

  @Override
  public void write(Subject s, Arrays arrays, ObjectNode facts) {
    Map<String, NoisePredictor> networks = networks(s);
    Map<String, Sampler.Method> methods = new LinkedHashMap<>();
    methods.put("DDIM", new Sampler.Method.Ddim(0));
    methods.put("DPM-Solver++ (2M)", new Sampler.Method.DpmSolver());
    steps.forEach(facts.putArray("steps")::add);
    networks.keySet().forEach(facts.putArray("networks")::add);
    methods.keySet().forEach(facts.putArray("samplers")::add);
    facts.put("clipMotion", motion(s.clip()));
    ArrayNode seedNodes = facts.putArray("seeds");
    ArrayNode runs = facts.putArray("runs");
    for (long seed = s.seed(); seed < s.seed() + seeds; seed++) {
      seedNodes.add(seed);
      Clip reference =
          sampled(s, networks.get(TRAINED), methods.get("DDIM"), steps.getLast(), seed);
      for (String network : networks.keySet()) {
        for (String method : methods.keySet()) {
          for (int n : steps) {
            Clip clip = sampled(s, networks.get(network), methods.get(method), n, seed);
            ObjectNode node = runs.addObject();
            node.put("seed", seed).put("network", network).put("sampler", method).put("steps", n);
            figures(clip, reference, s.clip(), node);
            node.set("frames", arrays.frames(clip, SHOWN));
          }
        }
      }
    }
  }

  private static Clip sampled(
      Subject s, NoisePredictor network, Sampler.Method method, int steps, long seed) {
    Drawing drawing = s.model().config().recipe().drawing();
    Generator.Settings settings = new Generator.Settings(steps, method);
    Tensor latents =
        new Generator(network, s.model().autoencoder(), settings, drawing)
            .latents(seed, 0, (index, sample, start) -> {});
    return DenoisingStation.decoded(s, latents).shown();
  }

  /** How near to the reference of its seed, how sharp against the clip, how much it moves. */
  private static void figures(Clip clip, Clip reference, Clip data, ObjectNode node) {
    List<byte[]> frames = clip.frames();
    double off = 0;
    for (int i = 0; i < frames.size(); i++) {
      off += FrameQuality.squaredError(frames.get(i), reference.frames().get(i)) / frames.size();
    }
    node.put("difference", Math.sqrt(off)).put("motion", motion(clip));
    PowerSpectrum own = PowerSpectrum.of(List.of(clip));
    node.put("sharpness", own.sharpness(PowerSpectrum.of(List.of(data))));
  }

  /** How much a pixel changes from one frame to the next, root mean square, 0 to 255. */
  private static double motion(Clip clip) {
    List<byte[]> frames = clip.frames();
    double squares = 0;
    for (int i = 1; i < frames.size(); i++) {
      squares += FrameQuality.squaredError(frames.get(i), frames.get(i - 1)) / (frames.size() - 1);
    }
    return Math.sqrt(squares);
  }

  /** The model, and its weights in networks that differ in one choice. */
  private static Map<String, NoisePredictor> networks(Subject s) {
    DenoiserConfig config = s.denoiser().config();
    Map<String, NoisePredictor> networks = new LinkedHashMap<>();
    networks.put(TRAINED, s.model().denoiser());
    if (!config.switches().rotary()) {
      int wide = 2 * config.window();
      networks.put("window " + wide, of(s, config.withWindow(wide)));
    }
    boolean spiral = config.switches().trueSpiral();
    String order = spiral ? "the released code's order" : "the paper's spiral";
    networks.put(order, of(s, config.with(ScanStation.switches(config, !spiral))));
    return networks;
  }

  private static NoisePredictor of(Subject s, DenoiserConfig config) {
    Denoiser other = new Denoiser(config, s.denoiser().labels());
    var weights = s.denoiser().parameters();
    other.parameters().forEach((name, p) -> p.write(weights.get(name).value().toArray()));
    boolean velocity = s.model().denoiser() instanceof VelocityNetwork;
    return velocity ? new VelocityNetwork(other) : other;
  }
}
