package engine.io;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixtures;
import engine.testing.PickleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * Checkpoints that are damaged or mean harm: each is read or refused with a reason, soon and
 * without much memory, and nothing in it runs.
 */
class TorchCheckpointFuzzTest {
  private static final List<String> WHOLE =
      List.of(
          "c01b-vae-model-namespace.pt",
          "c02-omegaconf.pt",
          "c04c-numpy-array.pt",
          "metric_torchscript_sample.pt",
          "baseline_persistent_pickle_sample.pkl");

  private static byte[] whole(String name) throws IOException {
    return Files.readAllBytes(Fixtures.testdata().resolve("torch").resolve(name));
  }

  private static PickleWriter weights(boolean legacy) {
    return new PickleWriter()
        .protocol()
        .dict()
        .op('(')
        .text("module.a.weight")
        .tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {3, 1}, legacy)
        .text("module.b.turned")
        .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3}, legacy)
        .op('u');
  }

  /** Reads all that a file says it has; the only failure is an IOException with a word. */
  private static void read(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".pt");
    try {
      Files.write(file, bytes);
      try (TensorSource t = TensorSource.open(file)) {
        for (String name : t.names()) {
          if (t.dtype(name).isFloating()) {
            t.floats(name);
          } else if (t.dtype(name).isInteger()) {
            t.longs(name);
          }
        }
      } catch (FormatException refused) {
        assertTrue(refused.getMessage().matches("(?s)\\[\\w+] .+"), refused.getMessage());
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Property(tries = 600)
  void damageIsRefusedOrRead(@ForAll Random random) throws IOException {
    byte[] file = whole(WHOLE.get(random.nextInt(WHOLE.size())));
    damage(file, random);
    read(file);
  }

  @Property(tries = 200)
  void damageOfBothLayoutsIsRefusedOrRead(@ForAll Random random) throws IOException {
    byte[] storage = PickleWriter.floats(1, 2, 3, 4, 5, 6);
    byte[] file =
        random.nextBoolean()
            ? PickleWriter.zip(weights(false).end(), storage)
            : PickleWriter.legacy(weights(true).end(), 6, storage);
    damage(file, random);
    read(file);
  }

  private static void damage(byte[] file, Random random) {
    for (int k = random.nextInt(6); k >= 0; k--) {
      file[random.nextInt(file.length)] = (byte) random.nextInt(256);
    }
  }

  /** Opcodes at random, most of them ones that exist. */
  @Property(tries = 600)
  void noSequenceOfOpcodesDoesHarm(@ForAll Random random) throws IOException {
    byte[] some = new byte[random.nextInt(200)];
    byte[] known =
        "()]}tlduaesb0122N\u0085\u0086\u0087\u0088\u0089\u008f\u0090\u0091\u0094RoQ"
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    for (int i = 0; i < some.length; i++) {
      some[i] =
          random.nextInt(8) == 0 ? (byte) random.nextInt(256) : known[random.nextInt(known.length)];
    }
    read(new PickleWriter().op(0x80, 4).raw(some).end());
  }

  @Test
  void everyCutIsReadOrRefused() throws IOException {
    byte[] pickle = whole("baseline_persistent_pickle_sample.pkl");
    for (int keep = 1; keep < pickle.length; keep += 7) {
      read(Arrays.copyOf(pickle, keep));
    }
  }

  private static String refusal(byte[] bytes) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          Path file = Files.createTempFile("bomb", ".pt");
          try {
            Files.write(file, bytes);
            return assertThrows(FormatException.class, () -> TensorSource.open(file).close())
                .getMessage();
          } finally {
            Files.deleteIfExists(file);
          }
        });
  }

  private static byte[] zip(PickleWriter p) throws IOException {
    return PickleWriter.zip(p.end(), PickleWriter.floats(1));
  }

  private static PickleWriter one(PickleWriter p, String name) {
    return p.text(name).tensor("FloatStorage", "0", 1, 0, new long[] {1}, new long[] {1}, false);
  }

  /** Forty levels of modules that are each twice in the next: 2^40 names. */
  @Test
  void modulesThatShareTheirLikesDoNotMultiply() throws IOException {
    PickleWriter p = new PickleWriter().protocol().object("own", "Net").op('}', '(');
    one(p.text("_parameters").op('}', '('), "w").op('u').text("_modules").op('}', 'u', 'b', 'q', 0);
    for (int level = 1; level <= 40; level++) {
      p.object("own", "Net").op('}', '(').text("_parameters").op('}');
      p.text("_modules").op('}', '(').text("a").op('h', level - 1);
      p.text("b").op('h', level - 1, 'u', 'u', 'b', 'q', level);
    }
    assertTrue(refusal(zip(p)).contains("names of its tensors would be longer than the file"));
  }

  @Test
  void dictsThatAreCopiedAgainAndAgainAreCounted() throws IOException {
    PickleWriter p = new PickleWriter().protocol().op('}', '(');
    for (int i = 0; i < 30_000; i++) {
      p.op('M', i & 0xff, i >> 8, 'N');
    }
    p.op('u', 'q', 0).global("collections", "Counter").op('q', 1);
    for (int i = 0; i < 1000; i++) {
      p.op('h', 1, 'h', 0, 0x85, 'R');
    }
    assertTrue(refusal(zip(p)).contains("copied again and again"));
  }

  @Test
  void viewsThatRepeatElementsAreCounted() throws IOException {
    PickleWriter p = new PickleWriter().protocol().op('}', '(').text("big");
    p.tensor("FloatStorage", "0", 1, 0, new long[] {1L << 40}, new long[] {0}, false).op('u');
    assertTrue(refusal(zip(p)).contains("more than 16 times the file"));
  }

  /** Brackets within brackets, a hundred thousand deep, and tuples that double. */
  @Test
  void depthEndsByItself() throws IOException {
    PickleWriter lists = new PickleWriter().protocol();
    for (int i = 0; i < 100_000; i++) {
      lists.op(']');
    }
    for (int i = 1; i < 100_000; i++) {
      lists.op('a');
    }
    assertTrue(refusal(zip(lists)).contains("holds no dict of tensors"));
    PickleWriter tuples = new PickleWriter().protocol().op(')');
    for (int i = 0; i < 1000; i++) {
      tuples.op('2', 0x86);
    }
    assertTrue(refusal(zip(tuples)).contains("holds no dict of tensors"));
  }

  /** A stream within a stream within a stream: what lies too deep is an opaque value. */
  @Test
  void filesWithinFilesEnd() throws IOException {
    byte[] inner = new PickleWriter().protocol().op('N').end();
    for (int i = 0; i < 6; i++) {
      PickleWriter p = new PickleWriter().protocol().global("torch.storage", "_load_from_bytes");
      inner = PickleWriter.legacy(p.bytes(inner).op(0x85, 'R').end(), 1, PickleWriter.floats(1));
    }
    assertTrue(refusal(inner).startsWith("[torch] "));
  }
}
