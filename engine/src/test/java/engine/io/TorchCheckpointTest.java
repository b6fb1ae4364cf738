package engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.PickleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** PyTorch's checkpoints are read as data: both layouts, views and parts; all else is refused. */
class TorchCheckpointTest {
  private static final Path SHARED = Path.of("..", "..", "shared");
  private static final float[] SIX = {1, 2, 3, 4, 5, 6};

  private static TorchCheckpoint open(byte[] bytes, String part) throws IOException {
    Path file = Files.createTempFile("checkpoint", ".pth");
    try {
      Files.write(file, bytes);
      return TorchCheckpoint.open(file, part);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static PickleWriter weights(boolean legacy) {
    return new PickleWriter()
        .protocol()
        .dict()
        .op('(')
        .text("module.a.weight")
        .tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1}, legacy)
        .oldText("module.b.turned")
        .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3}, legacy)
        .text("module.c.last")
        .tensor("FloatStorage", "0", 6, 4, new long[] {2}, new long[] {1}, legacy)
        .op('u');
  }

  private static void requireWeights(TorchCheckpoint t) {
    assertEquals(List.of("a.weight", "b.turned", "c.last"), t.names());
    assertArrayEquals(SIX, t.floats("a.weight"));
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, t.floats("b.turned"));
    assertArrayEquals(new float[] {5, 6}, t.floats("c.last"));
    assertArrayEquals(new long[] {3, 2}, t.shape("b.turned"));
  }

  @Test
  void bothLayoutsGiveViewsInRowMajorOrder() throws IOException {
    byte[] storage = PickleWriter.floats(SIX);
    try (TorchCheckpoint t = open(PickleWriter.zip(weights(false).end(), storage), null)) {
      requireWeights(t);
    }
    byte[] legacy = PickleWriter.legacy(weights(true).end(), 6, storage);
    try (TorchCheckpoint t = open(legacy, null)) {
      requireWeights(t);
    }
  }

  @Test
  void aPartIsChosenByRuleOrByName() throws IOException {
    PickleWriter p = new PickleWriter().protocol().op('}', '(');
    for (String part : List.of("model", "ema", "other")) {
      p.text(part).dict().op('(').text(part + ".x");
      p.tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1}, false).op('u');
    }
    p.text("epoch").whole(7).text("args").global("argparse", "Namespace").op(')', 0x81);
    p.op('}').text("lr").op('G', 0, 0, 0, 0, 0, 0, 0, 0, 's', 'b', 'u');
    byte[] file = PickleWriter.zip(p.end(), PickleWriter.floats(SIX));
    try (TorchCheckpoint t = open(file, null)) {
      assertEquals("ema", t.part());
      assertEquals(Map.of("model", 1, "ema", 1, "other", 1), t.parts());
    }
    try (TorchCheckpoint t = open(file, "other")) {
      assertEquals(List.of("other.x"), t.names());
    }
    refused(file, "absent", "It has no 'absent'");
  }

  private static void refused(byte[] file, String part, String because) {
    FormatException e = assertThrows(FormatException.class, () -> open(file, part));
    assertTrue(e.getMessage().contains(because), e.getMessage());
  }

  private static void refused(PickleWriter pickle, String because) throws IOException {
    byte[] bytes = pickle.end();
    refused(PickleWriter.zip(bytes, PickleWriter.floats(SIX)), null, because);
    refused(PickleWriter.legacy(bytes, 6, PickleWriter.floats(SIX)), null, because);
  }

  @Test
  void whatWouldRunIsRefusedByName() throws IOException {
    PickleWriter system = new PickleWriter().protocol().global("posix", "system");
    refused(system.text("true").op(0x85, 'R'), "the global 'posix.system'");
    refused(new PickleWriter().protocol().global("builtins", "eval"), "'builtins.eval'");
    refused(new PickleWriter().protocol().op('i'), "opcode 0x69 'i'");
    refused(new PickleWriter().protocol().whole(1).op(')', 'R'), "a call of something");
    refused(new PickleWriter().protocol().op(0x85), "too few items");
    refused(new PickleWriter().protocol().op('h', 3), "remembered under 3");
  }

  @Test
  void viewsStayWithinTheirElements() throws IOException {
    long[][][] wrong = {
      {{7}, {1}}, {{2, 3}, {4, 1}}, {{1000, 1000}, {0, 0}}, {{2}, {Long.MAX_VALUE}},
      {{Long.MAX_VALUE, Long.MAX_VALUE}, {1, 1}}, {{-1}, {1}}, {{2}, {-1}}, {{2, 2}, {1}}
    };
    for (long[][] w : wrong) {
      PickleWriter p = new PickleWriter().protocol().dict().op('(').text("x");
      p.tensor("FloatStorage", "0", 6, 0, w[0], w[1], false).op('u');
      byte[] file = PickleWriter.zip(p.end(), PickleWriter.floats(SIX));
      assertThrows(FormatException.class, () -> open(file, null), Arrays.deepToString(w));
    }
  }

  @Test
  void sizesThatLieAreRefused() throws IOException {
    byte[] short5 = PickleWriter.floats(1, 2, 3, 4, 5);
    refused(PickleWriter.zip(weights(false).end(), short5), null, "promise 6 elements");
    refused(PickleWriter.legacy(weights(true).end(), 6, short5), null, "are left");
    refused(PickleWriter.legacy(weights(true).end(), 1L << 60, short5), null, "promise 6");
  }

  @Test
  void aListThatHoldsItselfEnds() throws IOException {
    PickleWriter p = new PickleWriter().protocol().op(']', 'q', 0, 'h', 0, 'a');
    byte[] file = PickleWriter.zip(p.end(), new byte[0]);
    refused(file, null, "holds no dict of tensors");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = PickleWriter.legacy(weights(true).end(), 6, PickleWriter.floats(SIX));
    for (int keep = 0; keep < whole.length; keep++) {
      byte[] cut = Arrays.copyOf(whole, keep);
      assertThrows(FormatException.class, () -> open(cut, null), "cut to " + keep);
    }
  }

  /** The only failure is a FormatException: no other exception, no endless loop. */
  @Property(tries = 200)
  void damageIsRefusedOrRead(@ForAll Random random) throws IOException {
    byte[] pickle = weights(random.nextBoolean()).end();
    byte[] storage = PickleWriter.floats(SIX);
    byte[] file =
        random.nextBoolean()
            ? PickleWriter.zip(pickle, storage)
            : PickleWriter.legacy(pickle, 6, storage);
    for (int k = random.nextInt(6); k >= 0; k--) {
      file[random.nextInt(file.length)] = (byte) random.nextInt(256);
    }
    try (TorchCheckpoint t = open(file, null)) {
      for (String name : t.names()) {
        if (t.dtype(name).isFloating()) {
          t.floats(name);
        }
      }
    } catch (FormatException refused) {
      assertTrue(refused.getMessage().startsWith("[torch] "), refused.getMessage());
    }
  }

  /** raft-small.pth has the names and shapes of the published list. */
  @Test
  void publishedWeightsAreRead() throws IOException {
    Path file = SHARED.resolve("data/weights/raft-small.pth");
    Path list = SHARED.resolve("reference/state_dict_raft_small.tsv");
    if (!Files.exists(file) || !Files.exists(list)) {
      System.out.println("not run: there is no " + file);
      return;
    }
    Map<String, String> wanted = new TreeMap<>();
    for (String line : Files.readAllLines(list)) {
      String[] cells = line.split("\t");
      if (cells[0].matches("\\d+")) {
        wanted.put(cells[1], cells[2].replaceAll("[^\\d,x]", "").replace('x', ','));
      }
    }
    try (TensorSource t = TensorSource.open(file)) {
      Map<String, String> found = new TreeMap<>();
      for (String name : t.names()) {
        found.put(name, Arrays.toString(t.shape(name)).replaceAll("[^\\d,]", ""));
        for (float v : t.floats(name)) {
          assertTrue(Float.isFinite(v), name);
        }
      }
      assertEquals(wanted, found);
    }
  }
}
