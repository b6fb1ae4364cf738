package tools.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import engine.testing.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.conform.FileResult.Outcome;
import tools.conform.Row.Verdict;

class ConformanceTest {
  private static final Path REFERENCE = Fixtures.testdata().resolve("reference");
  private static final Conformance CONFORMANCE = new Conformance(null);

  @TempDir Path folder;

  @Test
  void everyFileAtHandPasses() throws IOException {
    for (Path file : Conformance.files(REFERENCE)) {
      FileResult result = CONFORMANCE.check(file);
      assertEquals(Outcome.PASSED, result.outcome(), () -> text(result));
    }
  }

  /** What it is compared with lies beside it. */
  @Test
  void aPickleIsReadFromItsState() {
    Path sample =
        Fixtures.testdata().resolve("torch/baseline_persistent_pickle_sample.safetensors");
    FileResult result = CONFORMANCE.check(sample);
    assertEquals(Outcome.PASSED, result.outcome(), () -> text(result));
    assertEquals(6, result.rows().size());
  }

  /** One file of each kind, of other seeds and shapes, by a second implementation. */
  @Test
  void filesOfOtherShapesPass() throws IOException {
    List<Path> files = Conformance.files(Fixtures.testdata().resolve("variants"));
    assertEquals(24, files.size());
    for (Path file : files) {
      FileResult result = CONFORMANCE.check(file);
      assertEquals(Outcome.PASSED, result.outcome(), () -> text(result));
    }
  }

  @Test
  void whatNothingComputesFails() throws IOException {
    Path source = REFERENCE.resolve("sampling_toy.safetensors");
    Path file = folder.resolve("sampling_toy.safetensors");
    SafeTensorsWriter writer = new SafeTensorsWriter();
    try (SafeTensors from = SafeTensors.open(source)) {
      for (String name : from.names()) {
        if (from.dtype(name).isInteger()) {
          writer.longs(name, from.shape(name), from.longs(name));
        } else {
          writer.floats(name, from.shape(name), from.floats(name));
        }
      }
    }
    writer.floats("stranger", new long[] {1}, 1f).write(file);
    FileResult result = CONFORMANCE.check(file);
    assertEquals(List.of("stranger"), failures(result), () -> text(result));
  }

  @Test
  void anotherNameIsSkippedWithItsReason() throws IOException {
    Path file = Files.writeString(folder.resolve("embeddings.safetensors"), "text");
    FileResult result = CONFORMANCE.check(file);
    assertEquals(Outcome.SKIPPED, result.outcome());
    assertTrue(result.reason().contains("no fixture"), result.reason());
  }

  @Test
  void onlyFilesDirectlyInTheFolderAreTaken() throws IOException {
    Files.createDirectories(folder.resolve("ssd_scan.safetensors"));
    Files.writeString(folder.resolve("README.md"), "text");
    Files.writeString(folder.resolve("spiral.tsv"), "text");
    Path file = copy("spiral", "spiral");
    assertEquals(List.of(file), Conformance.files(folder));
  }

  @Test
  void aWrongValueFailsItsRowAndTheTolerancesOverride() throws IOException {
    Path file = changed("rmsnorm_gated", "out.y", v -> v[3] += 1e-3f);
    FileResult result = CONFORMANCE.check(file);
    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals(List.of("out.y"), failures(result));
    assertEquals(Outcome.PASSED, new Conformance(1e-2).check(file).outcome());
    Path good = copy("rmsnorm_gated", "rmsnorm_gated");
    assertEquals(Outcome.FAILED, new Conformance(0.0).check(good).outcome());
  }

  @Test
  void aValueThatIsNotANumberFails() throws IOException {
    Path file = changed("rmsnorm_gated", "out.y_groups8", v -> v[0] = Float.NaN);
    assertEquals(List.of("out.y_groups8"), failures(CONFORMANCE.check(file)));
  }

  @Test
  void aResultThatNothingComputesFails() throws IOException {
    Path file = rewritten("ssd_scan", "ssd_scan", Map.of("out.z", new float[] {1, 2}), List.of());
    assertEquals(List.of("out.z"), failures(CONFORMANCE.check(file)));
  }

  @Test
  void missingTensorsAreNamed() throws IOException {
    Path file = rewritten("ssd_scan", "ssd_scan", Map.of(), List.of("in.A_log"));
    FileResult result = CONFORMANCE.check(file);
    assertEquals(Outcome.FAILED, result.outcome());
    assertTrue(result.reason().contains("'in.A_log'"), result.reason());
  }

  @Test
  void parametersThatDoNotFitAreAllListed() throws IOException {
    List<String> gone = List.of("param.D", "param.in_proj.weight", "param.out_proj.weight");
    Path file = rewritten("temporal_mamba", "temporal_mamba", Map.of(), gone.subList(0, 1));
    assertTrue(CONFORMANCE.check(file).reason().contains("missing param.D"));
    file = rewritten("temporal_mamba", "temporal_mamba", Map.of(), gone.subList(1, 3));
    assertTrue(CONFORMANCE.check(file).reason().contains("param.in_proj.weight"));
  }

  @Test
  void theBuffersOfTheTrainingFileWantTheEvaluationFile() throws IOException {
    FileResult alone = CONFORMANCE.check(copy("vae_small_train", "vae_small_train"));
    assertEquals(Outcome.PASSED, alone.outcome(), () -> text(alone));
    assertTrue(
        alone.rows().stream()
            .filter(r -> r.name().startsWith("after."))
            .allMatch(r -> r.verdict() == Verdict.UNCHECKED));
    copy("vae_small_eval", "vae_small_eval");
    FileResult both = CONFORMANCE.check(folder.resolve("vae_small_train.safetensors"));
    assertEquals(Outcome.PASSED, both.outcome(), () -> text(both));
    assertTrue(both.rows().stream().allMatch(r -> r.verdict() == Verdict.OK));
  }

  @Property(tries = 60)
  void aTruncatedFileFailsWithAMessage(@ForAll @IntRange(min = 0, max = 20_000) int length)
      throws IOException {
    Path dir = Files.createTempDirectory("conform");
    Path file = dir.resolve("rmsnorm_gated.safetensors");
    byte[] whole = Files.readAllBytes(REFERENCE.resolve("rmsnorm_gated.safetensors"));
    Files.write(file, Arrays.copyOf(whole, Math.min(length, whole.length - 1)));
    FileResult result = CONFORMANCE.check(file);
    assertEquals(Outcome.FAILED, result.outcome());
    assertTrue(!result.reason().isEmpty());
    Files.delete(file);
    Files.delete(dir);
  }

  /** Every family meets a header that is sound and says nothing that it needs. */
  @Test
  void hostileFilesFailAndNothingElse() throws IOException {
    List<String> kinds =
        Conformance.files(REFERENCE).stream().map(p -> p.getFileName().toString()).toList();
    for (String kind : kinds) {
      for (String header : hostileHeaders()) {
        Path file = folder.resolve(kind);
        Files.write(file, bytes(header));
        FileResult result = CONFORMANCE.check(file);
        assertEquals(Outcome.FAILED, result.outcome(), kind + " " + header);
        assertTrue(!result.reason().isEmpty() || !failures(result).isEmpty(), kind);
      }
    }
  }

  private static List<String> hostileHeaders() {
    return List.of(
        "{}",
        "[",
        "{\"out.y\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}",
        "{\"in.x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},"
            + "\"out.y\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}",
        "{\"__metadata__\":{\"hidden\":\"2147483647\",\"depth\":\"99999999\",\"d_state\":\"-1\","
            + "\"weights\":\"formula seed 1\",\"steps\":\"-4\",\"list_index\":\"x\"},"
            + "\"in.x\":{\"dtype\":\"F32\",\"shape\":[1,1,1,2,2],\"data_offsets\":[0,16]},"
            + "\"out.y\":{\"dtype\":\"F32\",\"shape\":[1,1,1,2,2],\"data_offsets\":[0,16]}}",
        "{\"order_100000x100000\":{\"dtype\":\"I64\",\"shape\":[1,2],\"data_offsets\":[0,16]},"
            + "\"steps99999999999.betas.f64\":{\"dtype\":\"F64\",\"shape\":[2],"
            + "\"data_offsets\":[0,16]}}");
  }

  private static byte[] bytes(String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + 16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private Path copy(String from, String to) throws IOException {
    Path file = folder.resolve(to + ".safetensors");
    Files.copy(REFERENCE.resolve(from + ".safetensors"), file);
    return file;
  }

  private Path changed(String name, String tensor, java.util.function.Consumer<float[]> change)
      throws IOException {
    try (SafeTensors file = SafeTensors.open(REFERENCE.resolve(name + ".safetensors"))) {
      float[] values = file.floats(tensor);
      change.accept(values);
      return rewritten(name, name + "_changed", Map.of(tensor, values), List.of());
    }
  }

  /** A copy of a file of floats with tensors replaced, added and left out. */
  private Path rewritten(
      String name, String to, Map<String, float[]> replaced, List<String> without)
      throws IOException {
    Path path = folder.resolve(to + ".safetensors");
    try (SafeTensors file = SafeTensors.open(REFERENCE.resolve(name + ".safetensors"))) {
      SafeTensorsWriter writer = new SafeTensorsWriter();
      Map<String, float[]> rest = new LinkedHashMap<>(replaced);
      for (String tensor : file.names()) {
        if (!without.contains(tensor)) {
          float[] values = rest.containsKey(tensor) ? rest.remove(tensor) : file.floats(tensor);
          writer.floats(tensor, file.shape(tensor), values);
        }
      }
      rest.forEach((added, values) -> writer.floats(added, new long[] {values.length}, values));
      file.metadata().forEach(writer::metadata);
      writer.write(path);
    }
    return path;
  }

  private static List<String> failures(FileResult result) {
    return result.rows().stream().filter(Row::failed).map(Row::name).toList();
  }

  private static String text(FileResult result) {
    return result.file()
        + " "
        + result.reason()
        + result.rows().stream()
            .filter(Row::failed)
            .map(Row::toString)
            .collect(Collectors.joining("\n  ", "\n  ", ""));
  }
}
