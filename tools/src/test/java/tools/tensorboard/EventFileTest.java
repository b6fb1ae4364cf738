package tools.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** Event files are read back by the record format of TensorFlow, as tf_record.h has it. */
class EventFileTest {
  @TempDir Path folder;

  /** A field of a message: its number, and a number or bytes. */
  private record Field(int number, long whole, byte[] bytes) {
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    List<Field> inner() {
      return fields(bytes);
    }
  }

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
    try (EventLog log = new EventLog(folder)) {
      log.stepped(report("vae", 1, 0.5));
      log.stepped(report("denoiser", 301, 0.25));
      log.stepped(report("denoiser", 302, 0.125));
      log.clip("sample", Phantom.render(1, 0, 3, 32));
    }
    List<List<Field>> vae = events("events.out.tfevents.vae-00000001");
    assertEquals(2, vae.size());
    assertEquals("brain.Event:2", vae.getFirst().get(1).text());
    List<List<Field>> events = events("events.out.tfevents.denoiser-00000301");
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

  private List<List<Field>> events(String file) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve(file))).order(ByteOrder.LITTLE_ENDIAN);
    List<List<Field>> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      assertEquals(EventFile.masked(length), bytes.getInt());
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      bytes.get(data);
      assertEquals(EventFile.masked(data), bytes.getInt());
      events.add(fields(data));
    }
    assertTrue(events.size() > 1);
    return events;
  }

  private static List<Field> fields(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    List<Field> fields = new ArrayList<>();
    while (in.hasRemaining()) {
      long key = varint(in);
      int number = (int) (key >> 3);
      switch ((int) (key & 7)) {
        case 0 -> fields.add(new Field(number, varint(in), new byte[0]));
        case 1 -> fields.add(new Field(number, in.getLong(), new byte[0]));
        case 2 -> {
          byte[] bytes = new byte[(int) varint(in)];
          in.get(bytes);
          fields.add(new Field(number, 0, bytes));
        }
        case 5 -> fields.add(new Field(number, in.getInt(), new byte[0]));
        default -> throw new IllegalStateException("kind of " + key);
      }
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    int next;
    do {
      next = in.get();
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while ((next & 0x80) != 0);
    return value;
  }
}
