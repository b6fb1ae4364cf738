package medsora.baseline.gan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensorsWriter;
import engine.io.TorchCheckpoint;
import engine.reference.Formula;
import engine.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import medsora.baseline.mostganv.Words;
import medsora.baseline.mostganv.WordsConfig;
import medsora.baseline.styleganv.Generator;
import medsora.baseline.styleganv.GeneratorConfig;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import nn.Entry;
import nn.Outline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GanFileTest {
  private static final long SEED = 131;

  @TempDir Path folder;

  static Path file(String name) {
    return Fixtures.testdata().resolve("gan").resolve(name + "-tiny.pkl");
  }

  static Generator read(String name) throws IOException {
    return GanFile.read(file(name), WordsConfig.Form.PUBLISHED, GanFile.DISTANCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"styleganv", "mostganv"})
  void theAveragedGeneratorIsReadFromItsState(String name) throws IOException {
    assertTrue(GanFile.isOne(file(name)));
    Map<String, Entry> entries = read(name).stateDict();
    int p = 0;
    for (Map.Entry<String, Entry> e : entries.entrySet()) {
      int size = e.getValue().shape().size();
      boolean slow = e.getKey().matches("mapping\\.fc.*|.*motion_encoder\\.conv\\..*");
      Formula.Range range = new Formula.Range(0, slow ? 100 : 1);
      float[] expected = Formula.value(range, size, SEED, p++);
      assertArrayEquals(expected, e.getValue().value().toArray(), e.getKey());
    }
    try (TorchCheckpoint t = TorchCheckpoint.open(file(name))) {
      assertEquals("G_ema", t.part());
      assertEquals(new TreeSet<>(entries.keySet()), new TreeSet<>(t.names()));
    }
  }

  /** Counted by building the published networks. */
  @Test
  void parametersAreAsManyAsPublished() {
    Generator plain = Outline.of(() -> new Generator(GeneratorConfig.PUBLISHED));
    assertEquals(31_863_698, plain.parameterCount());
    assertEquals(100, plain.stateDict().size());
    Generator words =
        Outline.of(() -> Words.generator(GeneratorConfig.PUBLISHED, WordsConfig.PUBLISHED));
    assertEquals(40_673_170, words.parameterCount());
    assertEquals(120, words.stateDict().size());
  }

  @Test
  void whatIsNoGeneratorIsSaidToBeNone() throws IOException {
    Path sample =
        Fixtures.testdata().resolve("torch").resolve("baseline_persistent_pickle_sample.pkl");
    assertFalse(GanFile.isOne(sample));
    IOException e =
        assertThrows(IOException.class, () -> GanFile.read(sample, WordsConfig.Form.PUBLISHED, 16));
    assertTrue(e.getMessage().contains("it has no tensor synthesis."), e.getMessage());
    assertFalse(GanFile.isOne(folder));
    assertFalse(GanFile.isOne(folder.resolve("nothing.pkl")));
  }

  @Property(tries = 60)
  void whatIsCutIsRefused(@ForAll @IntRange(min = 0, max = 59_000) int length) throws IOException {
    byte[] whole = Files.readAllBytes(file("mostganv"));
    Path cut = Files.createTempFile("cut", ".pkl");
    Files.write(cut, Arrays.copyOf(whole, length));
    assertThrows(IOException.class, () -> GanFile.read(cut, WordsConfig.Form.PUBLISHED, 16));
    Files.delete(cut);
  }

  /** Whatever a byte becomes: a generator of other numbers, or a fault with a message. */
  @Property(tries = 150)
  void whatIsDamagedIsReadOrRefused(
      @ForAll @IntRange(min = 0, max = 59_000) int at, @ForAll @IntRange(min = 1, max = 255) int by)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file("mostganv"));
    bytes[at] ^= (byte) by;
    Path damaged = Files.createTempFile("damaged", ".pkl");
    Files.write(damaged, bytes);
    try {
      GanFile.read(damaged, WordsConfig.Form.PUBLISHED, 16);
    } catch (IOException e) {
      assertTrue(e.getMessage().length() > 10, e.getMessage());
    }
    Files.delete(damaged);
  }

  @Test
  void tensorsThatDoNotFitAreNamed() throws IOException {
    Path missing = without("synthesis.b8.torgb.bias");
    IOException e =
        assertThrows(
            IOException.class, () -> GanFile.read(missing, WordsConfig.Form.PUBLISHED, 16));
    assertTrue(e.getMessage().contains("missing synthesis.b8.torgb.bias"), e.getMessage());
    Path constant = without("synthesis.b4.input.input.const");
    e =
        assertThrows(
            IOException.class, () -> GanFile.read(constant, WordsConfig.Form.PUBLISHED, 16));
    assertTrue(e.getMessage().contains("no tensor synthesis.b4.input"), e.getMessage());
  }

  private Path without(String name) throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    read("styleganv")
        .stateDict()
        .forEach((entry, value) -> {
          if (!entry.equals(name)) {
            long[] shape = Arrays.stream(value.shape().dims()).asLongStream().toArray();
            writer.floats(entry, shape, value.value().toArray());
          }
        });
    Path file = folder.resolve(name + ".safetensors");
    writer.write(file);
    return file;
  }
}
