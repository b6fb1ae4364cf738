package medsora.baseline.downstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.SplitMix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.baseline.downstream.Examples.Example;
import medsora.baseline.downstream.Examples.Reading;
import medsora.baseline.downstream.Examples.Sampling;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.phantom.Phantom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownstreamTest {
  private static final Reading READING = new Reading(8, 64, Sampling.SPREAD);

  @TempDir Path folder;

  /** Grey clips of noise; those of class 1 have a bright square somewhere in two frames. */
  private static Clip clip(int label, long seed) {
    int side = 64;
    List<byte[]> frames = new ArrayList<>();
    int at = (int) Math.floorMod(SplitMix.at(seed, 1), 40L);
    for (int t = 0; t < 8; t++) {
      byte[] rgb = new byte[3 * side * side];
      for (int i = 0; i < rgb.length; i++) {
        int x = i / 3 % side - at;
        int y = i / 3 / side - at;
        boolean square = label == 1 && t / 2 == at % 4 && x >= 0 && x < 16 && y >= 0 && y < 16;
        rgb[i] = (byte) (square ? 230 : 80 + 30 * SplitMix.unit(seed, 10 + i + 99991L * t));
      }
      frames.add(rgb);
    }
    return Clip.of("clip " + seed, side, side, frames);
  }

  private static Examples examples(int count, long seed, boolean labelled) {
    List<Example> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(Examples.example(clip(i % 2, seed + i), labelled ? i % 2 : -1, READING));
    }
    return new Examples(List.of("none", "square"), all);
  }

  private static double learned(DownstreamOptions options, Examples unlabelled, int epochs) {
    long seed = 1;
    SmallNetwork network = new SmallNetwork();
    network.initialize(seed);
    return new SemiSupervised(network, options.small().with(epochs, 0.01), seed)
        .run(examples(12, 500, true), unlabelled, examples(12, 900, true), (f1, epoch) -> {})
        .value();
  }

  @Test
  void theSmallNetworkLearnsWhatIsSimple() {
    double alone = learned(DownstreamOptions.PAPER, new Examples(List.of(), List.of()), 12);
    assertTrue(alone > 0.9, "F1 " + alone);
  }

  /** The first clips of the phantom of each class, 8 frames of 32x32. */
  private static Examples phantom(long seed, int each) {
    List<Example> all = new ArrayList<>();
    int[] left = {each, each};
    for (int clip = 0; left[0] + left[1] > 0; clip++) {
      Phantom phantom = new Phantom(seed, clip, 46);
      int label = Phantom.LABELS.indexOf(phantom.label());
      if (left[label]-- > 0) {
        List<byte[]> frames = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
          frames.add(phantom.frame(6 * t, 32));
        }
        Clip seen = Clip.of("clip " + clip, 32, 32, frames);
        all.add(Examples.example(seen, label, READING));
      }
      left[label] = Math.max(0, left[label]);
    }
    return new Examples(Phantom.LABELS, all);
  }

  /** Forty clips of the phantom teach it to find the lesion in others. */
  @Test
  void theSmallNetworkLearnsTheLesionFromFewLabels() {
    Examples test = phantom(72, 20);
    SmallNetwork network = new SmallNetwork();
    network.initialize(1);
    double f1 =
        new SemiSupervised(network, DownstreamOptions.PAPER.small(), 1)
            .run(phantom(71, 20), new Examples(List.of(), List.of()), test, (f, epoch) -> {})
            .value();
    double always = F1.always(test.labels()).value();
    assertEquals(2 / 3.0, always, 1e-12);
    assertTrue(f1 > always + 0.05, "F1 " + f1);
  }

  @Test
  void theSameSeedLearnsTheSame() {
    DownstreamOptions options = DownstreamOptions.PAPER;
    double once = learned(options, examples(8, 100, false), 2);
    assertEquals(once, learned(options, examples(8, 100, false), 2));
  }

  /** The average of 0.999 still is the beginning after few steps. */
  @Test
  void theReleasedAverageHardlyMoves() {
    double released = learned(DownstreamOptions.RELEASED, examples(8, 100, false), 6);
    assertTrue(released < 0.9, "F1 " + released);
  }

  @Test
  void framesAreThoseOfTheReleasedWindow() {
    assertArrayEquals(
        new int[] {0, 9, 15, 15, 15, 15, 15, 15}, Sampling.RELEASED.indices(16, 8, 8));
    assertArrayEquals(
        new int[] {0, 15, 15, 15, 15, 15, 15, 15}, Sampling.RELEASED.indices(16, 25, 8));
    assertArrayEquals(new int[] {0, 2, 4, 6, 8, 10, 12, 15}, Sampling.SPREAD.indices(16, 8, 8));
    assertArrayEquals(new int[8], Sampling.SPREAD.indices(1, 8, 8));
  }

  @Test
  void viewsOfATestAreTheLeftOrTheMiddle() {
    float[] frame = new float[3 * 4 * 8];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = i % 8;
    }
    List<Example> wide = List.of(new Example("wide", 0, 4, 8, List.of(frame)));
    float[] left = new Views(4, false).test(wide).toArray();
    float[] middle = new Views(4, true).test(wide).toArray();
    assertEquals((0 / 255f - 0.45f) / 0.225f, left[0]);
    assertEquals((2 / 255f - 0.45f) / 0.225f, middle[0], 1e-6f);
    RandomKey key = new RandomKey(1, 5, 2);
    Tensor strong = new Views(4, true).strong(wide, key);
    assertEquals(Shape.of(1, 3, 1, 4, 4), strong.shape());
    assertArrayEquals(strong.toArray(), new Views(4, true).strong(wide, key).toArray());
  }

  @Property(tries = 60)
  void strongChangesStayWithinBytes(
      @ForAll @IntRange(min = 0, max = 13) int change,
      @ForAll @IntRange(min = -10, max = 10) int n) {
    float[] values = new float[3 * 2 * 9 * 9];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (255.999 * SplitMix.unit(change, i));
    }
    float[] before = values.clone();
    StrongChanges.Planes p = new StrongChanges.Planes(values, 2, 9);
    StrongChanges.Planes made = Change.values()[change].made(p, n / 10.0);
    assertArrayEquals(before, values, "what was given is changed");
    for (float v : made.values()) {
      assertTrue(v >= 0 && v <= 256, Change.values()[change] + " " + v);
    }
  }

  @Test
  void movesAndTurnsDoWhatTheySay() {
    float[] values = new float[3 * 5 * 5];
    values[5 * 2 + 2] = 9;
    StrongChanges.Planes p = new StrongChanges.Planes(values, 1, 5);
    assertArrayEquals(values, Change.ROTATE.made(p, 1).values());
    assertEquals(9, Change.TRANSLATE_X.made(p, 0.7).values()[5 * 2 + 1]);
    assertEquals(9, Change.TRANSLATE_Y.made(p, -0.7).values()[5 * 3 + 2]);
    assertEquals(246, Change.SOLARISE.made(p, 1).values()[5 * 2 + 2]);
    assertFalse(Arrays.equals(values, Change.SHARPNESS.made(p, 0.1).values()));
  }

  @Test
  void pseudoLabelsCountWhereTheyAreSure() {
    PseudoLabels labels = new PseudoLabels(0.95, 2);
    Tensor logits = Tensor.of(Shape.of(2, 2), 5, 0, 0, 5);
    PseudoLabels.Labels first = labels.next(logits);
    assertArrayEquals(new int[] {0, 1}, first.label());
    assertArrayEquals(new float[] {1, 1}, first.mask());
    // What is said of all alike is aligned away.
    PseudoLabels.Labels same =
        new PseudoLabels(0.95, 2).next(Tensor.of(Shape.of(2, 2), 5, 0, 5, 0));
    assertEquals(0.5f, same.score()[0], 1e-5f);
    assertArrayEquals(new float[] {0, 0}, same.mask());
    assertThrows(IllegalArgumentException.class, () -> new PseudoLabels(1.1, 2));
  }

  @Test
  void f1IsThatOfTheSecondClass() {
    F1 f1 = F1.of(new int[] {1, 1, 0, 0, 1}, new int[] {1, 0, 1, 0, 1});
    assertEquals(new F1(2, 1, 1), f1);
    assertEquals(2 / 3.0, f1.value(), 1e-12);
    assertEquals(0, F1.of(new int[] {0}, new int[] {0}).value());
  }

  @Test
  void foldersAreClasses() throws IOException {
    for (String name : List.of("none", "polyp")) {
      Files.createDirectories(folder.resolve(name));
      PngWriter.strip(folder.resolve(name).resolve("a.png"), clip(0, 1));
    }
    Examples read = Examples.labelled(folder, READING, 20);
    assertEquals(List.of("none", "polyp"), read.names());
    assertArrayEquals(new int[] {0, 1}, read.labels());
    assertEquals(8, read.examples().getFirst().frames().size());
    assertEquals(2, Examples.unlabelled(folder, READING, 0).count());
    Files.createDirectories(folder.resolve("third"));
    IOException e = assertThrows(IOException.class, () -> Examples.labelled(folder, READING, 20));
    assertTrue(e.getMessage().contains("wants two folders"), e.getMessage());
  }
}
