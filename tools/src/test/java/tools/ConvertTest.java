package tools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensors;
import engine.testing.PickleWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
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

  /** {"model": {"w": tensor, "b": value}}. */
  private Outcome beside(Consumer<PickleWriter> value) throws IOException {
    return beside("w", "b", value);
  }

  /** {"model": {tensor: tensor, key: value}}. */
  private Outcome beside(String tensor, String key, Consumer<PickleWriter> value)
      throws IOException {
    PickleWriter p = new PickleWriter().protocol().op('}', '(').text("model").op('}', '(');
    p.text(tensor).tensor("FloatStorage", "0", 2, 0, new long[] {2}, new long[] {1}, false);
    value.accept(p.text(key));
    Path in = folder.resolve("beside.pth");
    Files.write(in, PickleWriter.zip(p.op('u', 'u').end(), PickleWriter.floats(3, 4)));
    return Runs.run(new Convert(), in, folder.resolve("out.safetensors"), "--force");
  }

  /** The class of a quantized tensor, a call, a storage without a shape. */
  @Test
  void anObjectInATensorsPlaceRefusesTheFile() throws IOException {
    Outcome call = beside(p -> p.global("posix", "system").text("true").op(0x85, 'R'));
    assertEquals(1, call.code(), call.out());
    assertTrue(call.err().contains("b: posix.system"), call.err());
    Outcome own =
        beside(p -> {
          p.object("torchao", "Quantized").op('}', '(').text("data");
          p.tensor("FloatStorage", "0", 2, 0, new long[] {2}, new long[] {1}, false);
          p.op('u', 'b');
        });
    assertEquals(1, own.code(), own.out());
    assertTrue(own.err().contains("b: torchao.Quantized"), own.err());
  }

  @Test
  void whatIsClearlyNoWeightIsLeftOutByName() throws IOException {
    assertLeftOut("b, a number", beside(p -> p.whole(3)));
    assertLeftOut("b, a string", beside(p -> p.text("no")));
    assertLeftOut("b, None", beside(p -> p.op('N')));
    assertLeftOut("b, a list of 1 values", beside(p -> p.op(']').whole(3).op('a')));
    assertLeftOut("b, a dict without tensors", beside(p -> p.op('}')));
    assertLeftOut("b, argparse.Namespace", beside(p -> p.object("argparse", "Namespace")));
    assertLeftOut("b, the name torch.float32", beside(p -> p.global("torch", "float32")));
  }

  /** Settings of a class that nobody knows stand where no weight does. */
  @Test
  void anUnknownObjectAwayFromTheWeightsIsLeftOutByName() throws IOException {
    Consumer<PickleWriter> object = p -> p.object("own", "Cfg");
    assertLeftOut("plan, own.Cfg", beside("body.0.weight", "plan", object));
    assertEquals(1, beside("body.0.weight", "body.0.bias", object).code());
    assertEquals(1, beside("body.0.weight", "head.weight", object).code());
  }

  private static void assertLeftOut(String words, Outcome o) {
    assertEquals(0, o.code(), o.err());
    assertTrue(o.out().contains("left out: " + words), o.out());
    assertTrue(o.out().contains("1 tensors, 2 elements"), o.out());
  }

  /** As protocol 2 and as protocol 3 and later write arrays, little-endian and big-endian. */
  @Test
  void arraysOfNumpyAreTensors() throws IOException {
    for (String order : new String[] {"<", ">"}) {
      for (boolean old : new boolean[] {true, false}) {
        byte[] bytes = order.equals("<") ? new byte[] {1, 0, 2, 0} : new byte[] {0, 1, 0, 2};
        Outcome o =
            beside(p -> {
              p.global("numpy.core.multiarray", "_reconstruct").op('(');
              p.global("numpy", "ndarray").tuple(0).text("b").op('t', 'R', '(').whole(1);
              p.tuple(1, 2).global("numpy", "dtype").text("i2").op(0x89, 0x88, 0x87, 'R');
              p.op('(').whole(3).text(order).op('N', 'N', 'N', 't', 'b', 0x89);
              if (old) {
                p.global("_codecs", "encode").text(new String(bytes, ISO_8859_1));
                p.text("latin1").op(0x86, 'R');
              } else {
                p.bytes(bytes);
              }
              p.op('t', 'b');
            });
        assertEquals(0, o.code(), o.err());
        assertTrue(o.out().contains("part 'model': 2 tensors, written"), o.out());
        try (SafeTensors file = SafeTensors.open(folder.resolve("out.safetensors"))) {
          assertArrayEquals(new long[] {1, 2}, file.shape("b"));
          assertArrayEquals(new long[] {1, 2}, file.longs("b"));
        }
      }
    }
  }

  /** The type is valid, and so is the file. */
  @Test
  void aU64BeyondALongIsLeftOutAlone() throws IOException {
    String header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"u\":{\"dtype\":\"U64\",\"shape\":[1],\"data_offsets\":[4,12]}}";
    ByteBuffer b = ByteBuffer.allocate(8 + header.length() + 12).order(ByteOrder.LITTLE_ENDIAN);
    b.putLong(header.length()).put(header.getBytes(ISO_8859_1)).putFloat(2);
    Path in = Files.write(folder.resolve("u.safetensors"), b.putLong(Long.MIN_VALUE + 5).array());
    Outcome o = Runs.run(new Convert(), in, folder.resolve("out.safetensors"));
    assertEquals(0, o.code(), o.err());
    assertTrue(o.out().contains("left out: u, U64 beyond 2^63-1"), o.out());
    try (SafeTensors file = SafeTensors.open(folder.resolve("out.safetensors"))) {
      assertEquals(List.of("w"), List.copyOf(file.names()));
    }
  }

  /** What a wrapper counts is a tensor of the part and not written; a shadow is in its average. */
  @Test
  void whatIsWrittenOfAPartIsSaid() throws IOException {
    PickleWriter p = new PickleWriter().protocol().op('}', '(');
    p.text("model").op('}', '(');
    scalar(scalar(p, "n_averaged"), "module.w").op('u');
    Path in = folder.resolve("average.pth");
    Files.write(in, PickleWriter.zip(p.op('u').end(), PickleWriter.floats(3)));
    Outcome o = Runs.run(new Convert(), in, folder.resolve("out.safetensors"));
    assertTrue(o.out().contains("part 'model': 2 tensors, 1 of them written"), o.out());
    assertTrue(o.out().contains("left out: n_averaged, a number that a wrapper keeps"), o.out());
    p = new PickleWriter().protocol().op('}', '(').text("ema").op('}', '(').text("decay").whole(1);
    scalar(p.text("shadow").op('}', '('), "w").op('u', 'u').text("model").op('}', '(');
    Files.write(in, PickleWriter.zip(scalar(p, "w").op('u', 'u').end(), PickleWriter.floats(3)));
    o = Runs.run(new Convert(), in, folder.resolve("out.safetensors"), "--force");
    assertTrue(o.out().contains("part 'ema.shadow': 1 tensors, written"), o.out());
  }

  private static PickleWriter scalar(PickleWriter p, String name) {
    return p.text(name).tensor("FloatStorage", "0", 1, 0, new long[] {1}, new long[] {1}, false);
  }

  @Test
  void whatAFileIsComesFirst() throws IOException {
    Path page = Files.writeString(folder.resolve("page.pt"), "<html>404 not found</html>");
    Path out = folder.resolve("out.safetensors");
    String said = Runs.run(new Convert(), page, out).err();
    assertTrue(said.contains("page.pt: it is a web page, not weights"), said);
    assertFalse(said.contains("header length"), said);
    Path empty = Files.write(folder.resolve("empty.pt"), new byte[0]);
    said = Runs.run(new Convert(), empty, out).err();
    assertTrue(said.contains("empty.pt: 0 bytes, it is empty: the download"), said);
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
