package tools.djl;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A few lines of TorchScript as a function of tensors: how to reach kernels of libtorch that DJL
 * has no method for. The model file that DJL loads is made here, in memory: a zip of the source, a
 * pickled object without attributes but {@code training = False}, and a version.
 */
final class Script {
  /** The object: class M of module __torch__, made empty, its state {training: False}. */
  private static final byte[] OBJECT =
      ("\u0080\u0002c__torch__\nM\nq\u0000)\u0081q\u0001}q\u0002X\u0008\u0000\u0000\u0000training"
              + "q\u0003\u0089sb.")
          .getBytes(StandardCharsets.ISO_8859_1);

  /** An empty tuple. */
  private static final byte[] CONSTANTS = "\u0080\u0002).".getBytes(StandardCharsets.ISO_8859_1);

  private final Model model;
  private final ParameterStore parameters;

  /**
   * @param inputs how many tensors come in, named x0, x1, ...
   * @param body the lines of the function, the last of which returns a tensor
   */
  Script(NDManager manager, int inputs, List<String> body) {
    this.parameters = new ParameterStore(manager, false);
    this.model = Model.newInstance("m", "PyTorch");
    try {
      model.load(new ByteArrayInputStream(file(source(inputs, body))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException("libtorch does not take " + body, e);
    }
  }

  NDArray run(NDArray... inputs) {
    return model.getBlock().forward(parameters, new NDList(inputs), false).singletonOrThrow();
  }

  private static String source(int inputs, List<String> body) {
    String arguments =
        IntStream.range(0, inputs)
            .mapToObj(i -> "x" + i + ": Tensor")
            .collect(Collectors.joining(", "));
    String lines = body.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
    return """
    class M(Module):
      __parameters__ = []
      __buffers__ = []
      training : bool
      def forward(self: __torch__.M, %s) -> Tensor:
    """
            .formatted(arguments)
        + lines;
  }

  private static byte[] file(String source) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      // Stored, not compressed, as libtorch writes them itself.
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "m/data.pkl", OBJECT);
      put(zip, "m/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      put(zip, "m/constants.pkl", CONSTANTS);
      put(zip, "m/version", "3\n".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
