package medsora.metric.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.numeric.NumericContract;
import engine.op.reduce.Reduce;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import medsora.media.Clip;
import medsora.metric.network.FeatureNetwork;
import medsora.metric.network.Thumbnails;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCacheTest {
  @TempDir Path folder;

  /** Sums of each colour, and how often it was asked. */
  private static final class Sums implements FeatureNetwork {
    private int asked;

    @Override
    public String name() {
      return "sums";
    }

    @Override
    public int dimensions() {
      return 3;
    }

    @Override
    public int frames() {
      return 2;
    }

    @Override
    public Tensor features(Tensor bytes) {
      asked++;
      return Reduce.sum(
              bytes.view(Shape.of(bytes.dim(0) * 3, bytes.size() / 3 / bytes.dim(0))), 1, 2)
          .view(Shape.of(bytes.dim(0), 3));
    }
  }

  private static Clip clip(int number) {
    byte[] frame = new byte[48];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (byte) (number + i % 3);
    }
    return Clip.of("clip " + number, 4, 4, List.of(frame, frame));
  }

  private FeatureCache open() throws IOException {
    return FeatureCache.open(folder, "sums", 3);
  }

  private static Extraction.Clips clips(int count) {
    return visitor -> {
      for (int i = 0; i < count && visitor.take(i, clip(i)); i++) {
        continue;
      }
    };
  }

  @Test
  void whatWasComputedIsNotComputedAgain() throws IOException {
    Sums network = new Sums();
    try (FeatureCache cache = open()) {
      Extraction first = new Extraction(network, cache, () -> false, n -> {});
      assertArrayEquals(new float[] {160, 192, 224}, first.of("real", clips(6)).rows().row(5));
      assertEquals(6, first.computed());
    }
    try (FeatureCache cache = open()) {
      Extraction again = new Extraction(network, cache, () -> false, n -> {});
      Extraction.Extracted found = again.of("real", clips(7));
      assertEquals(1, again.computed());
      assertEquals(7, network.asked);
      assertArrayEquals(new float[] {160, 192, 224}, found.rows().row(5));
      assertEquals(7, found.hashes().stream().distinct().count());
    }
  }

  @Test
  void aStopLosesNothing() throws IOException {
    Sums network = new Sums();
    BooleanSupplier afterThree = () -> network.asked == 3;
    try (FeatureCache cache = open()) {
      Extraction stopped = new Extraction(network, cache, afterThree, n -> {});
      assertThrows(Extraction.Stopped.class, () -> stopped.of("real", clips(5)));
    }
    try (FeatureCache cache = open()) {
      assertEquals(3, cache.size());
      Extraction rest = new Extraction(network, cache, () -> false, n -> {});
      assertEquals(5, rest.of("real", clips(5)).rows().count());
      assertEquals(2, rest.computed());
    }
  }

  @Test
  void halfARecordIsDropped() throws IOException {
    Path file;
    try (FeatureCache cache = open()) {
      file = cache.file();
      for (int i = 0; i < 4; i++) {
        cache.put(ClipHash.of(clip(i)), new float[] {i, 2, 3});
      }
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 5));
    try (FeatureCache cache = open()) {
      assertEquals(3, cache.size());
      cache.put(ClipHash.of(clip(3)), new float[] {3, 2, 3});
    }
    assertArrayEquals(whole, Files.readAllBytes(file));
  }

  /** The damaged record alone is computed again, in its place. */
  @Test
  void damageIsToldByFileAndPlaceAndMended() throws IOException {
    Sums network = new Sums();
    Path file;
    try (FeatureCache cache = open()) {
      file = cache.file();
      new Extraction(network, cache, () -> false, n -> {}).of("real", clips(5));
    }
    assertEquals(List.of(), FeatureCache.damaged(folder));
    assertEquals(List.of(), FeatureCache.damaged(folder.resolve("none")));
    byte[] whole = Files.readAllBytes(file);
    int record = whole.length / 5;
    byte[] spoilt = whole.clone();
    spoilt[record + 7] ^= 1;
    spoilt[3 * record + 40] ^= 1;
    Files.write(file, java.util.Arrays.copyOf(spoilt, whole.length - 1));
    assertEquals(
        List.of(
            "[features] %s has 2 damaged records, the first at byte %d; what they held is computed again"
                .formatted(file, record)),
        FeatureCache.damaged(folder));
    IOException lacks =
        assertThrows(
            IOException.class,
            () -> FeatureCache.rows(folder, "sums", 3, "real", List.of(ClipHash.of(clip(1)))));
    assertTrue(
        lacks.getMessage().contains("has 2 damaged records, the first at"), lacks.toString());
    try (FeatureCache cache = open()) {
      assertEquals(2, cache.size());
      Extraction again = new Extraction(network, cache, () -> false, n -> {});
      again.of("real", clips(5));
      assertEquals(3, again.computed());
    }
    assertArrayEquals(whole, Files.readAllBytes(file));
    assertEquals(List.of(), FeatureCache.damaged(folder));
  }

  /** Features of another version are in another file, and its damage is nobody's. */
  @Test
  void anotherVersionsFeaturesAreNotTaken() throws IOException {
    try (FeatureCache cache = open()) {
      cache.put(ClipHash.of(clip(0)), new float[] {1, 2, 3});
    }
    Path text;
    try (Stream<Path> files = Files.list(folder)) {
      text = files.filter(f -> f.toString().endsWith(".txt")).findFirst().orElseThrow();
    }
    String said = Files.readString(text);
    assertEquals(
        "sums, 3 features, numeric contract %d, version 2\n".formatted(NumericContract.VERSION),
        said);
    Path old = folder.resolve("features-0123456789abcdef.txt");
    Files.writeString(old, said.replace("version 2", "version 1"));
    Files.write(folder.resolve("features-0123456789abcdef.bin"), new byte[96]);
    assertEquals(List.of(), FeatureCache.damaged(folder));
  }

  @Test
  void oneProcessAtATimeAndOneFileForEachKind() throws IOException {
    try (FeatureCache cache = open();
        FeatureCache other = FeatureCache.open(folder, "other weights", 3)) {
      assertTrue(assertThrows(IOException.class, this::open).getMessage().contains("is open"));
      assertTrue(!cache.file().equals(other.file()));
      float[] four = new float[4];
      assertThrows(IllegalArgumentException.class, () -> cache.put(ClipHash.of(clip(0)), four));
    }
  }

  @Test
  void framesThatAreNotNumbersAreRefused() throws IOException {
    float[] values = new float[3 * 2 * 16];
    values[2 * 16 + 20] = Float.NaN;
    Clip broken = Clip.of("sample 4", 2, 4, 4, values);
    try (FeatureCache cache = open()) {
      Extraction extraction = new Extraction(new Sums(), cache, () -> false, n -> {});
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> extraction.of("generated", visitor -> visitor.take(0, broken)));
      assertTrue(e.getMessage().contains("sample 4: frame 1 holds NaN"), e.getMessage());
    }
  }

  @Test
  void thumbnailsAreMeansAndDependOnTheClipAlone() {
    Thumbnails network = new Thumbnails(5);
    Tensor both = Tensor.generate(Shape.of(2, 3, 5, 11, 9), i -> i < 1485 ? i * 31 % 256 : 4);
    float[] got = network.features(both).toArray();
    assertEquals(2 * 768, got.length);
    for (int i = 768; i < got.length; i++) {
      assertEquals(4, got[i]);
    }
    float[] values = java.util.Arrays.copyOf(both.toArray(), 1485);
    float[] alone = network.features(Tensor.of(Shape.of(1, 3, 5, 11, 9), values)).toArray();
    assertArrayEquals(alone, java.util.Arrays.copyOf(got, 768));
    assertEquals(values[0], alone[0]);
  }
}
