package tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import medsora.config.Config;
import medsora.train.manifest.Manifest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;
import tools.program.Program;

/** The programs from end to end on the tiny configuration. */
class ProgramsTest {
  @TempDir static Path folder;

  private static Path run;
  private static Outcome trained;

  @BeforeAll
  static void train() {
    run = folder.resolve("run");
    trained = Runs.tiny(run);
    assertEquals(0, trained.code(), trained.err());
  }

  @Test
  void trainingEndsWithTheHashOfTheWeights() throws IOException {
    assertTrue(trained.lastLine().matches("weights sha256 [0-9a-f]{64}"), trained.out());
    assertTrue(trained.err().contains("million parameters"), trained.err());
    List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertEquals(4, metrics.size());
    assertTrue(metrics.getFirst().startsWith("{\"stage\":\"vae\",\"step\":1,\"loss\":"));
  }

  @Test
  void equalRunsHaveEqualWeightsOnEveryBackend() {
    Outcome scalar = Runs.tiny(folder.resolve("scalar"), "--backend", "scalar", "--threads", 1);
    assertEquals(trained.lastLine(), scalar.lastLine(), scalar.err());
    Outcome other = Runs.tiny(folder.resolve("seed"), "--seed", 5);
    assertFalse(trained.lastLine().equals(other.lastLine()));
  }

  @Test
  void anInterruptedRunContinuesByteForByte() throws IOException {
    Path parts = folder.resolve("parts");
    Outcome first = Runs.tiny(parts, "--stage", "vae", "--steps", 1);
    // picocli takes the last of two values only where it is told to.
    assertEquals(2, first.code());
    for (int steps = 1; steps <= 2; steps++) {
      Outcome part =
          Runs.run(
              new Train(),
              "--config",
              "tiny",
              "--phantom-clips",
              3,
              "--stage",
              "vae",
              "--steps",
              steps,
              "--out",
              parts);
      assertEquals(0, part.code(), part.err());
    }
    assertArrayEquals(
        Files.readAllBytes(run.resolve("vae.safetensors")),
        Files.readAllBytes(parts.resolve("vae.safetensors")));
  }

  /** More steps for a finished run: its autoencoder stays what the denoiser was trained on. */
  @Test
  void aFinishedRunIsContinuedWithoutHarm() throws IOException {
    Path more = folder.resolve("more");
    assertEquals(0, train(more, "all", 1).code());
    byte[] vae = Files.readAllBytes(more.resolve("vae.safetensors"));
    Outcome alone = train(more, "vae", 2);
    assertEquals(1, alone.code());
    assertTrue(alone.err().contains("trained on this autoencoder at step 1"), alone.err());
    Outcome both = train(more, "all", 2);
    assertEquals(0, both.code(), both.err());
    assertArrayEquals(vae, Files.readAllBytes(more.resolve("vae.safetensors")));
    Path straight = folder.resolve("straight");
    assertEquals(0, train(straight, "vae", 1).code());
    assertEquals(0, train(straight, "denoiser", 2).code());
    assertArrayEquals(
        Files.readAllBytes(straight.resolve("denoiser.safetensors")),
        Files.readAllBytes(more.resolve("denoiser.safetensors")));
  }

  /** A denoiser beside an autoencoder that it was not trained on is refused. */
  @Test
  void aForeignAutoencoderIsRefused() throws IOException {
    Path mixed = folder.resolve("mixed");
    Files.createDirectories(mixed);
    assertEquals(0, train(mixed, "vae", 1).code());
    Files.copy(run.resolve("denoiser.safetensors"), mixed.resolve("denoiser.safetensors"));
    Outcome sampled =
        Runs.run(new Sample(), "--checkpoint", mixed, "--count", 1, "--steps", 2, "--out", mixed);
    assertEquals(1, sampled.code());
    assertTrue(sampled.err().contains("another autoencoder"), sampled.err());
  }

  @Test
  void aFlippedBitIsFound() throws IOException {
    Path flipped = folder.resolve("flipped");
    Files.createDirectories(flipped);
    byte[] bytes = Files.readAllBytes(run.resolve("vae.safetensors"));
    bytes[bytes.length - 100] ^= 4;
    Files.write(flipped.resolve("vae.safetensors"), bytes);
    Outcome continued = train(flipped, "vae", 3);
    assertEquals(1, continued.code());
    assertTrue(continued.err().contains("damaged"), continued.err());
    Files.copy(run.resolve("denoiser.safetensors"), flipped.resolve("denoiser.safetensors"));
    Outcome sampled =
        Runs.run(new Sample(), "--checkpoint", flipped, "--steps", 2, "--out", flipped);
    assertEquals(1, sampled.code());
    assertTrue(sampled.err().contains("damaged"), sampled.err());
    assertArrayEquals(bytes, Files.readAllBytes(flipped.resolve("vae.safetensors")));
  }

  private static Outcome train(Path out, String stage, int steps) {
    return Runs.run(
        new Train(),
        "--config",
        "tiny",
        "--phantom-clips",
        3,
        "--stage",
        stage,
        "--steps",
        steps,
        "--out",
        out);
  }

  @Test
  void aFolderOfAnotherConfigurationIsRefused() {
    Outcome other = Runs.tiny(run, "--set", "denoiserTraining.batch=1");
    assertEquals(1, other.code());
    assertTrue(other.err().contains("other settings"), other.err());
  }

  @Test
  void aSampleDependsOnSeedAndNumberAlone() throws IOException {
    Path both = folder.resolve("both");
    Path one = folder.resolve("one");
    Outcome a =
        Runs.run(
            new Sample(),
            "--checkpoint",
            run,
            "--count",
            2,
            "--steps",
            2,
            "--seed",
            3,
            "--format",
            "png,mp4,gif",
            "--out",
            both);
    assertEquals(0, a.code(), a.err());
    Outcome b =
        Runs.run(
            new Sample(),
            "--checkpoint",
            run,
            "--first",
            1,
            "--count",
            1,
            "--steps",
            2,
            "--seed",
            3,
            "--format",
            "png",
            "--out",
            one);
    assertEquals(0, b.code(), b.err());
    assertArrayEquals(
        Files.readAllBytes(both.resolve("sample-1.png")),
        Files.readAllBytes(one.resolve("sample-1.png")));
    assertTrue(Files.size(both.resolve("sample-0.mp4")) > 0);
    assertTrue(Files.size(both.resolve("sample-0.gif")) > 0);
  }

  @Test
  void samplesCanBeDrawnInEveryWay() {
    Outcome ddpm =
        Runs.run(
            new Sample(),
            "--checkpoint",
            run.resolve("denoiser.safetensors"),
            "--method",
            "ddpm",
            "--weights",
            "raw",
            "--count",
            1,
            "--steps",
            2,
            "--format",
            "png",
            "--out",
            folder.resolve("ddpm"));
    assertEquals(0, ddpm.code(), ddpm.err());
    Outcome eta =
        Runs.run(
            new Sample(),
            "--checkpoint",
            run,
            "--eta",
            0.5,
            "--vae",
            run,
            "--count",
            1,
            "--steps",
            2,
            "--format",
            "png",
            "--out",
            folder.resolve("eta"));
    assertEquals(0, eta.code(), eta.err());
    for (String sampler : List.of("dpmpp", "unipc")) {
      Outcome multistep =
          Runs.run(
              new Sample(),
              "--checkpoint",
              run,
              "--sampler",
              sampler,
              "--count",
              1,
              "--steps",
              3,
              "--format",
              "png",
              "--out",
              folder.resolve(sampler));
      assertEquals(0, multistep.code(), multistep.err());
    }
  }

  @Test
  void aVideoIsReconstructedAndCompared() {
    Path clips = folder.resolve("clips");
    Outcome phantom =
        Runs.run(
            new Phantom(),
            "--size",
            32,
            "--frames",
            27,
            "--format",
            "png",
            "--flow",
            "--out",
            clips);
    assertEquals(0, phantom.code(), phantom.err());
    assertTrue(Files.exists(clips.resolve("phantom-0000-flow/0025.flo")));
    Outcome compared =
        Runs.run(
            new Reconstruct(),
            clips.resolve("phantom-0000.png"),
            "--checkpoint",
            run,
            "--out",
            folder.resolve("compared"));
    assertEquals(0, compared.code(), compared.err());
    assertTrue(compared.out().startsWith("frames 24"), compared.out());
    assertTrue(compared.out().contains("psnr ") && compared.out().contains("ssim "));
    assertTrue(Files.exists(folder.resolve("compared/side-by-side.mp4")));
  }

  @Test
  void longVideosAreCutAndTrainedOn() {
    Path source = folder.resolve("long");
    Runs.run(
        new Phantom(),
        "--size",
        32,
        "--clips",
        2,
        "--frames",
        60,
        "--format",
        "mp4",
        "--out",
        source);
    Path cut = folder.resolve("cut");
    Outcome prepared = Runs.run(new Prepare(), source, "--out", cut, "--size", 32, "--stride", 1);
    assertEquals(0, prepared.code(), prepared.err());
    assertTrue(prepared.out().startsWith("kept 6 clips"), prepared.out());
    Outcome ontoThem =
        Runs.run(
            new Train(),
            "--config",
            "tiny",
            "--stage",
            "vae",
            "--steps",
            1,
            "--data",
            cut,
            "--out",
            folder.resolve("onto"));
    assertEquals(0, ontoThem.code(), ontoThem.err());
  }

  @Test
  void theDemoWritesItsReport() throws IOException {
    Path out = Runs.demo().folder();
    Outcome demo = Runs.demo().outcome();
    assertEquals(0, demo.code(), demo.err());
    for (String file :
        List.of(
            "sample-0.mp4",
            "sample-1.gif",
            "contact.png",
            "metrics.jsonl",
            "manifest.json",
            "explorer.html",
            "vae.safetensors",
            "denoiser.safetensors")) {
      assertTrue(Files.size(out.resolve(file)) > 0, file);
    }
    String report = Files.readString(out.resolve("report.html"));
    assertTrue(report.contains("PSNR of held-out clips") && report.contains("VmHWM"));
    assertTrue(report.contains("FD-phantom-motion"), report);
    assertTrue(report.contains("<a href=\"explorer.html\">"), report);
    assertTrue(demo.out().contains("FD-phantom-frames: "), demo.out());
    assertTrue(demo.out().contains("2 samples against 2 training clips"), demo.out());
    String manifest = Files.readString(out.resolve("manifest.json"));
    JsonNode parsed = new ObjectMapper().readTree(manifest);
    assertEquals(32, parsed.at("/stages/denoiser/configuration/data/size").asInt());
    assertEquals("paper", parsed.at("/stages/vae/configuration/data/sampling").asText());
    assertTrue(parsed.at("/stages/vae/made/backend/vector_bits").asText().matches("[0-9]+"));
    assertEquals("sample-1.gif", parsed.at("/samples/0/clips/1/files").fieldNames().next());
    // The demo aligns.
    assertEquals(
        Config.read("tiny", Map.of("alignment.enabled", "true")),
        Config.read(out.resolve("config.yaml").toString()));
    assertTrue(Files.size(out.resolve("features.safetensors")) > 0);
    assertEquals("exact", parsed.at("/stages/vae/made/numeric_fidelity").asText());
    assertEquals(2, Manifest.read(out).draws().getFirst().clips().size());
  }

  @Test
  void whatIsWrongIsSaidBeforeTheWork() throws IOException {
    Path file = Files.createFile(folder.resolve("in-the-way"));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path to = folder.resolve("before");
    Path none = folder.resolve("none");
    refused(new Sample(), "--fps wants", "--checkpoint", none, "--fps", 0, "--out", to);
    refused(
        new Sample(),
        "50 for gif",
        "--checkpoint",
        none,
        "--fps",
        60,
        "--format",
        "gif",
        "--out",
        to);
    refused(new Sample(), "--steps wants 1", "--checkpoint", none, "--steps", 0, "--out", to);
    refused(new Sample(), "--count wants", "--checkpoint", none, "--count", 0, "--out", to);
    refused(new Sample(), "choose another --out", "--checkpoint", none, "--out", file);
    refused(new Demo(), "--sample-steps wants", "--sample-steps", 0, "--out", to);
    refused(new Demo(), "choose another --out", "--config", "tiny", "--out", file);
    refused(new Train(), "choose another --out", "--config", "tiny", "--out", file);
    refused(new Train(), "mp4, mov", "--config", "tiny", "--data", empty, "--out", to);
    refused(new Train(), "--threads wants", "--config", "tiny", "--threads", 0, "--out", to);
    refused(new Reconstruct(), "--fps wants", file, "--checkpoint", none, "--fps", -1);
    refused(
        new Reconstruct(), "--frames wants at least 8", file, "--checkpoint", none, "--frames", 3);
    refused(new Reconstruct(), "choose another --out", file, "--checkpoint", none, "--out", file);
    refused(new Prepare(), "--frames wants at least 2", empty, "--out", to, "--frames", 0);
    refused(new Prepare(), "--stride wants at least 1", empty, "--out", to, "--stride", 0);
    refused(new Phantom(), "--fps wants", "--fps", 0, "--out", to);
  }

  private static void refused(Program program, String because, Object... words) {
    Outcome o = Runs.run(program, words);
    assertEquals(1, o.code(), o.err());
    assertTrue(o.err().contains(because), o.err());
  }

  @Test
  void fewerStepsThanDoneAreRefusedBeforeDataIsRendered() {
    Outcome fewer = Runs.run(new Train(), "--config", "tiny", "--steps", 1, "--out", run);
    assertEquals(1, fewer.code());
    assertTrue(fewer.err().contains("already did 2 steps, more than the 1"), fewer.err());
    assertFalse(fewer.err().contains("rendering"), fewer.err());
  }

  @Test
  void theConfigurationOfARunContinuesIt() throws IOException {
    Path config = run.resolve("config.yaml");
    assertEquals(Config.read("tiny"), Config.read(config.toString()));
    Path again = folder.resolve("again");
    Outcome o =
        Runs.run(
            new Train(), "--config", config, "--steps", 2, "--phantom-clips", 3, "--out", again);
    assertEquals(0, o.code(), o.err());
    assertEquals(trained.lastLine(), o.lastLine());
  }

  @Test
  void theLastLineNamesTheStageUnlessAllIsDone() {
    Train.Trained vae = new Train.Trained("vae", "ab", true);
    assertEquals("weights sha256 ab", vae.line(Train.Part.vae));
    assertEquals("vae weights sha256 ab", vae.line(Train.Part.all));
    Train.Trained part = new Train.Trained("denoiser", "ab", false);
    assertEquals("denoiser weights sha256 ab", part.line(Train.Part.all));
    assertEquals("denoiser weights sha256 ab", part.line(Train.Part.denoiser));
    assertEquals(
        "weights sha256 ab", new Train.Trained("denoiser", "ab", true).line(Train.Part.all));
  }

  @Test
  void wrongCallsEndWithCodeTwoAndAHint() {
    Outcome unknown = Runs.run(new Train(), "--stepz", 3);
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().contains("--steps"), unknown.err());
    assertEquals(2, Runs.run(new Inspect()).code());
    assertEquals(2, Runs.run(new Sample(), "--vae").code());
    assertEquals(2, Runs.run(new Train(), "--stage", "both").code());
  }

  /** The model that comes with the program, under a label, longer than it was trained on. */
  @Test
  void samplesWantNoCheckpoint() throws IOException {
    Path out = folder.resolve("shipped");
    Outcome drawn =
        Runs.run(
            new Sample(),
            "--count",
            1,
            "--steps",
            2,
            "--sampler",
            "dpmpp",
            "--label",
            "lesion",
            "--frames",
            20,
            "--format",
            "png",
            "--out",
            out);
    assertEquals(0, drawn.code(), drawn.err());
    assertTrue(Files.size(out.resolve("sample-0.png")) > 0);
    Outcome wrong = Runs.run(new Sample(), "--label", "ulcer", "--out", out);
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("none, lesion"), wrong.err());
  }

  @Test
  void failuresEndWithCodeOneAndNoTrace() {
    List<Outcome> failures =
        List.of(
            Runs.run(
                new Sample(),
                "--checkpoint",
                folder.resolve("nowhere"),
                "--out",
                folder.resolve("h")),
            Runs.run(new Sample(), "--checkpoint", run, "--method", "ddpm", "--eta", 1),
            Runs.run(new Train(), "--config", "tinny"),
            Runs.run(new Train(), "--config", "tiny", "--threads", -1),
            Runs.run(new Train(), "--config", "tiny", "--simd-bits", 100),
            Runs.tiny(folder.resolve("f"), "--data", folder.resolve("nowhere")),
            Runs.tiny(folder.resolve("g"), "--set", "vaeTraining.scope=compensation"),
            Runs.run(
                new Reconstruct(),
                run.resolve("metrics.jsonl"),
                "--checkpoint",
                run,
                "--out",
                folder.resolve("i")));
    for (Outcome f : failures) {
      assertEquals(1, f.code(), f.err());
      assertFalse(f.err().contains("\tat "), f.err());
      assertFalse(f.err().isBlank());
    }
  }

  @Test
  void debugShowsWhere() {
    Outcome f = Runs.run(new Train(), "--config", "tinny", "--debug");
    assertTrue(f.err().contains("\tat tools."), f.err());
  }

  @Test
  void everyProgramExplainsItself() {
    List<Program> programs =
        List.of(
            new Train(),
            new Sample(),
            new Reconstruct(),
            new Export(),
            new Convert(),
            new Phantom(),
            new Prepare(),
            new Inspect(),
            new Flow(),
            new PretrainDino(),
            new Precompute(),
            new Ablate(),
            new Devices(),
            new Tune(),
            new Bench(),
            new Conform(),
            new Accuracy(),
            new Demo());
    for (Program p : programs) {
      Outcome help = Runs.run(p, "--help");
      assertEquals(0, help.code());
      for (String option : List.of("--backend", "--threads", "--simd-bits", "--version")) {
        assertTrue(help.out().contains(option), p.getClass() + " lacks " + option);
      }
    }
    Outcome version = Runs.run(new Train(), "--version");
    assertTrue(version.out().contains("numeric contract"), version.out());
  }
}
