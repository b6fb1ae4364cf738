package medsora.baseline.lvdm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.op.elementwise.Elementwise;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import medsora.cost.Counted;
import medsora.cost.ShapeRun;
import medsora.media.Clip;
import medsora.vae.Moments;
import medsora.vae.TiledVae;
import medsora.vae.Tiling;
import nn.Entry;
import nn.Mode;
import nn.Outline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LvdmVaeTest {
  private static final LvdmVaeConfig TINY = new LvdmVaeConfig(16, 2, 4, 2);

  private static Tensor wave(int... dims) {
    return Tensor.generate(Shape.of(dims), i -> StrictMath.sin(0.9 * i));
  }

  /** The counts of the released network; a weight of two names is one parameter. */
  @Test
  void thePublishedSizeIsThePublishedOnes() {
    LvdmVae vae = Outline.of(() -> new LvdmVae(LvdmVaeConfig.RELEASED));
    assertEquals(7_458_952 + 11_987_715 + 92, vae.parameterCount());
    Map<String, Entry> entries = vae.stateDict();
    assertEquals(122, entries.size());
    List<String> names = List.copyOf(entries.keySet());
    assertEquals("encoder.conv_blocks.0.down.weight", names.getFirst());
    assertEquals("encoder.conv_blocks.0.down.conv.weight", names.get(1));
    assertEquals("encoder.conv_first.weight", names.get(39));
    assertEquals("post_quant_conv.conv.bias", names.getLast());
    assertSame(entries.get(names.get(0)), entries.get(names.get(1)));
    assertTrue(vae.parameters().containsKey(names.get(0)), names.get(0));
    assertTrue(!vae.parameters().containsKey(names.get(1)), names.get(1));
  }

  @Test
  void whatAClipCostsIsWhatIsPublished() {
    LvdmVae vae = Outline.of(() -> new LvdmVae(LvdmVaeConfig.RELEASED));
    long encoding =
        ShapeRun.of(vae, () -> vae.encode(Counted.tensor(1, 3, 16, 128, 128), Mode.EVAL))
            .total()
            .products();
    long decoding =
        ShapeRun.of(vae, () -> vae.decode(Counted.tensor(1, 4, 4, 16, 16), Mode.EVAL))
            .total()
            .products();
    assertEquals(23.8e9, (double) encoding, 0.5e9);
    assertEquals(359e9, (double) decoding, 20e9);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsAreThoseOfFiniteDifferences(boolean recompute) {
    LvdmVae vae = Differences.filled(new LvdmVae(TINY), 6);
    vae.setRecompute(recompute);
    Mode mode = Mode.training(0, 0);
    Tensor clip = wave(1, 3, 4, 8, 8);
    Tensor z = wave(1, 2, 1, 2, 2);
    Differences.compare(
        vae,
        () ->
            Elementwise.add(
                Differences.weighted(vae.encodeMoments(clip, mode)),
                Differences.weighted(vae.decode(z, mode))),
        1f / 256,
        1e-2);
  }

  /** A weight of two names gets one set of first values. */
  @Test
  void sharedWeightsBeginAsOne() {
    LvdmVae one = new LvdmVae(TINY);
    LvdmVae two = new LvdmVae(TINY);
    one.initialize(4);
    two.initialize(4, name -> !name.contains(".conv.weight"));
    two.initialize(4, name -> name.endsWith(".bias"));
    one.stateDict()
        .forEach((name, entry) -> {
          float[] a = entry.value().toArray();
          assertEquals(a[0], two.stateDict().get(name).value().toArray()[0], name);
        });
  }

  @Test
  void logVariancesAreHeld() {
    LvdmVae vae = Differences.filled(new LvdmVae(TINY), 6);
    float[] bias = {0, 0, 500, -500};
    vae.stateDict().get("quant_conv.conv.bias").write(bias);
    Moments m = vae.encode(wave(1, 3, 2, 4, 4), Mode.EVAL);
    assertEquals(Shape.of(1, 2, 1, 1, 1), m.mean().shape());
    assertEquals(20f, m.logVariance().toArray()[0]);
    assertEquals(-30f, m.logVariance().toArray()[1]);
  }

  @Test
  void clipsAreBytes() {
    LvdmVae vae = Differences.filled(new LvdmVae(TINY), 6);
    Tensor z = TINY.published().latents(wave(1, 2, 2, 2, 3));
    Tensor frames = vae.decode(z, Mode.EVAL);
    Clip clip = vae.clip("drawn", frames);
    assertEquals(4, clip.length());
    assertEquals(8, clip.height());
    assertEquals(12, clip.width());
    // Channel 1 of the third frame, row 5, column 7.
    float v = frames.toArray()[((4 + 2) * 8 + 5) * 12 + 7];
    assertEquals(LvdmProcess.toByte(v), clip.frames().get(2)[(5 * 12 + 7) * 3 + 1]);
  }

  /** What fits one tile has the bits of the whole frame; of more, the seams differ a little. */
  @Test
  void largeFramesAreWorkedOnInTiles() {
    LvdmVae vae = Differences.filled(new LvdmVae(TINY), 6);
    Tensor z = wave(1, 2, 2, 8, 12);
    assertArrayEquals(
        vae.decode(z, Mode.EVAL).toArray(),
        new TiledVae(vae, new Tiling(12, 2)).decode(z).toArray());
    Tensor tiled = new TiledVae(vae, new Tiling(8, 2)).decode(z);
    assertEquals(Shape.of(1, 3, 4, 32, 48), tiled.shape());
    assertEquals(
        Shape.of(1, 2, 2, 8, 12), new TiledVae(vae, new Tiling(8, 2)).encode(tiled).mean().shape());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    LvdmVae vae = new LvdmVae(TINY);
    String said =
        assertThrows(ShapeException.class, () -> vae.encode(wave(1, 3, 3, 8, 8), Mode.EVAL))
            .getMessage();
    assertTrue(said.contains("T a multiple of 2, H and W of 4"), said);
    assertThrows(ShapeException.class, () -> vae.decode(wave(1, 3, 1, 2, 2), Mode.EVAL));
    assertThrows(IllegalArgumentException.class, () -> new LvdmVaeConfig(16, 8, 4, 2));
    assertThrows(IllegalArgumentException.class, () -> new LvdmVaeConfig(8, 2, 4, 2));
    assertThrows(IllegalArgumentException.class, () -> new LvdmVaeConfig(16, 2, 3, 2));
  }
}
