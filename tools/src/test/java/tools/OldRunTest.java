package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import medsora.config.Config;
import medsora.config.TrainConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/**
 * Run folders and exports of the first format go on as the build that made them went on; {@code
 * testdata/old-run/README.md} says how.
 */
class OldRunTest {
  private static final Path OLD = Path.of("../testdata/old-run");

  /** Weights of the denoiser at step 6. */
  private static final Map<String, String> WEIGHTS =
      Map.of(
          "paper", "35a6c4e5cf8d1175f59ce8ef4cc462e719ca4f90d53680c4a5dcfa82169bdb78",
          "reference", "4f4cfde5627da3665483020870c038a4d1bfa0795b76243fa6684363f7f589b4");

  /** The picture drawn at step 3. */
  private static final Map<String, String> PICTURE =
      Map.of(
          "paper", "95490db92cbfa35336fb2a31a5836ef1ab2343cf2d43609886e1c8f7b2d59623",
          "reference", "23db47dc9aac20f7d057eaf5e907e5568f560aa3c2a15819ff57b14836d83889");

  @TempDir Path folder;

  @Test
  void aRunFolderOfEachProfileIsContinued() throws Exception {
    for (String profile : List.of("paper", "reference")) {
      Path run = copy(profile);
      Outcome o = train(run, profile);
      assertEquals(0, o.code(), o.err());
      assertEquals("weights sha256 " + WEIGHTS.get(profile), o.lastLine());
      for (String stage : List.of("vae", "denoiser")) {
        assertTrue(metadata(run, stage).get("config").startsWith("{\"alignment\":{"), stage);
        assertEquals("medsora checkpoint 2", metadata(run, stage).get("format"));
      }
      Outcome again = train(run, profile);
      assertEquals(o.lastLine(), again.lastLine(), again.err());
    }
  }

  @Test
  void clipsAreDrawnFromARunFolderOfEachProfile() throws Exception {
    for (String profile : List.of("paper", "reference")) {
      assertEquals(PICTURE.get(profile), drawn("--checkpoint", copy(profile)), profile);
    }
  }

  @Test
  void clipsAreDrawnFromAnExport() throws Exception {
    assertEquals(
        PICTURE.get("paper"),
        drawn(
            "--checkpoint",
            OLD.resolve("paper-denoiser.safetensors"),
            "--vae",
            OLD.resolve("paper-vae.safetensors")));
  }

  @Test
  void otherSettingsAreNamedByTheirPath() throws Exception {
    Path run = copy("paper");
    Outcome o = train(run, "paper", "--set", "denoiserTraining.batch=3");
    assertEquals(1, o.code());
    assertTrue(o.err().contains("denoiserTraining.batch: there 2, here 3"), o.err());
    Outcome aligned = train(run, "paper", "--set", "denoiser.switches.heads=4");
    assertTrue(aligned.err().contains("denoiser.switches.heads: there 8, here 4"), aligned.err());
  }

  @Test
  void theConfigurationBesideThemIsRead() throws IOException {
    for (String profile : List.of("paper", "reference")) {
      TrainConfig read = Config.read(OLD.resolve(profile).resolve(Config.FILE).toString());
      Path small = OLD.resolve("small.yaml");
      Map<String, String> then =
          Map.of(
              "profile", profile,
              "vaeTraining.emaForm", "weighted",
              "denoiserTraining.emaForm", "weighted");
      assertEquals(Config.read(small.toString(), then), read);
    }
  }

  private Outcome train(Path run, String profile, String... more) {
    List<Object> words =
        List.of(
            "--config",
            OLD.resolve("small.yaml"),
            "--set",
            "profile=" + profile,
            "--phantom-clips",
            5,
            "--steps",
            6,
            "--out",
            run);
    return Runs.run(new Train(), Stream.concat(words.stream(), Stream.of(more)).toArray());
  }

  /** Draws a clip; gives the hash of its picture's bytes. */
  private String drawn(Object... from) throws Exception {
    Path out = Files.createTempDirectory(folder, "drawn");
    List<Object> words =
        List.of("--count", 1, "--steps", 5, "--seed", 7, "--format", "png", "--out", out);
    Outcome o = Runs.run(new Sample(), Stream.concat(Stream.of(from), words.stream()).toArray());
    assertEquals(0, o.code(), o.err());
    byte[] picture = Files.readAllBytes(out.resolve("sample-0.png"));
    byte[] then = withoutText(picture);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(then));
  }

  /** A png without its tEXt chunks: strips are marked by one since the old runs were made. */
  private static byte[] withoutText(byte[] png) {
    ByteBuffer in = ByteBuffer.wrap(png);
    ByteBuffer out = ByteBuffer.allocate(png.length);
    out.put(png, 0, 8);
    for (int at = 8; at < png.length; ) {
      int chunk = 12 + in.getInt(at);
      if (in.getInt(at + 4) != ('t' << 24 | 'E' << 16 | 'X' << 8 | 't')) {
        out.put(png, at, chunk);
      }
      at += chunk;
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static Map<String, String> metadata(Path run, String stage) throws IOException {
    try (SafeTensors file = SafeTensors.open(run.resolve(stage + ".safetensors"))) {
      return file.metadata();
    }
  }

  private Path copy(String profile) throws IOException {
    Path run = Files.createTempDirectory(folder, profile);
    try (Stream<Path> files = Files.list(OLD.resolve(profile))) {
      for (Path file : files.toList()) {
        Files.copy(file, run.resolve(file.getFileName()));
      }
    }
    return run;
  }
}
