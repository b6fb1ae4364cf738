package medsora.metric.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import engine.testing.OpContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import medsora.flow.FlowPictures;
import medsora.media.Clip;
import medsora.metric.phantom.PhantomDistances.Distance;
import medsora.metric.phantom.PhantomDistances.Features;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the two distances answer to. */
class PhantomDistancesTest {
  private static final int LENGTH = 3;
  private static final int CLIPS = 10;
  private static final int SIZE = 48;

  /** Frames of a clip whose motion is judged. */
  private static final int MOVING = 14;

  private static PhantomDistances judge;
  private static Features real;
  private static List<Clip> others;
  private static Distance floor;

  @BeforeAll
  static void measure() {
    judge = new PhantomDistances(LENGTH);
    real = features(clips(900));
    others = clips(901);
    floor = real.distance(features(others));
  }

  private static List<Clip> clips(long seed) {
    return IntStream.range(0, CLIPS).mapToObj(i -> Phantom.render(seed, i, LENGTH, SIZE)).toList();
  }

  private static Features features(List<Clip> clips) {
    return features(judge, clips);
  }

  private static Features features(PhantomDistances by, List<Clip> clips) {
    return by.features("clips", clips.size(), clips::get, done -> {});
  }

  private static Distance damaged(UnaryOperator<Clip> damage) {
    return real.distance(features(others.stream().map(damage).toList()));
  }

  private static void assertGrows(DoubleUnaryOperator distance, double... amounts) {
    double last = 0;
    for (double amount : amounts) {
      double found = distance.applyAsDouble(amount);
      assertTrue(found > last, "at " + amount + ": " + found + " after " + last);
      last = found;
    }
    assertTrue(last > 5 * floor.frames(), "the most: " + last + ", floor " + floor);
  }

  @Test
  void framesGrowApartWithBlur() {
    assertGrows(times -> damaged(c -> blurred(c, (int) times)).frames(), 1, 3, 9);
  }

  @Test
  void framesGrowApartWithNoise() {
    assertGrows(levels -> damaged(c -> noisy(c, levels)).frames(), 5, 15, 45);
  }

  @Test
  void framesGrowApartWithAShiftOfColours() {
    assertGrows(levels -> damaged(c -> shifted(c, levels)).frames(), 15, 30, 60);
  }

  /** The order of frames is motion, and no look of a frame. */
  @Test
  void motionTellsShuffledAndFrozenClips() {
    PhantomDistances longer = new PhantomDistances(MOVING);
    Features moving = features(longer, moving(900, c -> c));
    Distance same = moving.distance(features(longer, moving(901, c -> c)));
    int[] order = new RandomKey(1, 0, 0).random().permutation(MOVING);
    Distance shuffled = moving.distance(features(longer, moving(901, c -> c.pick(order))));
    assertEquals(same.frames(), shuffled.frames(), 1e-6 * same.frames());
    assertTrue(shuffled.motion() > 1.5 * same.motion(), shuffled + ", floor " + same);
    Distance frozen = moving.distance(features(longer, moving(901, c -> c.pick(new int[MOVING]))));
    assertTrue(frozen.motion() > 3 * same.motion(), frozen + ", floor " + same);
  }

  private static List<Clip> moving(long seed, UnaryOperator<Clip> damage) {
    return IntStream.range(0, CLIPS)
        .mapToObj(i -> damage.apply(Phantom.render(seed, i, MOVING, SIZE / 2)))
        .toList();
  }

  /** A clip's features depend on it alone, on every backend. */
  @Test
  void everyBackendGivesTheSameBits() {
    Clip clip = others.getFirst().first(2);
    float[] frames = null;
    float[] motion = null;
    for (Map.Entry<String, Kernels> backend : OpContract.backends().entrySet()) {
      Features f =
          Backends.with(
              backend.getValue(),
              () -> new PhantomDistances(2).features("one", 1, i -> clip, done -> {}));
      frames = frames == null ? f.frames().row(1) : frames;
      motion = motion == null ? f.motion().row(0) : motion;
      assertArrayEquals(frames, f.frames().row(1), backend.getKey());
      assertArrayEquals(motion, f.motion().row(0), backend.getKey());
    }
  }

  @Test
  void aBatchGivesTheRowsOfItsClips() {
    Clip first = others.get(0).first(2);
    Clip second = others.get(1).first(2);
    int plane = SIZE * SIZE;
    float[] bytes = new float[2 * 3 * 2 * plane];
    for (int n = 0; n < 2; n++) {
      float[] one = FlowPictures.of(n == 0 ? first : second, 0, 2).toArray();
      for (int k = 0; k < 6; k++) {
        System.arraycopy(one, k * plane, bytes, ((n * 3 + k % 3) * 2 + k / 3) * plane, plane);
      }
    }
    Tensor both = Tensor.of(Shape.of(2, 3, 2, SIZE, SIZE), bytes);
    FrameFeatures frames = PhantomFeatures.frames(2);
    MotionFeatures motion = PhantomFeatures.motion(2);
    float[] rows = frames.features(both).toArray();
    float[] moved = motion.features(both).toArray();
    assertEquals(2 * frames.dimensions(), rows.length);
    assertEquals(2 * 2 * 64, rows.length);
    assertEquals(2 * 64, moved.length);
    float[] alone = frames.ofFrames(FlowPictures.of(second, 0, 2));
    assertArrayEquals(alone, Arrays.copyOfRange(rows, 128, 256));
    assertArrayEquals(
        motion.ofFrames(FlowPictures.of(second, 0, 2)), Arrays.copyOfRange(moved, 64, 128));
    assertThrows(ShapeException.class, () -> PhantomFeatures.motion(3).features(both));
  }

  @Test
  void clipsOfAnotherLengthAreRefused() {
    Clip clip = others.getFirst().first(2);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> judge.features("short", 1, i -> clip, done -> {}));
    assertTrue(e.getMessage().contains("has 2 frames, wanted are 3"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> PhantomFeatures.motion(1));
  }

  /** What the folder's page says of the networks is what they are. */
  @Test
  void thePageNamesTheNetworks() throws Exception {
    String page = Files.readString(Path.of("../testdata/features/README.md"));
    for (String sha256 :
        List.of(PhantomFeatures.frames(1).sha256(), PhantomFeatures.motion(2).sha256())) {
      assertTrue(page.contains(sha256), sha256);
    }
    assertEquals(64, FeatureTraining.builtin().frames().network().width() * 2);
  }

  private static Clip changed(Clip clip, UnaryOperator<byte[]> change) {
    List<byte[]> frames = new ArrayList<>();
    clip.frames().forEach(frame -> frames.add(change.apply(frame)));
    return Clip.of(clip.source(), clip.height(), clip.width(), frames);
  }

  private static byte held(double x) {
    return (byte) (int) Math.clamp(Math.rint(x), 0, 255);
  }

  private static Clip shifted(Clip clip, double levels) {
    return changed(
        clip,
        frame -> {
          byte[] out = frame.clone();
          for (int i = 0; i < out.length; i += 3) {
            out[i] = held((frame[i] & 0xff) - levels);
            out[i + 2] = held((frame[i + 2] & 0xff) + levels);
          }
          return out;
        });
  }

  private static Clip noisy(Clip clip, double levels) {
    int[] number = new int[1];
    return changed(
        clip,
        frame -> {
          float[] z = new float[frame.length];
          new RandomKey(3, number[0]++, 0).random().normal(z, 0, z.length);
          byte[] out = new byte[frame.length];
          for (int i = 0; i < out.length; i++) {
            out[i] = held((frame[i] & 0xff) + levels * z[i]);
          }
          return out;
        });
  }

  /** The mean of 3x3 pixels, again and again. */
  private static Clip blurred(Clip clip, int times) {
    Clip out = clip;
    for (int k = 0; k < times; k++) {
      out = changed(out, PhantomDistancesTest::blurred);
    }
    return out;
  }

  private static byte[] blurred(byte[] frame) {
    byte[] out = new byte[frame.length];
    for (int i = 0; i < out.length; i++) {
      double sum = 0;
      for (int k = 0; k < 9; k++) {
        int x = Math.clamp(i / 3 % SIZE + k % 3 - 1, 0, SIZE - 1);
        int y = Math.clamp(i / 3 / SIZE + k / 3 - 1, 0, SIZE - 1);
        sum += frame[(y * SIZE + x) * 3 + i % 3] & 0xff;
      }
      out[i] = held(sum / 9);
    }
    return out;
  }
}
