package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipListTest {
  @TempDir Path folder;

  private ClipList read(String text) throws IOException {
    return ClipList.read(Files.writeString(folder.resolve(ClipList.NAME), text));
  }

  @Test
  void furtherColumnsAreKeptByTheirNames() throws IOException {
    ClipList list =
        read(
            "split\tclip\tlabel\tsource\tfirst_frame\tframes\tgroup\n"
                + "train\ta.png\tpolyp\tv.mp4\t51\t17\tp7\n"
                + "\tb.png\t\tw.mp4\t0\t17\t\n");
    TreeMap<String, String> further =
        new TreeMap<>(Map.of("split", "train", "label", "polyp", "group", "p7"));
    assertEquals(new ClipList.Origin("v.mp4", 51, further), list.origins().get("a.png"));
    assertEquals(List.of("group", "label", "split"), List.copyOf(further.keySet()));
    assertEquals(new ClipList.Origin("w.mp4", 0), list.origins().get("b.png"));
  }

  @Test
  void listsFromBeforeAreRead() throws IOException {
    ClipList list = read("clip\tsource\tfirst_frame\tstride\tframes\na.png\tv.mp4\t3\t1\t17\n");
    assertEquals(Map.of("a.png", new ClipList.Origin("v.mp4", 3)), list.origins());
  }

  @Test
  void aColumnTwiceIsRefused() {
    String said =
        assertThrows(IOException.class, () -> read("clip\tsource\tfirst_frame\tlabel\tlabel\n"))
            .getMessage();
    assertTrue(said.contains("names a column twice"), said);
  }
}
