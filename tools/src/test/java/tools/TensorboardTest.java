package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;
import tools.tensorboard.EventReader;
import tools.tensorboard.EventReader.Field;

/** What a training writes for TensorBoard while it goes on. */
class TensorboardTest {
  /** Fields of an event and of a value of its summary. */
  private static final int STEP = 2;

  private static final int SUMMARY = 5;
  private static final int IMAGE = 4;
  private static final int ENCODED = 4;

  @TempDir Path folder;

  /** A moving picture of an event file. */
  private record Shown(long step, String tag, int frames) {}

  @Test
  void clipsAreDrawnWhileItTrainsAndTheWeightsAreTheSame() throws IOException {
    Outcome alone = Runs.tiny(folder.resolve("alone"));
    Path events = folder.resolve("events");
    Outcome watched =
        Runs.tiny(folder.resolve("watched"), "--tensorboard", events, "--tensorboard-clips", 1);
    assertEquals(0, watched.code(), watched.err());
    assertEquals(alone.lastLine(), watched.lastLine());
    assertEquals(
        List.of(new Shown(1, "vae/reconstruction", 16), new Shown(2, "vae/reconstruction", 16)),
        shown(events.resolve("events.out.tfevents.vae-00000001")));
    assertEquals(
        List.of(new Shown(1, "denoiser/sample", 16), new Shown(2, "denoiser/sample", 16)),
        shown(events.resolve("events.out.tfevents.denoiser-00000001")));
  }

  /** Between clips that are seldom the last step has one nonetheless, once. */
  @Test
  void theLastStepIsShown() throws IOException {
    Path events = folder.resolve("events");
    Runs.tiny(folder.resolve("run"), "--stage", "vae", "--tensorboard", events);
    assertEquals(
        List.of(new Shown(2, "vae/reconstruction", 16)),
        shown(events.resolve("events.out.tfevents.vae-00000001")));
  }

  @Test
  void anIntervalWithoutAFolderIsRefused() {
    Outcome refused = Runs.tiny(folder.resolve("run"), "--tensorboard-clips", 5);
    assertEquals(1, refused.code());
    assertTrue(
        refused.err().contains("--tensorboard-clips goes with --tensorboard"), refused.err());
  }

  private static List<Shown> shown(Path file) throws IOException {
    List<Shown> found = new ArrayList<>();
    for (List<Field> event : EventReader.events(file)) {
      long step = 0;
      for (Field field : event) {
        step = field.number() == STEP ? field.whole() : step;
        if (field.number() == SUMMARY) {
          List<Field> value = field.inner().getFirst().inner();
          if (value.get(1).number() == IMAGE) {
            found.add(new Shown(step, value.getFirst().text(), frames(value.get(1).inner())));
          }
        }
      }
    }
    return found;
  }

  private static int frames(List<Field> image) throws IOException {
    byte[] gif =
        image.stream().filter(f -> f.number() == ENCODED).findFirst().orElseThrow().bytes();
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(gif)));
    return reader.getNumImages(true);
  }
}
