package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import medsora.flow.FlowFile;
import medsora.flow.raft.Raft;
import medsora.flow.raft.RaftConfig;
import medsora.media.PngWriter;
import nn.io.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** The programs around flow, features and alignment. */
class MotionTest {
  @TempDir Path folder;

  /** A picture of 40x32 whose pattern stands dx pixels to the right. */
  private Path png(String name, int dx) throws IOException {
    byte[] rgb = new byte[40 * 32 * 3];
    for (int i = 0; i < rgb.length; i++) {
      double x = i / 3 % 40 - dx;
      double y = i / 120;
      rgb[i] = (byte) (127 + 60 * Math.sin(0.4 * x + 0.1 * y) + 60 * Math.cos(0.3 * y - 0.1 * x));
    }
    Path file = folder.resolve(name);
    PngWriter.write(file, rgb, 32, 40);
    return file;
  }

  @Test
  void flowOfTwoPicturesIsWrittenAndShown() throws IOException {
    Path a = png("a.png", 0);
    Path b = png("b.png", 2);
    Path truth = folder.resolve("truth.flo");
    float[] uv = new float[2 * 40 * 32];
    java.util.Arrays.fill(uv, 0, 40 * 32, 2f);
    FlowFile.write(truth, uv, 32, 40);
    Path out = folder.resolve("deep").resolve("f.flo");
    Outcome run = Runs.run(new Flow(), a, b, "--out", out, "--truth", truth, "--colours", "wheel");
    assertEquals(0, run.code(), run.err());
    FlowFile.Flow flow = FlowFile.read(out);
    assertEquals(2f, flow.uv()[16 * 40 + 20], 0.2f);
    assertTrue(Files.size(folder.resolve("deep").resolve("f.png")) > 0);
    double error = Double.parseDouble(run.lastLine().replaceAll("[^0-9.]+", ""));
    assertTrue(error < 1, run.lastLine());
  }

  /** A ppm with a comment, of a ramp. */
  private Path ppm(String name, int width, int height) throws IOException {
    byte[] head =
        ("P6\n# made\n" + width + " " + height + "\n255\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = java.util.Arrays.copyOf(head, head.length + 3 * width * height);
    for (int i = head.length; i < all.length; i++) {
      all[i] = (byte) (i * 7);
    }
    return Files.write(folder.resolve(name), all);
  }

  @Test
  void raftIsRecognisedByItsWeights() throws IOException {
    Path weights = folder.resolve("raft.safetensors");
    Raft raft = new Raft(RaftConfig.SMALL);
    raft.initialize(1);
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Weights.add(writer, "", raft.stateDict());
    writer.write(weights);
    Path a = ppm("a.ppm", 130, 128);
    Path out = folder.resolve("f.flo");
    Outcome run = Runs.run(new Flow(), a, a, "--weights", weights, "--iterations", 1, "--out", out);
    assertEquals(0, run.code(), run.err());
    assertTrue(run.err().contains("RAFT small, 1 iteration"), run.err());
    assertEquals(130, FlowFile.read(out).width());
    Path small = ppm("s.ppm", 64, 64);
    Outcome refused = Runs.run(new Flow(), small, small, "--weights", weights, "--out", out);
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("at least 128x128"), refused.err());
  }

  @Test
  void badInputIsNamed() throws IOException {
    Path a = png("a.png", 0);
    Path b = ppm("b.ppm", 41, 32);
    Path other = folder.resolve("other.safetensors");
    new SafeTensorsWriter().floats("conv.weight", new long[] {1}, new float[1]).write(other);
    Path cut =
        Files.write(folder.resolve("cut.ppm"), "P6 9 9 255 xx".getBytes(StandardCharsets.US_ASCII));
    Path flo = Files.write(folder.resolve("bad.flo"), new byte[] {'P', 'I', 'E', 'H', 1, 0, 0, 0});
    Path out = folder.resolve("f.flo");
    record Case(String words, List<Object> arguments) {}
    for (Case c :
        List.of(
            new Case("differ in size", List.of(a, b)),
            new Case("no such file", List.of(a, folder.resolve("none.png"))),
            new Case("ends after 2 of 243", List.of(a, cut)),
            new Case("no .flo file", List.of(a, a, "--truth", flo)),
            new Case("conv.weight", List.of(a, a, "--weights", other)),
            new Case("--weights", List.of(a, a, "--iterations", 3)))) {
      Object[] all = new Object[c.arguments.size() + 2];
      for (int i = 0; i < c.arguments.size(); i++) {
        all[i] = c.arguments.get(i);
      }
      all[all.length - 2] = "--out";
      all[all.length - 1] = out;
      Outcome run = Runs.run(new Flow(), all);
      assertEquals(1, run.code(), c.words);
      assertTrue(run.err().contains(c.words), run.err());
      assertFalse(Files.exists(out), c.words);
    }
  }

  /** Features from the clips, then results of frozen networks, then training that reads them. */
  @Test
  void theRoadFromClipsToAnAlignedDenoiser() throws IOException {
    Object[] data = {"--config", "tiny", "--phantom-clips", "6"};
    Path dino = folder.resolve("dino");
    Outcome features =
        Runs.run(
            new PretrainDino(),
            with(data, "--out", dino, "--steps", 2, "--batch", 2, "--width", 24, "--depth", 2));
    assertEquals(0, features.code(), features.err());
    Path file = dino.resolve("features.safetensors");
    Path run = folder.resolve("run");
    Outcome vae = Runs.run(new Train(), with(data, "--stage", "vae", "--steps", 1, "--out", run));
    assertEquals(0, vae.code(), vae.err());
    assertTrue(vae.err().contains("perceptual term is off"), vae.err());
    Path kept = folder.resolve("kept");
    Object[] aligned = {"--features", file, "--precomputed", kept};
    Outcome stored = Runs.run(new Precompute(), with(with(data, "--vae", run), aligned));
    assertEquals(0, stored.code(), stored.err());
    assertTrue(stored.out().contains("targets: "), stored.out());
    assertTrue(stored.out().contains("latents: "), stored.out());
    Outcome again = Runs.run(new Precompute(), with(with(data, "--vae", run), aligned));
    assertTrue(again.out().contains(" 0 of them computed now"), again.out());
    Object[] denoiser = {"--stage", "denoiser", "--steps", 2, "--out", run};
    Outcome trained = Runs.run(new Train(), with(with(data, denoiser), aligned));
    assertEquals(0, trained.code(), trained.err());
    assertTrue(Files.readString(run.resolve("metrics.jsonl")).contains("\"align\""));
    // The same without the folder, elsewhere.
    Path other = folder.resolve("other");
    Object[] elsewhere = {
      "--stage", "denoiser", "--steps", 2, "--out", other, "--vae", run, "--features", file
    };
    Outcome direct = Runs.run(new Train(), with(data, elsewhere));
    assertEquals(trained.lastLine(), direct.lastLine());
    Outcome plain = Runs.run(new Train(), with(data, denoiser));
    assertEquals(1, plain.code());
  }

  private static Object[] with(Object[] first, Object... then) {
    Object[] all = java.util.Arrays.copyOf(first, first.length + then.length);
    System.arraycopy(then, 0, all, first.length, then.length);
    return all;
  }

  @Test
  void networksThatDoNotFitAreRefusedBeforeTheData() throws IOException {
    Path other = folder.resolve("other.safetensors");
    new SafeTensorsWriter().floats("conv.weight", new long[] {1}, new float[1]).write(other);
    Path out = folder.resolve("out");
    for (String[] c :
        new String[][] {
          {"'pos_embed' is missing", "--features", other.toString()},
          {"go together", "--lpips-trunk", other.toString()},
          {"goes with --features", "--flow-weights", other.toString()},
          {"wants --features", "--set", "alignment.enabled=true"}
        }) {
      Outcome run = Runs.run(new Train(), "--config", "tiny", "--out", out, c[1], c[2]);
      assertEquals(1, run.code(), c[0]);
      assertTrue(run.err().contains(c[0]), run.err());
      assertFalse(Files.exists(out), c[0]);
    }
  }

  @Test
  void anAblationPrintsBoth() throws IOException {
    Path out = folder.resolve("ablate");
    Outcome run =
        Runs.run(
            new Ablate(),
            "align",
            "--config",
            "tiny",
            "--phantom-clips",
            12,
            "--out",
            out,
            "--count",
            1,
            "--sample-steps",
            2,
            "--looks",
            2);
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("validation noise loss"), run.out());
    assertTrue(run.out().contains("warp error"), run.out());
    assertTrue(Files.exists(out.resolve("samples.png")));
    String json = Files.readString(out.resolve("ablation.json"));
    assertTrue(json.contains("without alignment") && json.contains("with alignment"), json);
    assertEquals(2, Runs.run(new Ablate(), "everything").code());
  }
}
