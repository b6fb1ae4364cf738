package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import engine.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.metric.FrameQuality;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** What ./run compare pairs, measures and refuses. */
class CompareTest {
  private static final int SIZE = 16;

  @TempDir Path folder;
  private Path originals;
  private Path others;

  @BeforeEach
  void write() throws IOException {
    originals = folder.resolve("originals");
    others = folder.resolve("others");
    for (int i = 1; i <= 3; i++) {
      PngWriter.strip(originals.resolve("set4_0" + i + "_origin.png"), clip(i, 0, 3));
    }
  }

  /** A clip whose bytes are all so much brighter, as far as there is room. */
  private static Clip clip(int number, int brighter, int frames) {
    Clip clip = Phantom.render(1, number, frames, SIZE);
    List<byte[]> out =
        clip.frames().stream()
            .map(frame -> {
              byte[] other = frame.clone();
              for (int i = 0; i < other.length; i++) {
                other[i] = (byte) Math.min(255, (other[i] & 0xff) + brighter);
              }
              return other;
            })
            .toList();
    return Clip.of("clip", SIZE, SIZE, out);
  }

  private Outcome compare(Object... more) {
    Object[] words = new Object[more.length + 4];
    List.of(originals, others, "--out", folder.resolve("out")).toArray(words);
    System.arraycopy(more, 0, words, 4, more.length);
    return Runs.run(new Compare(), words);
  }

  @Test
  void pairsAreFoundByNameAndThenByTheirLastNumber() throws IOException {
    PngWriter.strip(others.resolve("set4_03_origin.png"), clip(3, 0, 3));
    PngWriter.strip(others.resolve("1_recon.png"), clip(1, 4, 3));
    PngWriter.strip(others.resolve("sample.png"), clip(1, 4, 3));
    Outcome run = compare();
    assertEquals(0, run.code(), run.err());
    assertTrue(run.err().contains("left out, no pair: set4_02_origin"), run.err());
    assertTrue(run.err().contains("left out, no pair: sample"), run.err());
    JsonNode json = new ObjectMapper().readTree(folder.resolve("out/compare.json").toFile());
    assertEquals(2, json.get("pairs").size());
    JsonNode same = json.get("pairs").get(0);
    assertEquals("set4_03_origin", same.get("name").asText());
    assertTrue(same.get("psnr").isNull(), same.toString());
    assertEquals(1, same.get("ssim").asDouble(), 1e-12);
    assertEquals(same.get("warp_error_original"), same.get("warp_error_other"));
    JsonNode brighter = json.get("pairs").get(1);
    assertEquals("1_recon", brighter.get("name").asText());
    assertEquals(3, brighter.get("frames").asInt());
    double psnr = FrameQuality.psnr(brighter.get("squared_error").asDouble());
    assertEquals(psnr, brighter.get("psnr").asDouble());
    assertTrue(psnr > 36 && psnr < 36.2, "4 bytes are 36.1 dB, a little less where it is white");
    assertEquals(psnr, json.get("means").get("psnr").get("mean").asDouble());
    assertTrue(json.get("lpips").isNull());
  }

  @Test
  void refusesWhatIsNoPair() throws IOException {
    Path one = others.resolve("1.png");
    PngWriter.strip(one, clip(1, 0, 2));
    assertRefused("has fewer frames than set4_01_origin.png: 2 are common", compare());
    assertRefused("go together", compare("--lpips-trunk", one));
    Path none = folder.resolve("w.safetensors");
    new SafeTensorsWriter().floats("other", new long[] {1}, 1f).write(none);
    assertRefused("no heads of", compare("--lpips-trunk", none, "--lpips-heads", none));
    PngWriter.strip(one, Phantom.render(1, 1, 3, 2 * SIZE));
    assertRefused("is 32x32, set4_01_origin.png is 16x16", compare());
    PngWriter.strip(others.resolve("0001.png"), clip(1, 0, 3));
    assertRefused("0001 and 1 have one last number, 1", compare());
    Files.delete(one);
    Files.delete(others.resolve("0001.png"));
    assertRefused("holds no videos", compare());
    PngWriter.strip(others.resolve("9.png"), clip(1, 0, 3));
    assertRefused("have one name, or one last number in it", compare());
  }

  private static void assertRefused(String words, Outcome run) {
    assertTrue(run.code() != 0 && run.err().contains(words), run.err());
  }
}
