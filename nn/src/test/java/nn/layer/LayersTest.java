package nn.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.op.attention.WindowSpec;
import engine.op.conv.OutputPadding2;
import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;
import nn.Mode;
import nn.Module;
import nn.init.Init;
import org.junit.jupiter.api.Test;

/** What the layers promise beside PyTorch's numbers: names, shapes, first values, errors. */
class LayersTest {
  private static List<String> names(Module module) {
    return List.copyOf(module.stateDict().keySet());
  }

  private static Tensor tokens(int... dims) {
    return Tensor.generate(Shape.of(dims), i -> Math.sin(0.7 * i));
  }

  @Test
  void framesAreConvolvedOneByOne() {
    Conv2d conv = Conv2d.standard(2, 3, Kernel2.of(3).stride(2).padding(1).dilation(2));
    conv.initialize(1);
    Tensor x = tokens(2, 2, 3, 6, 7);
    Tensor y = conv.frames(x);
    assertEquals(Shape.of(2, 3, 3, 2, 3), y.shape());
    for (int t = 0; t < 3; t++) {
      Tensor frame = Layout.reshape(Layout.slice(x, 2, t, t + 1), 2, 2, 6, 7);
      Tensor alone = Layout.reshape(Layout.slice(y, 2, t, t + 1), 2, 3, 2, 3);
      assertArrayEquals(conv.forward(frame).toArray(), alone.toArray(), "frame " + t);
    }
  }

  /** Bounds of PyTorch's default: 1 / sqrt of the products of one output. */
  @Test
  void firstValuesLieWithinTheStandardBound() {
    Conv2d conv = Conv2d.standard(8, 4, Kernel2.of(3), 2);
    ConvTranspose2d transposed =
        ConvTranspose2d.standard(4, 8, Kernel2.of(3), new OutputPadding2(0, 0), 2);
    for (Module module : List.of(conv, transposed)) {
      module.initialize(3);
      module
          .parameters()
          .forEach((name, p) -> {
            double most = 0;
            for (float v : p.value().toArray()) {
              most = Math.max(most, Math.abs(v));
            }
            double bound = 1 / Math.sqrt(4 * 9);
            assertTrue(most <= bound && most > bound / 2, name + " " + most);
          });
    }
    assertNull(Conv3d.withoutBias(2, 2, Kernel3.same(3), 1, Init.zeros()).bias());
  }

  @Test
  void groupsMustDivideTheChannels() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> Conv2d.standard(6, 4, Kernel2.of(3), 3));
    assertEquals("[convolution] groups=3 must divide 4 channels", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Kernel3.of(1, 0, 1));
  }

  @Test
  void aSequenceHasThreeAxes() {
    Conv1d conv = Conv1d.standard(2, 2, Kernel1.of(3));
    Tensor image = tokens(1, 2, 3, 4);
    Exception e = assertThrows(ShapeException.class, () -> conv.forward(image));
    assertEquals("[conv1d] wants x [N,C,L], got [1,2,3,4]", e.getMessage());
  }

  @Test
  void attentionHasTheNamesOfItsOrigin() {
    AttentionSpec spec = AttentionSpec.of(8, 2);
    assertEquals(
        List.of("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"),
        names(new MultiHeadAttention(spec, AttentionNames.TORCH, Init.zeros())));
    assertEquals(
        List.of("qkv.weight", "qkv.bias", "proj.weight", "proj.bias"),
        names(new MultiHeadAttention(spec, AttentionNames.TIMM, Init.zeros())));
    assertEquals(
        List.of("to_q.weight", "to_k.weight", "to_v.weight", "to_out.0.weight", "to_out.0.bias"),
        names(
            new MultiHeadAttention(
                new AttentionSpec(8, 6, 2, 5, false, true),
                AttentionNames.LATENT_DIFFUSION,
                Init.zeros())));
  }

  /** A window that covers the sequence is full attention. */
  @Test
  void aWideWindowSeesEverything() {
    AttentionNames.Separate layers = new AttentionNames.Separate("q", "k", "v", "out");
    WindowedAttention windowed =
        new WindowedAttention(
            12,
            new WindowSpec.Sliding(3, 40),
            new WindowedAttention.Names(layers, "rotary"),
            true,
            0.5f,
            Init.xavierUniform());
    MultiHeadAttention full =
        new MultiHeadAttention(
            new AttentionSpec(12, 12, 3, 4, false, false), layers, Init.xavierUniform());
    windowed.initialize(4);
    full.initialize(4);
    assertEquals(names(full), names(windowed));
    Tensor x = tokens(2, 7, 12);
    assertArrayEquals(full.forward(x).toArray(), windowed.forward(x, Mode.EVAL).toArray(), 1e-5f);
    assertTrue(
        differs(windowed.forward(x, Mode.EVAL), windowed.forward(x, Mode.training(1, 2))),
        "training drops weights");
  }

  private static boolean differs(Tensor a, Tensor b) {
    return !java.util.Arrays.equals(a.toArray(), b.toArray());
  }

  @Test
  void attentionRefusesWhatDoesNotFit() {
    Exception heads = assertThrows(IllegalArgumentException.class, () -> AttentionSpec.of(8, 3));
    assertEquals("[attention] 3 heads do not divide a width of 8", heads.getMessage());
    MultiHeadAttention layer =
        new MultiHeadAttention(
            new AttentionSpec(8, 6, 2, 5, false, true),
            AttentionNames.LATENT_DIFFUSION,
            Init.zeros());
    Exception context =
        assertThrows(ShapeException.class, () -> layer.forward(tokens(2, 3, 8), tokens(2, 3, 7)));
    assertEquals("[attention] wants context [N,T,6], got [2,3,7]", context.getMessage());
    Exception itself = assertThrows(ShapeException.class, () -> layer.forward(tokens(2, 3, 8)));
    assertEquals("[attention] wants x [N,T,6], got [2,3,8]", itself.getMessage());
    AttentionSpec other = new AttentionSpec(8, 6, 2, 4, false, true);
    Exception fused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new MultiHeadAttention(other, AttentionNames.TIMM, Init.zeros()));
    assertEquals(
        "[attention] one matrix for query, key and value wants one width, got 8 and 6",
        fused.getMessage());
  }
}
