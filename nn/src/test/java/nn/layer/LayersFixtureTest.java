package nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Dilation2;
import engine.op.conv.Dilation3;
import engine.op.conv.OutputPadding2;
import engine.op.conv.OutputPadding3;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Fixture;
import engine.testing.Fixtures;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.init.Initializer;
import org.junit.jupiter.api.Test;

/** Layers against PyTorch's, values and gradients, under PyTorch's names of parameters. */
class LayersFixtureTest {
  private static final Fixture FILE = Fixtures.load("layers", "layers");

  /** Sums of a few hundred products in float32 against double. */
  private static final double TOLERANCE = 2e-6;

  private static final Initializer INIT = Init.zeros();

  private static void check(
      String layer, Module module, Function<List<Tensor>, Tensor> forward, String... inputs) {
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    List<Tensor> in = Arrays.stream(inputs).map(i -> tensor(layer + ".in." + i)).toList();
    for (int i = 0; i < inputs.length; i++) {
      leaves.put("in." + inputs[i], in.get(i));
    }
    Map<String, Parameter> parameters = module.parameters();
    assertEquals(FILE.namesUnder(layer + ".param."), List.copyOf(parameters.keySet()), layer);
    parameters.forEach((name, p) -> {
      String full = layer + ".param." + name;
      assertEquals(Shape.of(FILE.dims(full)), p.shape(), full);
      p.write(FILE.floats(full));
      leaves.put("param." + name, p.value());
    });
    try (Tape tape = Tape.open()) {
      Tensor y = forward.apply(in);
      assertEquals(Shape.of(FILE.dims(layer + ".out")), y.shape(), layer);
      close(layer + ".out", y);
      Gradients g = tape.backward(List.of(y), List.of(tensor(layer + ".lossw").detach()));
      leaves.forEach((name, leaf) -> close(layer + ".grad." + name, g.of(leaf)));
    }
  }

  private static Tensor tensor(String name) {
    return Tensor.of(Shape.of(FILE.dims(name)), FILE.floats(name)).asParameter();
  }

  private static void close(String name, Tensor got) {
    float[] values = got.toArray();
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    double error = Fixtures.error(wide, FILE.doubles(name));
    assertTrue(error < TOLERANCE, name + ": error " + error);
  }

  @Test
  void conv1d() {
    Kernel1 kernel = Kernel1.of(3).stride(2).padding(3).dilation(4);
    Conv1d conv = Conv1d.standard(6, 4, kernel, 2);
    check("conv1d", conv, in -> conv.forward(in.get(0)), "x");
  }

  @Test
  void conv2d() {
    Kernel2 kernel =
        Kernel2.of(3, 2)
            .stride(new Stride2(1, 3))
            .padding(new Padding2(2, 2, 1, 1))
            .dilation(new Dilation2(3, 2));
    Conv2d conv = Conv2d.standard(4, 6, kernel, 2);
    check("conv2d", conv, in -> conv.forward(in.get(0)), "x");
  }

  @Test
  void conv3d() {
    Kernel3 kernel =
        Kernel3.of(2, 3, 3)
            .stride(new Stride3(1, 2, 2))
            .padding(Padding3.both(1, 2, 0))
            .dilation(new Dilation3(2, 1, 3));
    Conv3d conv = Conv3d.withoutBias(3, 6, kernel, 3, INIT);
    check("conv3d", conv, in -> conv.forward(in.get(0)), "x");
  }

  @Test
  void convTranspose2d() {
    Kernel2 kernel = Kernel2.of(3, 4).stride(new Stride2(2, 3)).padding(new Padding2(1, 1, 2, 2));
    ConvTranspose2d conv = ConvTranspose2d.standard(4, 6, kernel, new OutputPadding2(1, 0), 2);
    check("convTranspose2d", conv, in -> conv.forward(in.get(0)), "x");
  }

  @Test
  void convTranspose2dDilated() {
    Kernel2 kernel =
        Kernel2.of(3).stride(new Stride2(2, 3)).padding(1).dilation(new Dilation2(3, 2));
    ConvTranspose2d conv = ConvTranspose2d.standard(3, 2, kernel, new OutputPadding2(2, 1));
    check("convTranspose2dDilated", conv, in -> conv.forward(in.get(0)), "x");
  }

  @Test
  void convTranspose3d() {
    Kernel3 kernel =
        Kernel3.of(2, 3, 4).stride(new Stride3(1, 2, 2)).padding(Padding3.both(0, 1, 1));
    ConvTranspose3d conv =
        ConvTranspose3d.withoutBias(4, 2, kernel, new OutputPadding3(0, 1, 1), 1, INIT);
    check("convTranspose3d", conv, in -> conv.forward(in.get(0)), "x");
  }

  @Test
  void convTranspose3dDilated() {
    Kernel3 kernel =
        Kernel3.of(2, 2, 3)
            .stride(new Stride3(2, 1, 2))
            .padding(Padding3.both(1, 0, 2))
            .dilation(new Dilation3(2, 2, 3));
    ConvTranspose3d conv = ConvTranspose3d.standard(2, 4, kernel, OutputPadding3.NONE, 2);
    check("convTranspose3dDilated", conv, in -> conv.forward(in.get(0)), "x");
  }

  @Test
  void attention() {
    MultiHeadAttention layer =
        new MultiHeadAttention(AttentionSpec.of(12, 3), AttentionNames.TORCH, INIT);
    check("attention", layer, in -> layer.forward(in.get(0)), "x");
  }

  @Test
  void attentionMasked() {
    MultiHeadAttention layer =
        new MultiHeadAttention(AttentionSpec.of(12, 3), AttentionNames.TORCH, INIT);
    Tensor later =
        Tensor.generate(Shape.of(5, 5), i -> i % 5 > i / 5 ? Float.NEGATIVE_INFINITY : 0);
    check("attentionMasked", layer, in -> layer.masked(in.get(0), later), "x");
  }

  @Test
  void attentionCross() {
    MultiHeadAttention layer =
        new MultiHeadAttention(AttentionSpec.of(12, 3), AttentionNames.TORCH, INIT);
    check("attentionCross", layer, in -> layer.forward(in.get(0), in.get(1)), "x", "context");
  }

  @Test
  void crossOfOtherWidth() {
    MultiHeadAttention layer =
        new MultiHeadAttention(
            new AttentionSpec(10, 7, 2, 4, false, true), AttentionNames.LATENT_DIFFUSION, INIT);
    check("crossOfOtherWidth", layer, in -> layer.forward(in.get(0), in.get(1)), "x", "context");
  }

  @Test
  void attentionOfTimm() {
    MultiHeadAttention layer =
        new MultiHeadAttention(AttentionSpec.of(8, 2), AttentionNames.TIMM, INIT);
    check("attentionOfTimm", layer, in -> layer.forward(in.get(0)), "x");
  }

  @Test
  void instanceNorm() {
    InstanceNorm norm = new InstanceNorm(3, 1e-5);
    check("instanceNorm", norm, in -> norm.forward(in.get(0)), "x");
  }
}
