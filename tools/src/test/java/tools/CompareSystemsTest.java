package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.train.store.RunFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** Systems that are trained, drawn from and measured side by side, in tiny sizes. */
class CompareSystemsTest {
  private static final String ENDORA =
      """
      base: endora-tiny
      data: {sampling: paper, heldOut: 0.1}
      denoiser: {frames: 24, videoFrames: 16}
      """;

  private static final String LVDM =
      """
      version: 3
      profile: paper
      data: {size: 32}
      vae: {kind: lvdm, width: 16, timeFactor: 4, spaceFactor: 4, latentChannels: 4}
      vaeTraining: {scope: everything, frames: 4, learningRate: 1e-3, beta2: 0.999, steps: 2}
      denoiser: {kind: lvdm, inChannels: 4, inputSize: 8, frames: 4, width: 32, multipliers: [1],
        blocks: 1, attention: [1], heads: 4}
      denoiserTraining: {opening: {epochs: 0}, batch: 2, learningRate: 1e-3, steps: 2}
      stopping: {every: 0}
      """;

  /** Enough for a step or two of LVDM's autoencoder, the dearest of all. */
  private static final double BUDGET = 8;

  @TempDir Path folder;
  private Path endora;
  private Path lvdm;

  @BeforeEach
  void write() throws IOException {
    endora = Files.writeString(folder.resolve("endora.yaml"), ENDORA);
    lvdm = Files.writeString(folder.resolve("lvdm.yaml"), LVDM);
  }

  private Outcome compare(String systems, Object... more) {
    List<Object> words = new ArrayList<>(List.of("--systems", systems, "--out", out()));
    words.addAll(List.of("--phantom-clips", 4, "--count", 2, "--sample-steps", 2));
    words.addAll(List.of("--motion-clips", 1));
    words.addAll(List.of(more));
    return Runs.run(new Compare(), words.toArray());
  }

  private Path out() {
    return folder.resolve("out");
  }

  @Test
  void spendsTheSameOnAllAndGoesOnWhereItStopped() throws Exception {
    String medsora = "medsora=tiny";
    Outcome first = compare(medsora, "--budget", BUDGET);
    assertEquals(0, first.code(), first.err());
    byte[] weights = Files.readAllBytes(RunFolder.checkpoint(out().resolve("medsora"), "denoiser"));

    String all = medsora + ",endora=" + endora + ",lvdm=" + lvdm;
    Outcome whole = compare(all, "--budget", BUDGET);
    assertEquals(0, whole.code(), whole.err());
    assertEquals(
        List.of("endora", "lvdm"),
        whole
            .err()
            .lines()
            .filter(l -> l.startsWith("drawing "))
            .map(CompareSystemsTest::of)
            .toList(),
        whole.err());
    Path kept = RunFolder.checkpoint(out().resolve("medsora"), "denoiser");
    assertTrue(Arrays.equals(weights, Files.readAllBytes(kept)));

    byte[] json = Files.readAllBytes(out().resolve("compare.json"));
    JsonNode systems = new ObjectMapper().readTree(json).get("systems");
    assertEquals(3, systems.size());
    for (JsonNode each : systems) {
      double left = (1e9 * BUDGET) - each.get("spent_multiply_adds").asDouble();
      double step =
          each.get("vae_step_multiply_adds").asDouble()
              + each.get("denoiser_step_multiply_adds").asDouble()
              + (2 * each.get("clip_multiply_adds").asDouble())
              + (2 * each.get("window_multiply_adds").asDouble());
      assertTrue(left >= 0 && left < step, each.toString());
      assertEquals(2, each.get("n").asInt());
      assertTrue(each.get("numbers").has("FD-phantom-frames"), each.toString());
    }
    String table = Files.readString(out().resolve("compare.md"));
    assertTrue(
        table.startsWith(
            "|  | parameters, million | steps | spent, T | n | FD-phantom-frames |"
                + " FD-phantom-motion | flicker | warp error | flow length | near |"),
        table);
    assertEquals(
        List.of("medsora", "endora", "lvdm", "real clips"),
        table.lines().skip(2).limit(4).map(l -> l.split(" \\| ")[0].substring(2)).toList());
    String page = Files.readString(out().resolve("compare.html"));
    assertTrue(page.contains("pictures/lvdm-1.gif"), page);
    assertTrue(Files.exists(out().resolve("pictures/real-1.gif")));

    Outcome again = compare(all, "--budget", BUDGET);
    assertEquals(0, again.code(), again.err());
    assertFalse(again.err().contains("drawing "), again.err());
    assertEquals(whole.out(), again.out());
    assertTrue(
        Arrays.equals(json, Files.readAllBytes(out().resolve("compare.json"))), "the same figures");
  }

  /** The system of a line of progress. */
  private static String of(String line) {
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  private static void refused(Outcome o, String... parts) {
    assertEquals(1, o.code(), o.err());
    for (String part : parts) {
      assertTrue(o.err().contains(part), o.err());
    }
  }

  @Test
  void refusesWhatCannotBeCompared() {
    refused(compare("medsora,stylegan-v"), "--systems wants medsora, endora, lvdm", "stylegan-v");
    refused(compare("medsora=tiny,medsora=demo"), "'medsora' twice");
    refused(compare("medsora=tiny,endora"), "are not of the same clips");
    refused(compare("medsora=medsora-s"), "begins with larger batches");
    refused(compare("medsora=tiny", "--budget", 0), "--budget wants a number above 0");
    refused(compare("medsora=tiny", "--budget", 1e-6), "--budget 1.000e-06 G is too small");
    refused(
        Runs.run(new Compare(), "--systems", "medsora=tiny", "--count", 1, "--out", out()),
        "--count wants at least 2");
    refused(compare("medsora=nothing"), "nothing");
    refused(Runs.run(new Compare()), "wants two folders of videos");
    refused(Runs.run(new Compare(), folder), "wants two folders of videos");
    refused(Runs.run(new Compare(), folder, folder, "--systems", "lvdm"), "or else --systems");
  }
}
