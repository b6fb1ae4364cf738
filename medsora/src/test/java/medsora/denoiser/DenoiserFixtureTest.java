package medsora.denoiser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Fixtures;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.ModuleFixture;
import medsora.ModuleFixture.Limits;
import medsora.config.Config;
import medsora.config.Profiles;
import nn.Mode;
import nn.Outline;
import org.junit.jupiter.api.Test;

/** The denoiser and its parts against the released code's numbers (profile reference). */
class DenoiserFixtureTest {
  private static final Limits TIMESTEP =
      (name, standard) -> name.contains("t_embedder") ? 1e-4 : standard;

  private static DenoiserConfig config(
      int channels, int size, int hidden, int depth, int stateSize, int headDim) {
    return new DenoiserConfig(
        channels,
        size,
        2,
        hidden,
        depth,
        6,
        4,
        stateSize,
        headDim,
        2,
        4,
        256,
        8,
        Profiles.switches("reference"));
  }

  @Test
  void spiralLists() {
    var file = Fixtures.load("spiral");
    for (int[] grid : new int[][] {{6, 8}, {4, 8}, {6, 4}}) {
      int n = grid[0];
      int m = grid[1];
      int[] order = file.ints("order_" + n + "x" + m);
      int[] original = file.ints("original_" + n + "x" + m);
      for (int k = 0; k < 16; k++) {
        int[] list = Spiral.releasedList(n, m, k);
        assertArrayEquals(java.util.Arrays.copyOfRange(order, k * n * m, (k + 1) * n * m), list);
        assertArrayEquals(
            java.util.Arrays.copyOfRange(original, k * n * m, (k + 1) * n * m),
            Spiral.inverse(list));
      }
    }
  }

  @Test
  void trueSpiralStepsAreGridNeighbours() {
    for (int[] grid : new int[][] {{6, 8}, {1, 5}, {5, 1}, {7, 3}}) {
      int m = grid[1];
      int[] path = Spiral.path(grid[0], m);
      for (int i = 1; i < path.length; i++) {
        int distance =
            Math.abs((path[i] / m) - (path[i - 1] / m))
                + Math.abs((path[i] % m) - (path[i - 1] % m));
        assertEquals(1, distance);
      }
    }
  }

  @Test
  void embeddings() {
    ModuleFixture f = new ModuleFixture("embed");
    PatchEmbedding patches = new PatchEmbedding(4, 32, 2);
    TimestepEmbedding timesteps = new TimestepEmbedding(32);
    nn.Module both =
        new nn.Module() {
          {
            child("x_embedder", patches);
            child("t_embedder", timesteps);
          }
        };
    f.loadParameters(both);
    float[] t = toFloats(f.file().longs("in.t"));
    try (Tape tape = Tape.open()) {
      Map<String, Tensor> out = new LinkedHashMap<>();
      out.put("x_tokens", patches.forward(f.input("x")));
      out.put("t_emb", timesteps.forward(t));
      f.compare("out.x_tokens", out.get("x_tokens"), 3.5e-6);
      f.compare("out.t_emb", out.get("t_emb"), 1e-4);
      f.compare("out.t_freq", TimestepEmbedding.frequencies(t), 1e-4);
      f.compare("out.pos_embed_small", PositionTable.of(4, 32), 1e-6);
      f.compare("out.pos_embed_full", PositionTable.of(8, 512), 1e-6);
      f.compareGradients(tape, out, both, 3.5e-6, TIMESTEP);
    }
    f.verify();
  }

  @Test
  void temporalMamba() {
    ModuleFixture f = new ModuleFixture("temporal_mamba");
    TemporalMamba module = new TemporalMamba(config(4, 8, 32, 1, 8, 8));
    f.loadParameters(module);
    try (Tape tape = Tape.open()) {
      Tensor y = module.forward(f.input("u"));
      f.compare("out.y", y, 5e-6);
      f.compareGradients(tape, Map.of("y", y), module, 5e-6, Limits.NONE);
    }
    f.verify();
  }

  @Test
  void spatialMamba() {
    spatialMamba("spatial_mamba_a", 0);
    spatialMamba("spatial_mamba_b", 5);
  }

  private static void spatialMamba(String name, int block) {
    ModuleFixture f = new ModuleFixture(name);
    SpatialMamba module = new SpatialMamba(config(4, 8, 32, 1, 8, 8), block);
    f.loadParameters(module);
    try (Tape tape = Tape.open()) {
      Tensor y = module.forward(f.input("u"));
      f.compare("out.y", y, 4e-5);
      Tensor shaped = engine.op.layout.Layout.reshape(y, 2, 6, 4, 4, 32);
      f.compareGradients(tape, Map.of("y", shaped), module, 4e-5, Limits.NONE);
    }
    f.verify();
  }

  @Test
  void block() {
    ModuleFixture f = new ModuleFixture("mamba_block");
    MambaBlock module = new MambaBlock(config(4, 8, 64, 1, 8, 64), 1);
    f.loadParameters(module);
    try (Tape tape = Tape.open()) {
      Tensor x = engine.op.layout.Layout.reshape(f.input("x"), 2, 96, 64);
      MambaBlock.Result r = module.forward(x, f.input("c"), Mode.EVAL);
      Map<String, Tensor> out = new LinkedHashMap<>();
      out.put("x", engine.op.layout.Layout.reshape(r.output(), 2, 6, 16, 64));
      out.put("local_x", engine.op.layout.Layout.reshape(r.spatial(), 2, 6, 16, 64));
      f.compare("out.x", r.output(), 7e-4);
      f.compare("out.local_x", r.spatial(), 7e-4);
      f.compareGradients(tape, out, module, 7e-4, Limits.NONE);
    }
    f.verify();
  }

  @Test
  void wholeNetwork() {
    ModuleFixture f = new ModuleFixture("medsora_small");
    Denoiser module = new Denoiser(config(4, 8, 64, 2, 8, 64));
    f.loadParameters(module);
    float[] t = toFloats(f.file().longs("in.t"));
    for (boolean recompute : new boolean[] {false, true}) {
      module.setRecompute(recompute);
      try (Tape tape = Tape.open()) {
        Denoiser.Output y = module.forward(f.input("x"), t, Mode.EVAL);
        Map<String, Tensor> out = new LinkedHashMap<>();
        out.put("y", y.prediction());
        for (int i = 0; i < 2; i++) {
          out.put("block" + i, firstFrames(y.blocks().get(i)));
          out.put("local" + i, firstFrames(y.spatial().get(i)));
        }
        out.forEach((name, tensor) -> f.compare("out." + name, tensor, 5e-4));
        f.compareGradients(tape, out, module, 5e-4, Limits.NONE);
      }
      f.verify();
    }
  }

  private static Tensor firstFrames(Tensor x) {
    Tensor frames = engine.op.layout.Layout.reshape(x, 2, 6, 16, 64);
    return engine.op.layout.Layout.slice(frames, 1, 0, 4);
  }

  @Test
  void parameterCounts() {
    Denoiser s =
        Outline.of(() ->
            new Denoiser(
                DenoiserConfig.of(
                    Config.builtin("medsora-s", Map.of("profile", "reference")).denoiser())));
    assertEquals(43_758_784, s.parameterCount());
    Shape positions = s.parameters().get("pos_embed").shape();
    assertEquals(Shape.of(1, 64, 512), positions);
  }

  private static float[] toFloats(long[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }
}
