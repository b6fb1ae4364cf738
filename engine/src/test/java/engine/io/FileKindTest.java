package engine.io;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole file of another kind is not called damaged; what it is, is said. */
class FileKindTest {
  @TempDir Path folder;

  private String refusal(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("weights.pt"), bytes);
    String said = assertThrows(IOException.class, () -> TensorSource.open(file)).getMessage();
    assertTrue(!said.contains("restore"), said);
    return said;
  }

  @ParameterizedTest
  @CsvSource({
    "'version https://git-lfs.github.com/spec/v1', git lfs pull",
    "'<!DOCTYPE html><title>Sign in</title>', a web page",
    "'  <html><head>', a web page",
    "'GGUF....................', a GGUF file",
    "'{\"weight_map\": {}}', a text file",
    "'just some words', a text file"
  })
  void textsAreTold(String text, String kind) throws IOException {
    String said = refusal(text.getBytes(StandardCharsets.UTF_8));
    assertTrue(said.contains(kind), said);
    assertTrue(!said.contains("damaged"), said);
  }

  @Test
  void filesOfOtherLibrariesAreTold() throws IOException {
    byte[] hdf5 = "\u0089HDF\r\n\u001a\n........".getBytes(StandardCharsets.ISO_8859_1);
    assertTrue(refusal(hdf5).contains("an HDF5 file"));
    byte[] npy = "\u0093NUMPY\u0001\u0000......".getBytes(StandardCharsets.ISO_8859_1);
    assertTrue(refusal(npy).contains("a NumPy array"));
    byte[] gzip = "\u001f\u008b\b..............".getBytes(StandardCharsets.ISO_8859_1);
    assertTrue(refusal(gzip).contains("unpack it first"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("arr_0.npy"));
      zip.write(1);
    }
    assertTrue(refusal(out.toByteArray()).contains(".npz is not read"));
    assertTrue(refusal(new byte[0]).contains("0 bytes"));
  }
}
