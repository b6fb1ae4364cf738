package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import medsora.config.Config;
import medsora.config.ConfigTree;
import medsora.config.TrainConfig;
import medsora.train.manifest.DataOrigin;
import medsora.train.manifest.DrawRecord;
import medsora.train.manifest.Made;
import medsora.train.manifest.Manifest;
import medsora.train.manifest.StageRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** What was done is done again; what was not done so is found out. */
class AuditTest {
  private static final int STEPS = 4;

  @TempDir static Path folder;

  private static Path run;
  private static Path samples;

  @BeforeAll
  static void trainAndDraw() {
    run = folder.resolve("run");
    samples = folder.resolve("samples");
    Outcome trained = train(run);
    assertEquals(0, trained.code(), trained.err());
    Outcome drawn =
        Runs.run(
            new Sample(),
            "--checkpoint",
            run,
            "--count",
            2,
            "--steps",
            2,
            "--seed",
            7,
            "--format",
            "mp4,gif,png,safetensors",
            "--out",
            samples);
    assertEquals(0, drawn.code(), drawn.err());
  }

  private static Outcome train(Path out, Object... more) {
    Object[] words = {
      "--config", "tiny", "--phantom-clips", 3, "--steps", STEPS, "--keep-every", 2, "--out", out
    };
    return Runs.run(new Train(), Stream.concat(Stream.of(words), Stream.of(more)).toArray());
  }

  private static Outcome audit(Path manifest, Object... more) {
    return Runs.run(new Audit(), Stream.concat(Stream.of(manifest), Stream.of(more)).toArray());
  }

  private static void assertOutcome(int code, String said, Outcome outcome) {
    assertEquals(code, outcome.code(), outcome.out() + outcome.err());
    assertTrue(outcome.out().contains(said), outcome.out() + outcome.err());
  }

  /** A copy of the run with another record of a stage, as a forger would write it. */
  private static Path forged(String name, String stage, StageRecord record) throws IOException {
    Path to = copy(name);
    Manifest.read(to).with(stage, record).write(to);
    return to;
  }

  private static Path copy(String name) throws IOException {
    Path to = Files.createDirectory(folder.resolve(name));
    try (Stream<Path> files = Files.list(run)) {
      for (Path file : files.toList()) {
        if (!file.getFileName().toString().startsWith(".")) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
    return to;
  }

  private static StageRecord record(String stage) throws IOException {
    return Manifest.read(run).stages().get(stage);
  }

  private static StageRecord with(StageRecord r, TrainConfig config) {
    return new StageRecord(
        r.made(), ConfigTree.json(config), r.beside(), r.data(), r.step(), r.hashes());
  }

  private static StageRecord with(StageRecord r, Made made) {
    return new StageRecord(made, r.configuration(), r.beside(), r.data(), r.step(), r.hashes());
  }

  private static Made made(int contract, String classes) {
    Made here = Made.here();
    return new Made(
        new TreeMap<>(Map.of("version", "0.9", Made.CLASSES, classes)),
        contract,
        here.backend(),
        here.fidelity(),
        here.machine());
  }

  @Test
  void aRunIsEqualFromNothingOnOtherBackendsAndThreads() {
    assertOutcome(
        0,
        "equal: vae, steps 0 to 3: losses of 3 steps, weights of 3 steps, at last 2",
        audit(run, "--stage", "vae", "--to", 3, "--backend", "scalar", "--threads", 1));
  }

  @Test
  void windowsAreEqualFromCheckpointsThatWereKept() {
    assertOutcome(
        0,
        "equal: denoiser, steps 2 to 4: losses of 2 steps, weights of 2 steps, at last 4",
        audit(run, "--stage", "denoiser", "--from", 2, "--to", 4));
    Outcome spot = audit(run, "--stage", "vae", "--spot", 2, "--length", 1, "--seed", 1);
    assertOutcome(0, "equal: vae, steps 2 to 3", spot);
    assertOutcome(
        2, "begins there are [0, 2]", audit(run, "--stage", "vae", "--from", 3, "--to", 4));
    assertOutcome(2, "no window", audit(run, "--stage", "vae", "--to", STEPS + 1));
  }

  @Test
  void anotherSeedIsFoundBeforeTheFirstStep() throws IOException {
    StageRecord vae = record("vae");
    TrainConfig other = Config.builtin("tiny").withSeed(77);
    // Of other data too: a forger would have put these in.
    StageRecord.Data data = new StageRecord.Data(DataOrigin.phantom(3), "", 2, 1);
    StageRecord seed =
        new StageRecord(
            vae.made(), ConfigTree.json(other), vae.beside(), data, vae.step(), vae.hashes());
    Outcome found = audit(forged("seed", "vae", seed), "--stage", "vae", "--to", 1);
    assertOutcome(1, "DIFFERS: vae, steps 0 to 0: first at step 0, module ", found);
    assertTrue(found.out().contains("step 0, weights sha256: there "), found.out());
    Outcome others = audit(forged("data", "vae", with(vae, other)), "--stage", "vae", "--to", 1);
    assertOutcome(2, "the data are others", others);
  }

  /**
   * The first weights are the same, then losses and steps are not; a kept checkpoint says where.
   */
  @Test
  void anotherConfigurationIsFoundWithTheFirstTensor() throws IOException {
    TrainConfig other = Config.read("tiny", Map.of("vaeTraining.kl", "1e-2"));
    Path forged = forged("settings", "vae", with(record("vae"), other));
    Files.delete(forged.resolve("metrics.jsonl"));
    Outcome found = audit(forged, "--stage", "vae", "--from", 0, "--to", 1);
    assertOutcome(1, "first at step 1, module ", found);
    Outcome losses = audit(forged("kl", "vae", with(record("vae"), other)), "--stage", "vae");
    assertOutcome(1, "DIFFERS: vae, steps 0 to 1: first at step 1", losses);
    assertTrue(losses.out().contains("step 1, loss: there "), losses.out());
    StageRecord vae = record("vae");
    StageRecord late =
        new StageRecord(
            vae.made(),
            ConfigTree.json(other),
            vae.beside(),
            vae.data(),
            vae.step(),
            vae.hashes().stream().filter(h -> h.step() != 1).toList());
    Outcome tensor = audit(forged("late", "vae", late), "--stage", "vae", "--to", 2);
    assertOutcome(1, "first in the order of the file: tensor model.", tensor);
  }

  @Test
  void aFlippedWeightIsFound() throws IOException {
    Path broken = copy("broken");
    Path file = broken.resolve("vae-2.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 100] ^= 1;
    Files.write(file, bytes);
    assertOutcome(1, "damaged", audit(broken, "--stage", "vae", "--from", 2, "--to", 3));
    Path patient = copy("patient");
    flip(patient.resolve("vae-2.safetensors"));
    Outcome found = audit(patient, "--stage", "vae", "--from", 2, "--to", 3);
    assertOutcome(1, "first at step 2, module decoder", found);
  }

  /** Flips the last bit of a weight and gives the file a sum that fits. */
  private static void flip(Path file) throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter().checksummed();
    try (SafeTensors read = SafeTensors.open(file)) {
      read.metadata().forEach(writer::metadata);
      for (String name : read.names()) {
        if (read.dtype(name).isInteger()) {
          writer.longs(name, read.shape(name), read.longs(name));
          continue;
        }
        float[] values = read.floats(name);
        if (name.startsWith("model.decoder")) {
          values[0] = Float.intBitsToFloat(Float.floatToRawIntBits(values[0]) ^ 1);
        }
        writer.floats(name, read.shape(name), values);
      }
    }
    writer.write(file);
  }

  @Test
  void anEditedManifestIsFound() throws IOException {
    Path edited = copy("edited");
    Path file = edited.resolve(Manifest.FILE);
    Files.writeString(file, Files.readString(file).replace("\"seed\": 0", "\"seed\": 1"));
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("\"step\": 4", "\"step\": 3"));
    assertOutcome(1, "is not as it was written", audit(edited, "--stage", "vae"));
    assertOutcome(2, "there is no", audit(folder.resolve("nowhere")));
  }

  @Test
  void anotherContractOrBuildIsSaid() throws IOException {
    Path contract = forged("contract", "vae", with(record("vae"), made(4, "0".repeat(64))));
    Outcome refused = audit(contract, "--stage", "vae", "--to", 1);
    assertOutcome(2, "another build or numeric contract", refused);
    assertTrue(refused.err().contains("numeric contract: there version 4, here 5"), refused.err());
    Made other = made(Made.here().contract(), "0".repeat(64));
    Path build = forged("build", "vae", with(record("vae"), other));
    Outcome told = audit(build, "--stage", "vae", "--to", 1);
    assertOutcome(0, "equal: vae", told);
    assertTrue(told.err().contains("build: there 0.9 (classes 000000000000)"), told.err());
    assertEquals(2, audit(build, "--stage", "vae", "--to", 1, "--same-build").code());
  }

  /** A run of before there were manifests. */
  @Test
  void hashesAndCheckpointsAloneAreEnough() throws IOException {
    Path old = copy("old");
    Files.delete(old.resolve(Manifest.FILE));
    assertOutcome(2, "the data are others", audit(old, "--stage", "vae", "--to", 1));
    assertOutcome(0, "equal: vae", audit(old, "--stage", "vae", "--to", 1, "--phantom-clips", 3));
  }

  @Test
  void samplesAreEqualAndOthersAreFound() throws IOException {
    assertOutcome(0, "equal: sample 1 of seed 7, all frames", audit(samples, "--sample", 1));
    assertOutcome(2, "nothing of that kind", audit(samples, "--sample", 9));
    Path forged = Files.createDirectory(folder.resolve("seeds"));
    DrawRecord d = Manifest.read(samples).draws().getFirst();
    DrawRecord.Settings s = d.settings();
    DrawRecord.Settings other =
        new DrawRecord.Settings(
            8, s.sampler(), s.eta(), s.steps(), s.tile(), s.overlap(), s.fps(), s.condition());
    Manifest.EMPTY.with(new DrawRecord(d.made(), d.model(), other, d.clips())).write(forged);
    assertOutcome(1, "frames sha256: there ", audit(forged, "--sample", 0));
  }

  @Test
  void clipsSayWhenceTheyAre() throws IOException {
    for (String ending : List.of("mp4", "gif", "png", "safetensors")) {
      Outcome found = Runs.run(new Whence(), samples.resolve("sample-1." + ending));
      assertOutcome(0, "synthetic: sample 1 of seed 7, ddim of 2 steps", found);
      assertTrue(found.out().contains("bytes are those that the manifest has"), found.out());
    }
    Path alone = Files.createDirectory(folder.resolve("alone"));
    Path png = alone.resolve("a.png");
    Files.copy(samples.resolve("sample-0.png"), png);
    assertOutcome(2, "the model is not here", Runs.run(new Whence(), png));
    assertOutcome(0, "all 16 frames", Runs.run(new Whence(), png, "--checkpoint", run));
    Path manifest = samples.resolve(Manifest.FILE);
    assertEquals(2, Runs.run(new Whence(), png, "--manifest", manifest).code());
  }

  @Test
  void clipsThatWereChangedAreFound() throws IOException {
    Path changed = Files.createDirectory(folder.resolve("changed"));
    Files.copy(samples.resolve(Manifest.FILE), changed.resolve(Manifest.FILE));
    for (String ending : List.of("gif", "safetensors")) {
      byte[] bytes = Files.readAllBytes(samples.resolve("sample-0." + ending));
      bytes[bytes.length - 60] ^= 1;
      Path file = changed.resolve("sample-0." + ending);
      Files.write(file, bytes);
      Outcome found = Runs.run(new Whence(), file, "--checkpoint", run);
      assertTrue(found.code() > 0, found.out() + found.err());
      assertTrue(ending.equals("safetensors") || found.out().contains("its bytes"), found.out());
    }
    Path plain = changed.resolve("plain.png");
    Runs.run(
        new Phantom(),
        "--clips",
        1,
        "--frames",
        2,
        "--size",
        16,
        "--format",
        "png",
        "--out",
        changed.resolve("phantom"));
    Files.copy(changed.resolve("phantom/phantom-0000.png"), plain);
    assertOutcome(2, "says nothing of where it is from", Runs.run(new Whence(), plain));
  }

  @Test
  void twoRunsAreCompared() {
    assertOutcome(0, "equal: ", Runs.run(new Diff(), run, run));
    Path other = folder.resolve("other");
    Outcome trained = train(other, "--stage", "vae", "--set", "vaeTraining.kl=1e-2");
    assertEquals(0, trained.code(), trained.err());
    Outcome found = Runs.run(new Diff(), run, other);
    assertOutcome(1, "DIFFERS: first at vae, step 1", found);
    assertTrue(found.out().contains("vae settings, vaeTraining.kl: 1.0E-6, 0.01"), found.out());
    assertTrue(found.out().contains("denoiser: only in "), found.out());
    assertTrue(found.out().contains("vae checkpoint: module model.decoder"), found.out());
    Outcome model = Runs.run(new Whence(), samples.resolve("sample-0.png"), "--vae", other);
    assertOutcome(1, "autoencoder: there ", model);
  }
}
