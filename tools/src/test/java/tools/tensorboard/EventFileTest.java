package tools.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import medsora.phantom.Phantom;
import medsora.train.store.StepReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.tensorboard.EventReader.Field;

/** Event files are read back by TensorFlow's own format. */
class EventFileTest {
  @TempDir Path folder;

  @Test
  void theSumsAreTheKnownOnes() {
    CRC32C sum = new CRC32C();
    sum.update("123456789".getBytes(StandardCharsets.US_ASCII));
    assertEquals(0xe3069283L, sum.getValue());
    // ((c >> 15) | (c << 17)) + 0xa282ead8 in 32 bits, in long arithmetic.
    long c = sum.getValue();
    long masked = (((c >> 15) | (c << 17)) & 0xffffffffL) + 0xa282ead8L & 0xffffffffL;
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertEquals((int) masked, EventFile.masked(digits));
  }

  @Test
  void stepsAndClipsAreReadBack() throws IOException {
    try (EventLog log = new EventLog(folder, 100)) {
      log.stepped(report("vae", 1, 0.5));
      log.stepped(report("denoiser", 301, 0.25));
      log.stepped(report("denoiser", 302, 0.125));
      log.clip("sample", Phantom.render(1, 0, 3, 32));
    }
    List<List<Field>> vae = EventReader.events(folder.resolve("events.out.tfevents.vae-00000001"));
    assertEquals(2, vae.size());
    assertEquals("brain.Event:2", vae.getFirst().get(1).text());
    List<List<Field>> events =
        EventReader.events(folder.resolve("events.out.tfevents.denoiser-00000301"));
    assertEquals(4, events.size());
    List<Field> second = events.get(2);
    assertEquals(0.75, Double.longBitsToDouble(second.get(0).whole()), 1e-12);
    assertEquals(302, second.get(1).whole());
    List<Field> loss = second.get(2).inner().getFirst().inner();
    assertEquals("denoiser/loss", loss.get(0).text());
    assertEquals(0.125f, Float.intBitsToFloat((int) loss.get(1).whole()));
    picture(events.get(3).get(2).inner().getFirst().inner());
  }

  private static void picture(List<Field> value) throws IOException {
    assertEquals("denoiser/sample", value.get(0).text());
    List<Field> image = value.get(1).inner();
    assertArrayEquals(
        new long[] {32, 32, 3}, image.subList(0, 3).stream().mapToLong(Field::whole).toArray());
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    reader.setInput(
        ImageIO.createImageInputStream(new java.io.ByteArrayInputStream(image.get(3).bytes())));
    assertEquals(3, reader.getNumImages(true));
  }

  private static StepReport report(String stage, long step, double loss) {
    Map<String, Double> losses = new LinkedHashMap<>();
    losses.put(StepReport.TOTAL, loss);
    return new StepReport(stage, step, losses, 2, 1e-3, 0.25);
  }
}
