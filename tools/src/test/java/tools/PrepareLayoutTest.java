package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.media.PngWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** {@code prepare --layout} from the command line; the layouts themselves have their own tests. */
class PrepareLayoutTest {
  private static final int SIDE = 8;

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void twoOperations() throws IOException {
    data = folder.resolve("CholecT50");
    for (int video : new int[] {78, 79}) {
      for (int t = 0; t < 46; t++) {
        byte[] frame = new byte[3 * SIDE * SIDE];
        for (int i = 0; i < frame.length; i++) {
          frame[i] = (byte) (60 + (i / 3 + 3 * t + video) % 150);
        }
        Path file = data.resolve("videos/VID%d/%06d.png".formatted(video, t));
        PngWriter.write(file, frame, SIDE, SIDE);
      }
    }
  }

  private Outcome prepare(Object... more) {
    List<Object> words = new ArrayList<>(List.of(data, "--size", 8));
    words.addAll(List.of("--out", folder.resolve("out"), "--layout"));
    words.addAll(List.of(more));
    return Runs.run(new Prepare(), words.toArray());
  }

  @Test
  void theListHasThePapersClipsWithGroupAndSplit() throws IOException {
    Outcome o = prepare("cholectriplet");
    assertEquals(0, o.code(), o.err());
    assertEquals(
        List.of(
            "clip\tsource\tfirst_frame\tstride\tframes\tgroup\tsplit",
            "videos_VID78-0000.png\tvideos/VID78\t0\t3\t16\tVID78\ttrain",
            "videos_VID79-0000.png\tvideos/VID79\t0\t3\t16\tVID79\ttest"),
        Files.readAllLines(folder.resolve("out/clips.tsv")));
  }

  @Test
  void whatIsWrongIsSaidBeforeTheWork() {
    Outcome other = prepare("kvasir-capsule");
    assertEquals(1, other.code());
    assertTrue(other.err().contains("is no kvasir-capsule: looked for"), other.err());
    Outcome unknown = prepare("cholec80");
    assertTrue(unknown.err().contains("no layout is called 'cholec80'"), unknown.err());
    Outcome split = prepare("cholectriplet", "--split", "crossval-9");
    assertTrue(split.err().contains("no split 'crossval-9'"), split.err());
  }
}
