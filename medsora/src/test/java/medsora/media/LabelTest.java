package medsora.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files carry a text, and are otherwise what they are without it. */
class LabelTest {
  private static final Label LABEL =
      new Label("{\"synthetic\":true,\"filling\":\"" + "0123456789".repeat(60) + "\"}");
  private static final Clip CLIP = Phantom.render(3, 0, 3, 32).at(5);
  private static final List<String> ENDINGS = List.of("mp4", "gif", "png", "safetensors");

  @TempDir Path folder;

  private Path write(String name, Clip clip) throws IOException {
    Path file = folder.resolve(name);
    switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "mp4" -> Mp4Writer.write(file, clip);
      case "gif" -> GifWriter.write(file, clip);
      case "png" -> PngWriter.strip(file, clip);
      default -> ClipTensors.write(file, clip);
    }
    return file;
  }

  private static Clip read(Path file) throws IOException {
    return file.toString().endsWith("s") ? ClipTensors.read(file) : VideoReader.read(file);
  }

  @Test
  void filesCarryIt() throws IOException {
    for (String ending : ENDINGS) {
      Path plain = write("plain." + ending, CLIP);
      Path said = write("said." + ending, CLIP.labelled(LABEL));
      assertEquals(Optional.empty(), LabelReader.of(plain), ending);
      assertEquals(Optional.of(LABEL), LabelReader.of(said), ending);
      List<byte[]> frames = read(plain).frames();
      List<byte[]> others = read(said).frames();
      assertEquals(CLIP.length(), others.size());
      for (int i = 0; i < frames.size(); i++) {
        assertArrayEquals(frames.get(i), others.get(i), ending);
      }
      assertArrayEquals(
          Files.readAllBytes(said),
          Files.readAllBytes(write("twice." + ending, CLIP.labelled(LABEL))));
    }
  }

  @Test
  void tensorsAreWithoutLoss() throws IOException {
    assertArrayEquals(CLIP.values(), ClipTensors.read(write("a.safetensors", CLIP)).values());
  }

  /** Whatever is left of a file, reading its label ends in one, in none, or in words. */
  @Test
  void damageIsNoTrap() throws IOException {
    for (String ending : ENDINGS) {
      byte[] bytes = Files.readAllBytes(write("whole." + ending, CLIP.labelled(LABEL)));
      for (int at = 1; at < bytes.length; at += 1 + bytes.length / 60) {
        Path cut = folder.resolve("cut." + ending);
        Files.write(cut, Arrays.copyOf(bytes, at));
        tryOut(cut);
        byte[] turned = bytes.clone();
        turned[at] = (byte) ~turned[at];
        Files.write(cut, turned);
        tryOut(cut);
      }
    }
  }

  private static void tryOut(Path file) {
    try {
      LabelReader.of(file).ifPresent(label -> assertFalse(label.text().isEmpty()));
    } catch (IOException e) {
      assertFalse(e.getMessage().isEmpty());
    }
  }

  @Test
  void refusesWhatNotAllCanCarry() {
    assertThrows(IllegalArgumentException.class, () -> new Label(""));
    assertThrows(IllegalArgumentException.class, () -> new Label("a\nb"));
    assertThrows(IllegalArgumentException.class, () -> new Label("\u00e4"));
    assertThrows(IllegalArgumentException.class, () -> new Label("a".repeat(1 << 15)));
  }
}
