package tools.conform;

import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import medsora.denoiser.Denoiser;
import medsora.denoiser.DenoiserConfig;
import nn.Mode;

/**
 * {@code medsora_small}, whose weights are stored, and {@code medsora_*_formula}, whose weights
 * follow the formula: the whole network with the gradients of every parameter.
 */
final class NetworkFamily implements Family {
  /** All depends on t, whose frequencies are float32 in the released code. */
  static final Limits LIMITS = name -> 5e-4;

  private static final int MAX_DEPTH = 1000;
  private static final Map<String, Integer> DEPTHS =
      Map.of("MedSora-S", 6, "MedSora-B", 12, "MedSora-L", 24, "MedSora-XL", 48);
  private static final DenoiserConfig RELEASED = MambaSizes.RELEASED;

  @Override
  public void check(Check check) throws IOException {
    FixtureFile file = check.file();
    boolean stored = !file.namesUnder("param.").isEmpty();
    Denoiser network = new Denoiser(stored ? storedConfig(file) : formulaConfig(file));
    ModuleCheck module = new ModuleCheck(check, network);
    if (stored) {
      module.loadParameters();
    } else {
      module.formulaParameters();
    }
    try (Tape tape = Tape.open()) {
      Denoiser.Output y = network.forward(module.input("x"), file.steps("in.t"), Mode.EVAL);
      Map<String, Tensor> out = new LinkedHashMap<>();
      out.put("y", y.prediction());
      for (int i = 0; i < network.config().depth(); i++) {
        firstFrames(file, "block" + i, y.blocks().get(i), out);
        firstFrames(file, "local" + i, y.spatial().get(i), out);
      }
      module.outputs(tape, out);
    }
  }

  /** The file holds the first frames [b, k, l, D] of the tokens [b, f*l, D]. */
  private static void firstFrames(
      FixtureFile file, String name, Tensor tokens, Map<String, Tensor> out) {
    if (file.contains("out." + name)) {
      Shape held = file.shape("out." + name, 4);
      int frames = tokens.dim(1) / held.dim(2);
      Tensor all = reshape(tokens, tokens.dim(0), frames, held.dim(2), tokens.dim(2));
      out.put(name, slice(all, 1, 0, held.dim(1)));
    }
  }

  private static DenoiserConfig storedConfig(FixtureFile file) {
    int depth = blocks(file, "param.");
    UnfitException.unless(depth > 0, "no param.blocks.*");
    int patch = file.shape("param.x_embedder.proj.weight", 4).dim(2);
    MambaSizes sizes = MambaSizes.of(file, "param.blocks.0.mamba_hw.");
    return sizes.network(file, frames(file, patch), depth, switches(file));
  }

  private static DenoiserConfig formulaConfig(FixtureFile file) {
    String model = file.metadata("model").orElse("");
    boolean named = DEPTHS.containsKey(model);
    UnfitException.unless(
        model.isEmpty() || named, "metadata model='%s' is none of %s", model, DEPTHS.keySet());
    int depth = named ? DEPTHS.get(model) : file.number("depth");
    int hidden = named ? RELEASED.hidden() : file.number("hidden");
    int state = named ? RELEASED.stateSize() : file.number("d_state");
    UnfitException.unless(depth > 0 && depth <= MAX_DEPTH, "no network has %d blocks", depth);
    int stored = blocks(file, "gradstat.");
    UnfitException.unless(
        stored == 0 || stored == depth, "depth %d, but gradients of %d blocks", depth, stored);
    MambaSizes sizes = MambaSizes.ofMetadata(file, hidden, state);
    int patch = file.number("patch_size", RELEASED.patch());
    return sizes.network(file, frames(file, patch), depth, switches(file));
  }

  private static int blocks(FixtureFile file, String prefix) {
    Set<String> indices =
        file.namesUnder(prefix + "blocks.").stream()
            .map(name -> name.substring(0, Math.max(0, name.indexOf('.'))))
            .collect(Collectors.toSet());
    return indices.size();
  }

  private static MambaSizes.Frames frames(FixtureFile file, int patch) {
    Shape x = file.shape("in.x", 5);
    UnfitException.unless(
        x.dim(3) == x.dim(4) && patch > 0 && x.dim(3) % patch == 0,
        "in.x=%s: the network wants square frames of whole patches of %d",
        x,
        patch);
    int video = Math.min(file.number("latent_num_frames", RELEASED.videoFrames()), x.dim(1));
    return new MambaSizes.Frames(x.dim(1), video, x.dim(2), x.dim(3) / patch, patch);
  }

  /** As released; whether the variance is learned shows in the output. */
  private static DenoiserConfig.Switches switches(FixtureFile file) {
    boolean learned = file.shape("out.y", 5).dim(2) == 2 * file.shape("in.x", 5).dim(2);
    DenoiserConfig.Switches s = RELEASED.switches();
    return new DenoiserConfig.Switches(
        s.heads(), s.attentionOutput(), s.rotary(), s.attentionDropout(), s.trueSpiral(), learned);
  }
}
