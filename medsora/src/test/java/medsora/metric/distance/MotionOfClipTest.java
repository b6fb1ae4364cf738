package medsora.metric.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.random.RandomKey;
import engine.tensor.Tensor;
import medsora.flow.FlowEstimator;
import medsora.media.Clip;
import medsora.metric.FlowConsistency;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;

class MotionOfClipTest {
  private static final FlowEstimator SHIFT =
      (a, b) -> Tensor.generate(a.shape().with(1, 2), i -> i % 7 * 0.3f);

  @Test
  void whatIsKeptComesBackToTheBit() {
    Clip clip = Phantom.render(4, 0, 5, 16);
    MotionOfClip found = MotionOfClip.of(clip, SHIFT);
    MotionOfClip again = MotionOfClip.ofKept(found.kept());
    assertEquals(found.consistency(), again.consistency());
    assertArrayEquals(found.lengths().counts(), again.lengths().counts());
    assertEquals(4 * 256, java.util.Arrays.stream(again.lengths().counts()).sum());
    assertTrue(found.consistency().warped() > 0);
  }

  /** A count of many long, large clips is beyond the whole numbers of one float32. */
  @Test
  void largeCountsAreKept() {
    long[] counts = new long[FlowMagnitudes.BINS];
    counts[3] = (1L << 33) + 12345;
    MotionOfClip large =
        new MotionOfClip(new FlowConsistency(0.1, 1.0 / 3), FlowMagnitudes.ofCounts(counts));
    assertArrayEquals(counts, MotionOfClip.ofKept(large.kept()).lengths().counts());
  }

  @Test
  void clipsAddUpAsIfTheyWereMeasuredTogether() {
    Clip first = Phantom.render(4, 0, 3, 16);
    Clip second = Phantom.render(4, 1, 3, 16);
    ClipMotion motion = new ClipMotion();
    motion.add(MotionOfClip.of(first, SHIFT));
    motion.add(MotionOfClip.of(second, SHIFT));
    assertEquals(MotionOfClip.of(second, SHIFT).consistency(), motion.clips().get(1).consistency());
    assertEquals(2 * 2 * 256, java.util.Arrays.stream(motion.magnitudes().counts()).sum());
  }

  @Test
  void threeFloatsHoldADouble() {
    float[] triple = new float[5];
    float[] random = new float[300];
    new RandomKey(8, 0, 0).random().normal(random, 0, random.length);
    for (int i = 0; i < random.length; i += 3) {
      double value = random[i] + random[i + 1] * 0x1p-27 + random[i + 2] * 0x1p-50;
      FloatTriples.put(triple, 1, value);
      assertEquals(value, FloatTriples.get(triple, 1));
      assertTrue(FloatTriples.holds(value));
    }
    assertFalse(FloatTriples.holds(1e200));
  }

  @Test
  void aHistogramEstimatesNothing() {
    Tensor none = Tensor.zeros(engine.tensor.Shape.of(1, 3, 2, 2));
    assertThrows(
        UnsupportedOperationException.class, () -> FlowMagnitudes.ofCounts().flow(none, none));
    assertThrows(IllegalArgumentException.class, () -> FlowMagnitudes.ofCounts(1, 2));
  }
}
