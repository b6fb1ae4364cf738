package medsora.metric.distance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.flow.FlowEstimator;
import medsora.media.Clip;
import org.junit.jupiter.api.Test;

class ClipLooksTest {
  /** Frames of one colour each. */
  private static Clip clip(int... colours) {
    List<byte[]> frames = new ArrayList<>();
    for (int colour : colours) {
      byte[] frame = new byte[12];
      for (int i = 0; i < 12; i++) {
        frame[i] = (byte) (colour >> (16 - 8 * (i % 3)));
      }
      frames.add(frame);
    }
    return Clip.of("colours", 2, 2, frames);
  }

  @Test
  void flickerIsTheMeanDifferenceFromFrameToFrame() {
    ClipLooks looks = new ClipLooks();
    looks.add(clip(0x000000, 0x333333));
    looks.add(clip(0x112233, 0x112233));
    assertEquals(0.2, looks.flicker(), 1e-7);
  }

  /** R - G of the data is 16 or 32, G - B is 16; the margin is 6.375 bytes. */
  @Test
  void theGamutIsTheDatasWithAMargin() {
    ColourGamut data = new ColourGamut();
    data.add(clip(0x302010, 0x402010));
    assertEquals(0, data.shareBeyond(data));
    ColourGamut near = new ColourGamut();
    near.add(clip(0x462010, 0x2a2010, 0x30200a));
    assertEquals(0, near.shareBeyond(data));
    ColourGamut far = new ColourGamut();
    far.add(clip(0x302010, 0x472010, 0x292010, 0x302009));
    assertEquals(0.75, far.shareBeyond(data));
  }

  @Test
  void flowLengthsAreComparedRankByRank() {
    FlowMagnitudes slow = moved(0.3f, 0.4f);
    FlowMagnitudes fast = moved(3, 4);
    assertEquals(0, slow.distance(moved(-0.4f, 0.3f)));
    assertEquals(4.5, slow.distance(fast), 1e-12);
    assertEquals(4.5, fast.distance(slow), 1e-12);
    assertEquals(5 + 0.0625, fast.mean(), 1e-12);
  }

  private static FlowMagnitudes moved(float u, float v) {
    FlowEstimator constant = (a, b) -> Tensor.generate(Shape.of(1, 2, 3, 4), i -> i < 12 ? u : v);
    FlowMagnitudes lengths = new FlowMagnitudes(constant);
    Tensor picture = Tensor.zeros(Shape.of(1, 3, 3, 4));
    assertEquals(24, lengths.flow(picture, picture).size());
    return lengths;
  }
}
