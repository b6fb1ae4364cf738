package engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixtures;
import engine.testing.PickleWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** PyTorch's checkpoints are read as data: both layouts, views and parts. */
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
    for (int protocol = 3; protocol <= 5; protocol++) {
      try (TorchCheckpoint t = open(begun(legacy, protocol), null)) {
        requireWeights(t);
      }
    }
  }

  /** A legacy file whose magic number was pickled by another protocol, in a frame from 4 on. */
  private static byte[] begun(byte[] legacy, int protocol) {
    byte[] frame = protocol < 4 ? new byte[0] : new byte[] {(byte) 0x95, 13, 0, 0, 0, 0, 0, 0, 0};
    return ByteBuffer.allocate(legacy.length + frame.length)
        .put((byte) 0x80)
        .put((byte) protocol)
        .put(frame)
        .put(legacy, 2, legacy.length - 2)
        .array();
  }

  /** Where the pickle has its checksum, elements without theirs are damaged. */
  @Test
  void aFlippedBitIsSeenByTheChecksum() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.testdata().resolve("torch/c10-compiled.pt"));
    try (TorchCheckpoint t = open(whole, null)) {
      t.names().forEach(t::shape);
    }
    refused(flipped(whole, false), null, "does not have the checksum");
    try (TorchCheckpoint t = open(flipped(whole, true), null)) {
      assertTrue(t.floats(t.names().getFirst()).length > 0);
    }
  }

  /** A bit of the first element, and, where no sums are said, the sums of the directory. */
  private static byte[] flipped(byte[] zip, boolean unsummed) {
    byte[] bytes = zip.clone();
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    String text = new String(zip, StandardCharsets.ISO_8859_1);
    int local = text.indexOf("/data/0") - 30;
    while (all.getInt(local) != 0x04034b50) {
      local--;
    }
    int data = local + 30 + all.getShort(local + 26) + all.getShort(local + 28);
    bytes[data] ^= 1;
    for (int at = 0; unsummed && at < zip.length - 46; at++) {
      if (all.getInt(at) == 0x02014b50) {
        all.putInt(at + 16, 0);
      }
    }
    return bytes;
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
    refused(file, "absent", "it has no part 'absent'");
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
  void aDamagedPickleIsRefused() throws IOException {
    refused(new PickleWriter().protocol().op(0xff), "0xff is no opcode");
    refused(new PickleWriter().protocol().whole(1).op(')', 'R'), "a call of something");
    refused(new PickleWriter().protocol().op(0x85), "too few items");
    refused(new PickleWriter().protocol().op('h', 3), "remembered under 3");
    refused(new PickleWriter().protocol().op('u'), "no mark was set");
    refused(new PickleWriter().op(0x80, 6), "pickle protocol 6");
  }

  @Test
  void viewsStayWithinTheirElements() throws IOException {
    long[][][] wrong = {
      {{7}, {1}}, {{2, 3}, {4, 1}}, {{100000, 100000}, {0, 0}}, {{2}, {Long.MAX_VALUE}},
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
  void everyKindOfStridesIsRead() throws IOException {
    Object[][] views = {
      {new long[] {2, 4}, new long[] {1, 0}, 1L, new float[] {2, 2, 2, 2, 3, 3, 3, 3}},
      {new long[] {3}, new long[] {2}, 1L, new float[] {2, 4, 6}},
      {new long[] {0, 9}, new long[] {9, 1}, 6L, new float[0]},
      {new long[] {}, new long[] {}, 5L, new float[] {6}},
      {new long[] {3, 1, 2}, new long[] {1, 77, 3}, 0L, new float[] {1, 4, 2, 5, 3, 6}},
      {new long[] {4, 3}, new long[] {1, 1}, 0L, new float[] {1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6}}
    };
    for (Object[] v : views) {
      PickleWriter p = new PickleWriter().protocol().dict().op('(').text("x");
      p.tensor("FloatStorage", "0", 6, (long) v[2], (long[]) v[0], (long[]) v[1], false).op('u');
      try (TorchCheckpoint t = open(PickleWriter.zip(p.end(), PickleWriter.floats(SIX)), null)) {
        assertArrayEquals((float[]) v[3], t.floats("x"), Arrays.deepToString(v));
      }
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
