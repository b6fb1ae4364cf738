package medsora.vae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.paper.Doubles;
import medsora.vae.VaeConfig.Compensation;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import nn.Mode;
import org.junit.jupiter.api.Test;

class TiledVaeTest {
  private static Vae vae() {
    Vae vae = new Vae(new VaeConfig(List.of(4, 4, 8, 8), 1, 2, 2, Compensation.RELEASED, 0f));
    vae.initialize(1);
    return vae;
  }

  private static Tensor clip(int frames, int height, int width) {
    Shape shape = Shape.of(1, 3, frames, height, width);
    return Tensor.of(shape, Doubles.normal(shape.size(), 5));
  }

  /** Bits, so that not even the sign of a zero may differ. */
  private static void assertBits(Tensor wanted, Tensor found) {
    assertEquals(wanted.shape(), found.shape());
    assertArrayEquals(bits(wanted), bits(found));
  }

  private static int[] bits(Tensor t) {
    float[] values = t.toArray();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  /** Whatever the sizes: tiles cover the axis, stay inside, and their weights add up to 1. */
  @Property(tries = 300)
  void weightsAddUpToOne(
      @ForAll @IntRange(min = 1, max = 70) int length,
      @ForAll @IntRange(min = 2, max = 24) int tile,
      @ForAll @IntRange(max = 23) int overlap,
      @ForAll @IntRange(min = 1, max = 8) int scale) {
    TileAxis axis = new TileAxis(length, new Tiling(tile, overlap % tile));
    double[] sum = new double[length * scale];
    for (int i = 0; i < axis.count(); i++) {
      assertTrue(axis.start(i) >= 0 && axis.start(i) + axis.size() <= length);
      float[] weights = axis.weights(i, scale);
      for (int y = 0; y < weights.length; y++) {
        assertTrue(weights[y] >= 0 && weights[y] <= 1);
        sum[(axis.start(i) * scale) + y] += weights[y];
      }
    }
    for (double s : sum) {
      assertEquals(1, s, 1e-6);
    }
  }

  /**
   * Neighbours that overlap by 2 latents, 16 pixels: y/16 of the later, the rest of the earlier.
   */
  @Test
  void theOverlapIsBlendedLinearly() {
    TileAxis axis = new TileAxis(10, new Tiling(6, 2));
    assertEquals(2, axis.count());
    float[] first = axis.weights(0, 8);
    float[] second = axis.weights(1, 8);
    for (int y = 0; y < 16; y++) {
      assertEquals(y / 16f, second[y]);
      assertEquals(1 - (y / 16f), first[32 + y]);
    }
    assertEquals(1f, first[31]);
    assertEquals(1f, second[16]);
  }

  @Test
  void aFrameThatFitsOneTileHasTheSameBits() {
    Vae vae = vae();
    Tensor x = clip(16, 24, 32);
    TiledVae tiled = new TiledVae(vae, new Tiling(4, 1));
    try (Tape scope = Tape.noGrad()) {
      Moments wanted = vae.encode(x, Mode.EVAL);
      Moments found = tiled.encode(x);
      assertBits(wanted.mean(), found.mean());
      assertBits(wanted.logVariance(), found.logVariance());
      assertBits(vae.decode(wanted.mean(), Mode.EVAL), tiled.decode(found.mean()));
    }
  }

  /** The sum over tiles written directly: each tile alone through the plain autoencoder. */
  @Test
  void tilesGoThroughTheirOwnChunksAndAreBlended() {
    Vae vae = vae();
    Shape shape = Shape.of(1, 2, 4, 3, 5);
    Tensor z = Tensor.of(shape, Doubles.normal(shape.size(), 6));
    Tensor found = new TiledVae(vae, new Tiling(3, 1)).decode(z);
    assertEquals(Shape.of(1, 3, 16, 24, 40), found.shape());
    try (Tape scope = Tape.noGrad()) {
      float[] left = vae.decode(columns(z, 0), Mode.EVAL).toArray();
      float[] right = vae.decode(columns(z, 2), Mode.EVAL).toArray();
      float[] joined = found.toArray();
      for (int i = 0; i < joined.length; i++) {
        int row = i / 40;
        int x = i % 40;
        double later = x < 16 ? 0 : x >= 24 ? 1 : (x - 16) / 8.0;
        double a = x < 24 ? left[(row * 24) + x] : 0;
        double b = x >= 16 ? right[(row * 24) + x - 16] : 0;
        assertEquals(((1 - later) * a) + (later * b), joined[i], 1e-6);
      }
    }
  }

  private static Tensor columns(Tensor z, int from) {
    return engine.op.layout.Layout.slice(z, 4, from, from + 3);
  }

  /** Sizes that no step divides, progress, and the same bits again. */
  @Test
  void anyMultipleOfEight() {
    Vae vae = vae();
    List<Integer> told = new ArrayList<>();
    Tiling tiling = new Tiling(3, 2);
    Tensor x = clip(8, 40, 56);
    Moments once = new TiledVae(vae, tiling, told::add).encode(x);
    assertEquals(Shape.of(1, 2, 2, 5, 7), once.mean().shape());
    assertEquals(TiledVae.tiles(tiling, 5, 7), told.getLast());
    assertEquals(15, told.size());
    assertBits(once.mean(), new TiledVae(vae, tiling).encode(x).mean());
  }

  @Test
  void whatCannotBeTiledIsRefused() {
    TiledVae tiled = new TiledVae(vae(), new Tiling(4, 1));
    String odd =
        assertThrows(ShapeException.class, () -> tiled.encode(clip(8, 36, 32))).getMessage();
    assertTrue(odd.contains("H, W of 8: x=[1,3,8,36,32]"), odd);
    assertThrows(ShapeException.class, () -> tiled.encode(clip(9, 32, 32)));
    assertThrows(ShapeException.class, () -> tiled.decode(Tensor.zeros(Shape.of(1, 2, 3, 4, 4))));
    assertThrows(IllegalArgumentException.class, () -> new Tiling(4, 4));
    assertThrows(IllegalArgumentException.class, () -> new Tiling(4, -1));
    assertThrows(IllegalArgumentException.class, () -> new Tiling(1, 0));
    String pixels =
        assertThrows(IllegalArgumentException.class, () -> Tiling.ofPixels(60, 8, 8)).getMessage();
    assertTrue(pixels.contains("multiples of 8"), pixels);
  }
}
