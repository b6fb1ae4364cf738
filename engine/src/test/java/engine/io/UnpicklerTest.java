package engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.PickleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a pickle names stays a word: it is read around, and nothing of it runs. */
class UnpicklerTest {
  private static final float[] SIX = {1, 2, 3, 4, 5, 6};

  @TempDir Path folder;

  private TorchCheckpoint open(byte[] bytes) throws IOException {
    return TorchCheckpoint.open(Files.write(folder.resolve("any.pt"), bytes));
  }

  private static PickleWriter six(PickleWriter p, String name) {
    return p.text(name).tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1}, false);
  }

  /** {"model": {"x": tensor}, "beside": ...}. */
  private TorchCheckpoint beside(Consumer<PickleWriter> value) throws IOException {
    PickleWriter p = new PickleWriter().op(0x80, 4).op('}', '(').text("beside");
    value.accept(p);
    six(p.text("model").op('}', '('), "x").op('u', 'u');
    return open(PickleWriter.zip(p.end(), PickleWriter.floats(SIX)));
  }

  private void readAround(Consumer<PickleWriter> value) throws IOException {
    try (TorchCheckpoint t = beside(value)) {
      assertEquals("model", t.part());
      assertArrayEquals(SIX, t.floats("x"));
    }
  }

  @Test
  void callsOfAnyNameAreReadAround() throws IOException {
    readAround(p -> p.global("posix", "system").text("touch here").op(0x85, 'R'));
    readAround(p -> p.global("builtins", "eval").text("1/0").op(0x85, 'R'));
    readAround(p -> p.op('(').text("a").op('i').raw("os\nsystem\n".getBytes()));
    readAround(p -> p.op('(').global("os", "system").text("a").op('o'));
    readAround(p -> p.text("os").text("system").op(0x93, ')', '}', 0x92));
    readAround(p -> p.op(0x82, 7));
    // What a call gave is called, and given state.
    readAround(p -> p.global("functools", "partial").op(')', 'R', ')', 'R', '}', 'b'));
  }

  @Test
  void settingsOfEveryKindAreReadAround() throws IOException {
    readAround(
        p -> p.global("collections", "defaultdict").global("builtins", "list").op(0x85, 'R'));
    readAround(
        p -> p.global("collections", "Counter").op('}').text("a").whole(3).op('s', 0x85, 'R'));
    readAround(p -> p.global("pathlib", "PosixPath").text("/").text("data").op(0x86, 'R'));
    readAround(p -> p.global("datetime", "datetime").bytes(new byte[10]).op(0x85, 'R'));
    readAround(p -> p.global("torch", "float8_e4m3fn"));
    readAround(p -> p.global("torch", "device").text("cuda").whole(0).op(0x86, 'R'));
    readAround(p -> p.object("own.package", "Config").op('}').text("a").whole(1).op('s', 'b'));
    // A dict and a list by other names, a tuple of attributes and slots, a set.
    readAround(p -> p.object("easydict", "EasyDict").op('(').text("a").whole(1).op('u'));
    readAround(p -> p.object("own", "List").op('(').text("a").whole(1).op('e'));
    readAround(p -> p.object("own", "Slots").op('N', '}', 0x86, 'b'));
    readAround(p -> p.op(0x8f, '(').whole(1).op(0x90));
    readAround(p -> p.op('(').whole(1).op(0x91));
  }

  @Test
  void numbersOfEverySizeAreRead() throws IOException {
    readAround(p -> p.op(0x8a, 0));
    readAround(p -> p.op(0x8a, 20).raw(new byte[20]));
    readAround(p -> p.op(0x8b, 44, 1, 0, 0).raw(new byte[300]));
    readAround(p -> p.op('L').raw("123456789012345678901234567890L\n".getBytes()));
    readAround(p -> p.op('I').raw("-17\n".getBytes()));
    readAround(p -> p.op('F').raw("1e-5\n".getBytes()));
    readAround(p -> p.op('S').raw("'with \\n escapes'\n".getBytes()));
  }

  @Test
  void protocol5IsReadButForWhatLiesBesideIt() throws IOException {
    readAround(p -> p.op(0x96, 3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3));
    readAround(p -> p.op(0x8e, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2).op(0x94));
    readAround(p -> p.op(0x95, 1, 0, 0, 0, 0, 0, 0, 0).op('N'));
    for (int marker : new int[] {0x97, 0x98}) {
      String said =
          assertThrows(FormatException.class, () -> beside(p -> p.op(marker))).getMessage();
      assertTrue(said.contains("out of band") && said.contains("buffer_callback"), said);
    }
    String frame =
        assertThrows(
                FormatException.class,
                () -> beside(p -> p.op(0x95).raw(new byte[] {0, 0, 0, 0, 0, 0, 0, 1})))
            .getMessage();
    assertTrue(frame.contains("are left"), frame);
  }

  @ParameterizedTest
  @CsvSource({
    "float8_e4m3fn, F8_E4M3, 0x38, 1",
    "float8_e5m2, F8_E5M2, 0x3c, 1",
    "float8_e4m3fnuz, F8_E4M3FNUZ, 0x40, 1",
    "float8_e5m2fnuz, F8_E5M2FNUZ, 0x40, 1",
    "float8_e8m0fnu, F8_E8M0, 0x7f, 1",
    "uint8, U8, 0xff, 255",
    "int8, I8, 0xff, -1"
  })
  void typesBesideUntypedBytesAreRead(String name, Dtype dtype, String bits, long value)
      throws IOException {
    PickleWriter p = new PickleWriter().protocol().dict().op('(').text("x");
    p.typedTensor(name, "0", 2, 2).op('u');
    byte element = (byte) (int) Integer.decode(bits);
    try (TorchCheckpoint t = open(PickleWriter.zip(p.end(), new byte[] {element, element}))) {
      assertEquals(dtype, t.dtype("x"));
      long read = dtype.isFloating() ? (long) t.floats("x")[1] : t.longs("x")[1];
      assertEquals(value, read);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"complex64", "complex128", "quint8", "qint32", "bits16", "int4"})
  void aTypeThatCannotBeComputedBlocksItsOwnTensorAlone(String name) throws IOException {
    PickleWriter p = new PickleWriter().protocol().dict().op('(').text("x");
    six(p.typedTensor(name, "0", 24, 1), "y").op('u');
    // Bytes without a type and floats under one key would not be one storage.
    byte[] pickle =
        new String(p.end(), java.nio.charset.StandardCharsets.ISO_8859_1)
            .replaceFirst("X\u0001\u0000\u0000\u00000", "X\u0001\u0000\u0000\u00001")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] file = PickleWriter.zip(pickle, PickleWriter.floats(SIX), PickleWriter.floats(SIX));
    try (TorchCheckpoint t = open(file)) {
      assertArrayEquals(SIX, t.floats("y"));
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> t.floats("x"));
      assertTrue(e.getMessage().contains("'x' is " + name), e.getMessage());
    }
  }

  @Test
  void subclassesAndParametersAreTheirTensors() throws IOException {
    PickleWriter p = new PickleWriter().protocol().dict().op('(').text("x");
    p.global("torch._tensor", "_rebuild_from_type_v2").op('(');
    p.global("torch._utils", "_rebuild_tensor_v2").global("own", "Tensor").op('(', '(');
    p.text("storage").global("torch", "FloatStorage").text("0").text("cpu").whole(6).op('t', 'Q');
    p.whole(0).tuple(6).tuple(1).op(0x89).dict().op('t', '}', 't', 'R').op('u');
    try (TorchCheckpoint t = open(PickleWriter.zip(p.end(), PickleWriter.floats(SIX)))) {
      assertArrayEquals(SIX, t.floats("x"));
    }
    p = new PickleWriter().protocol().dict().op('(').text("x");
    p.global("torch._utils", "_rebuild_parameter_with_state").op('(');
    p.tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1}, false);
    p.op(0x88).dict().op('}', 't', 'R', 'u');
    try (TorchCheckpoint t = open(PickleWriter.zip(p.end(), PickleWriter.floats(SIX)))) {
      assertArrayEquals(SIX, t.floats("x"));
    }
  }

  /** A sparse tensor in the wanted part; in another it does not matter. */
  @Test
  void whatTheWantedPartNeedsIsRefusedByName() throws IOException {
    PickleWriter p = new PickleWriter().protocol().op('}', '(').text("model").op('}', '(');
    p.text("x").global("torch._utils", "_rebuild_sparse_tensor").op(')', 'R', 'u');
    six(p.text("other").op('}', '('), "y").op('u', 'u');
    byte[] file = PickleWriter.zip(p.end(), PickleWriter.floats(SIX));
    String said = assertThrows(FormatException.class, () -> open(file)).getMessage();
    assertTrue(said.contains("x: torch._utils._rebuild_sparse_tensor"), said);
    assertTrue(!said.contains("damaged") && !said.contains("copy"), said);
    try (TorchCheckpoint t = TorchCheckpoint.open(folder.resolve("any.pt"), "other")) {
      assertEquals(List.of("y"), t.names());
    }
  }

  /** A whole module, as torch.save(model) leaves it: buffers that are not saved stay out. */
  @Test
  void aWholeModuleIsItsStateDict() throws IOException {
    PickleWriter p = new PickleWriter().protocol().object("own", "Net").op('}', '(');
    six(p.text("_parameters").op('}', '('), "w").op('u');
    six(p.text("_buffers").op('}', '('), "kept");
    six(p, "passing").op('u');
    p.text("_non_persistent_buffers_set").op(0x8f, '(').text("passing").op(0x90);
    p.text("_modules").op('}').text("below").object("own", "Leaf").op('}', '(');
    six(p.text("_parameters").op('}', '('), "b").op('u');
    p.text("_modules").op('}', 'u', 'b', 's', 'u', 'b');
    try (TorchCheckpoint t = open(PickleWriter.zip(p.end(), PickleWriter.floats(SIX)))) {
      assertEquals(List.of("w", "kept", "below.b"), t.names());
    }
  }
}
