package tools.conform;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.denoiser.Parts;
import nn.Module;

/** {@code embed}: patches, timesteps and position tables. */
final class EmbedFamily implements Family {
  static final Limits LIMITS =
      Limits.noise(3.5e-7)
          .except(n -> n.contains("t_embedder") || n.equals("out.t_freq"), 1e-4)
          .except(n -> n.equals("out.t_emb"), 1e-4);

  private static final String PATCHES = "x_embedder.proj.weight";
  private static final String STEPS = "t_embedder.mlp.2.weight";

  @Override
  public void check(Check check) throws IOException {
    FixtureFile file = check.file();
    Shape kernel = file.shape("param." + PATCHES, 4);
    UnfitException.unless(kernel.dim(2) == kernel.dim(3), "patches of %s are not square", kernel);
    Parts.Layer patches = Parts.patches(kernel.dim(1), kernel.dim(0), kernel.dim(2));
    Parts.Layer timesteps = Parts.timesteps(file.shape("param." + STEPS, 2).dim(0));
    ModuleCheck module = new ModuleCheck(check, new Both(patches.module(), timesteps.module()));
    module.loadParameters();
    float[] t = file.steps("in.t");
    try (Tape tape = Tape.open()) {
      Map<String, Tensor> out = new LinkedHashMap<>();
      out.put("x_tokens", patches.forward().apply(module.input("x")));
      out.put("t_freq", Parts.frequencies(t));
      out.put("t_emb", timesteps.forward().apply(Tensor.of(Shape.of(t.length), t)));
      for (String table : file.namesUnder("out.pos_embed_")) {
        out.put("pos_embed_" + table, positions(file.shape("out.pos_embed_" + table, 2)));
      }
      module.outputs(tape, out);
    }
  }

  private static Tensor positions(Shape table) {
    int grid = (int) Math.round(Math.sqrt(table.dim(0)));
    UnfitException.unless(
        grid * grid == table.dim(0) && table.dim(1) % 4 == 0,
        "a position table %s is not of a square grid and a multiple of 4 channels",
        table);
    return Parts.positions(grid, table.dim(1));
  }

  /** Both embeddings under the names that the whole network gives them. */
  private static final class Both extends Module {
    Both(Module patches, Module timesteps) {
      child("x_embedder", patches);
      child("t_embedder", timesteps);
    }
  }
}
