package tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engine.io.Dtype;
import engine.io.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import medsora.Autoencoder;
import medsora.MedSora;
import medsora.train.store.InitialWeights.Kind;
import nn.io.Weights;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** Weights leave as plain safetensors and come back; large frames go through in tiles. */
class ExportTest {
  @TempDir static Path folder;

  private static Path run;

  @BeforeAll
  static void train() {
    run = folder.resolve("run");
    Outcome trained = Runs.tiny(run);
    assertEquals(0, trained.code(), trained.err());
  }

  private static Outcome export(Object... words) {
    return Runs.run(new Export(), words);
  }

  private static void refused(Outcome o, String because) {
    assertEquals(1, o.code(), o.out());
    assertTrue(o.err().contains(because), o.err());
  }

  /** Both networks, averaged or raw: what is loaded again has the bits of the checkpoint. */
  @Test
  void whatIsExportedLoadsBackWithEqualBits() throws IOException {
    for (Kind kind : Kind.values()) {
      Path out = folder.resolve(kind + "/model.safetensors");
      Outcome o = export(run, out, "--weights", kind);
      assertEquals(0, o.code(), o.err());
      Path vae = folder.resolve(kind + "/model-vae.safetensors");
      assertEquals(
          Weights.sha256(Autoencoder.load(run, kind).vae().module().stateDict()),
          Weights.sha256(Autoencoder.load(vae, Kind.EMA).vae().module().stateDict()));
      Autoencoder autoencoder = Autoencoder.load(vae, Kind.EMA);
      assertEquals(Autoencoder.load(run, kind).statistics(), autoencoder.statistics());
      MedSora back = MedSora.load(out, Kind.EMA, autoencoder);
      assertEquals(
          Weights.sha256(MedSora.load(run, kind).denoiser().module().stateDict()),
          Weights.sha256(back.denoiser().module().stateDict()));
    }
  }

  /** One other bit among the values, of which no shape tells. */
  @Test
  void whatWasDamagedSinceIsRefused() throws IOException {
    Path out = folder.resolve("damaged").resolve("vae.safetensors");
    assertEquals(0, export(run, out, "--stage", "vae").code());
    byte[] bytes = Files.readAllBytes(out);
    bytes[bytes.length / 2] ^= 1;
    Files.write(out, bytes);
    IOException refused = assertThrows(IOException.class, () -> Autoencoder.load(out, Kind.EMA));
    assertTrue(refused.getMessage().contains(out + " is damaged"), refused.getMessage());
  }

  /** No prefix, no optimiser; the table lists every tensor and marks what is ours alone. */
  @Test
  void namesAreThoseOfTheStateDict() throws IOException {
    Path out = folder.resolve("names.safetensors");
    Outcome o = export(run.resolve("vae.safetensors"), out);
    assertEquals(0, o.code(), o.err());
    try (SafeTensors file = SafeTensors.open(out)) {
      assertEquals(
          List.copyOf(Autoencoder.load(run, Kind.EMA).vae().module().stateDict().keySet()),
          file.names());
      assertEquals(Dtype.F32, file.dtype("encoder.conv_in.conv.weight"));
      assertEquals("pt", file.metadata().get("format"));
      for (String name : file.names()) {
        assertTrue(o.out().contains(name), name);
      }
      String tracked = "decoder.up_blocks.0.frequency_compensation.0.num_batches_tracked";
      assertEquals(Dtype.I64, file.dtype(tracked));
    }
    List<String> marked =
        o.out().lines().filter(l -> l.contains("not a name of the released code")).toList();
    assertTrue(marked.stream().allMatch(l -> l.contains(".frequency_compensation.")));
    assertFalse(marked.isEmpty());
    JsonNode json = new ObjectMapper().readTree(folder.resolve("names.json").toFile());
    assertEquals("vae", json.get("stage").asText());
    assertEquals(8, json.at("/configuration/vae/widths/0").asInt());
    assertEquals("paper", json.at("/configuration/vae/compensation").asText());
  }

  @Test
  void shortTypesLoadAsWhatTheyWereRoundedTo() throws IOException {
    for (String type : List.of("float16", "bfloat16")) {
      Path out = folder.resolve(type + ".safetensors");
      Outcome o = export(run, out, "--stage", "vae", "--dtype", type);
      assertEquals(0, o.code(), o.err());
      String name = "encoder.conv_in.conv.weight";
      float[] found =
          Autoencoder.load(out, Kind.EMA).vae().module().parameters().get(name).value().toArray();
      float[] exact =
          Autoencoder.load(run, Kind.EMA).vae().module().parameters().get(name).value().toArray();
      for (int i = 0; i < exact.length; i++) {
        double bound = Math.abs(exact[i]) * (type.equals("float16") ? 0x1p-11 : 0x1p-8);
        assertEquals(exact[i], found[i], bound + 0x1p-25);
      }
    }
  }

  /** A denoiser names the autoencoder it was trained on, which is not the rounded one. */
  @Test
  void shortTypesOfBothStagesGoTogether() throws IOException {
    Path pair = Files.createDirectories(folder.resolve("pair"));
    for (String stage : List.of("vae", "denoiser")) {
      Path out = pair.resolve(stage + ".safetensors");
      assertEquals(0, export(run, out, "--stage", stage, "--dtype", "float16").code());
    }
    assertEquals(16, MedSora.load(pair).sample(1, 0, 2).length());
    Path vae = pair.resolve("vae.safetensors");
    assertEquals(
        0,
        export(run, vae, "--stage", "vae", "--weights", "raw", "--dtype", "float16", "--force")
            .code());
    IOException e = assertThrows(IOException.class, () -> MedSora.load(pair));
    assertTrue(e.getMessage().contains("another autoencoder"), e.getMessage());
  }

  @Test
  void nothingIsOverwrittenUnasked() throws IOException {
    Path out = folder.resolve("there.safetensors");
    Files.writeString(out, "mine");
    refused(export(run, out, "--stage", "vae"), "--force replaces");
    assertEquals("mine", Files.readString(out));
    assertEquals(0, export(run, out, "--stage", "vae", "--force").code());
    byte[] before = Files.readAllBytes(run.resolve("vae.safetensors"));
    Path itself = run.resolve("vae.safetensors");
    refused(export(itself, itself, "--force"), "the checkpoint itself");
    assertArrayEquals(before, Files.readAllBytes(itself));
  }

  @Test
  void wrongFilesAreRefused() throws IOException {
    Path to = folder.resolve("never.safetensors");
    refused(export(folder.resolve("absent.safetensors"), to), "no such file");
    Path empty = Files.createDirectories(folder.resolve("empty"));
    refused(export(empty, to), "holds no denoiser.safetensors");
    refused(export(run, folder.resolve("never.bin")), "wants to end in .safetensors");
    Path plain = folder.resolve("plain.safetensors");
    assertEquals(0, export(run, plain, "--stage", "vae").code());
    refused(export(plain, to), "is exported already (vae, step 2): give the run folder");
    refused(export(run.resolve("config.yaml"), to), "config.yaml");
    assertFalse(Files.exists(to));
  }

  private static Outcome reconstruct(Object... words) {
    return Runs.run(new Reconstruct(), words);
  }

  @Test
  void largeFramesGoThroughInTiles() {
    Outcome o =
        reconstruct(
            "--checkpoint",
            run,
            "--size",
            72,
            "--frames",
            8,
            "--tile",
            32,
            "--overlap",
            8,
            "--compare-untiled",
            "--out",
            folder.resolve("tiled"));
    assertEquals(0, o.code(), o.err());
    assertTrue(o.out().contains("tiled against whole"), o.out());
    assertTrue(o.out().contains("peak resident memory"), o.out());
    Outcome whole =
        reconstruct(
            "--checkpoint",
            run,
            "--size",
            32,
            "--frames",
            8,
            "--tile",
            32,
            "--compare-untiled",
            "--out",
            folder.resolve("whole"));
    assertTrue(whole.out().contains("tiled against whole: equal"), whole.out());
  }

  @Test
  void tilesThatCannotBeAreRefused() {
    Path out = folder.resolve("refused");
    refused(
        reconstruct("--checkpoint", run, "--tile", 20, "--out", out), "--tile wants a multiple");
    refused(
        reconstruct("--checkpoint", run, "--tile", 32, "--overlap", 32, "--out", out),
        "less than --tile 32, got 32");
    refused(
        reconstruct("--checkpoint", run, "--overlap", 8, "--out", out), "--overlap wants --tile");
    refused(
        reconstruct("--checkpoint", run, "--compare-untiled", "--out", out),
        "--compare-untiled wants --tile");
    refused(
        reconstruct("--checkpoint", run, "--size", 36, "--tile", 32, "--out", out),
        "--size wants a multiple of 8");
    refused(reconstruct("--out", out), "either --checkpoint or --random-weights");
    refused(
        reconstruct("--checkpoint", run, "--compensation", "zero", "--out", out),
        "are for plain weights");
  }

  /** Exports without their metadata are plain weights like any other; so are random ones. */
  @Test
  void plainAndRandomWeights() {
    Outcome random =
        reconstruct(
            "--random-weights",
            1,
            "--config",
            "tiny",
            "--compensation",
            "none",
            "--size",
            32,
            "--frames",
            8,
            "--out",
            folder.resolve("random"));
    assertEquals(0, random.code(), random.err());
    assertTrue(random.out().contains("frames 8"), random.out());
  }

  @Test
  void samplesAreDecodedInTiles() {
    Outcome o =
        Runs.run(
            new Sample(),
            "--checkpoint",
            run,
            "--count",
            1,
            "--steps",
            2,
            "--tile",
            16,
            "--overlap",
            8,
            "--out",
            folder.resolve("samples"));
    assertEquals(0, o.code(), o.err());
    assertTrue(Files.exists(folder.resolve("samples/sample-0.mp4")));
  }

  /** Training begins from an export, and from CogVideoX's names alone where that is asked for. */
  @Test
  void trainingBeginsFromExports() {
    Path out = folder.resolve("begin.safetensors");
    assertEquals(0, export(run, out, "--stage", "vae").code());
    Outcome strict = begin("strict", out, "vae.compensation=zero");
    refused(strict, "missing encoder.frequency_compensation.0.weight");
    Outcome same = begin("same", out, "vae.compensation=paper");
    assertEquals(0, same.code(), same.err());
    Outcome whole = begin("whole", run, "vae.compensation=paper");
    assertEquals(0, whole.code(), whole.err());
    assertEquals(same.lastLine(), whole.lastLine());
    refused(
        Runs.run(
            new Train(),
            "--config",
            "tiny",
            "--stage",
            "vae",
            "--fresh-compensation",
            "--out",
            folder.resolve("x")),
        "--fresh-compensation goes with");
  }

  private static Outcome begin(String name, Path init, String set) {
    return Runs.run(
        new Train(),
        "--config",
        "tiny",
        "--stage",
        "vae",
        "--steps",
        1,
        "--phantom-clips",
        3,
        "--init",
        init,
        "--set",
        set,
        "--out",
        folder.resolve(name));
  }
}
