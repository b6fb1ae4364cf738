package tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensors;
import engine.testing.PickleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** A PyTorch checkpoint becomes safetensors, or is refused and nothing is written. */
class ConvertTest {
  @TempDir Path folder;

  private Path checkpoint(String module, String name) throws IOException {
    PickleWriter p = new PickleWriter().protocol().op('}', '(').text("model").dict().op('(');
    p.text("w").tensor("FloatStorage", "0", 2, 0, new long[] {2}, new long[] {1}, false);
    p.op('u').text("args").global(module, name).op('u');
    Path file = folder.resolve("in.pth");
    Files.write(file, PickleWriter.zip(p.end(), PickleWriter.floats(3, 4)));
    return file;
  }

  @Test
  void whatIsFoundIsSaidAndWritten() throws IOException {
    Path in = checkpoint("argparse", "Namespace");
    Path out = folder.resolve("out.safetensors");
    Outcome o = Runs.run(new Convert(), in, out);
    assertEquals(0, o.code(), o.err());
    assertTrue(o.out().contains("part 'model': 1 tensors, written"), o.out());
    try (SafeTensors file = SafeTensors.open(out)) {
      assertArrayEquals(new float[] {3, 4}, file.floats("w"));
    }
    Outcome again = Runs.run(new Convert(), in, out);
    assertEquals(1, again.code());
    assertTrue(again.err().contains("--force"), again.err());
    assertEquals(0, Runs.run(new Convert(), in, out, "--force").code());
  }

  /** A name that is no tensor's stays a word, which nothing looks up. */
  @Test
  void whatIsHostileBesideTheWeightsIsNotRun() throws IOException {
    Path out = folder.resolve("out.safetensors");
    Outcome o = Runs.run(new Convert(), checkpoint("os", "system"), out);
    assertEquals(0, o.code(), o.err());
    assertTrue(o.out().contains("part 'model': 1 tensors, written"), o.out());
    try (SafeTensors file = SafeTensors.open(out)) {
      assertEquals(List.of("w"), List.copyOf(file.names()));
    }
  }

  @Test
  void weightsThatAreMadeByAProgramAreRefused() throws IOException {
    PickleWriter p = new PickleWriter().protocol().op('}', '(').text("model");
    p.global("os", "system").op('(').text("true").op('t', 'R', 'u');
    Path in = folder.resolve("made.pth");
    Files.write(in, PickleWriter.zip(p.end(), PickleWriter.floats(3, 4)));
    Path out = folder.resolve("out.safetensors");
    Outcome o = Runs.run(new Convert(), in, out);
    assertEquals(1, o.code(), o.out());
    assertTrue(o.err().contains("holds no dict of tensors"), o.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    Path out = folder.resolve("out.safetensors");
    Outcome part = Runs.run(new Convert(), checkpoint("argparse", "Namespace"), out, "--part", "x");
    assertTrue(part.err().contains("it has no part 'x'"), part.err());
    Path text = Files.writeString(folder.resolve("text.pth"), "no checkpoint");
    assertTrue(Runs.run(new Convert(), text, out).err().contains("this is no safetensors file"));
  }
}
