package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Mp4TimesTest {
  @TempDir Path folder;

  @Test
  void aWrittenFileTellsNoTimeAndIsReadBack() throws IOException {
    Path file = folder.resolve("a.mp4");
    byte[] frame = new byte[16 * 16 * 3];
    Mp4Writer.write(file, Clip.of("a", 16, 16, List.of(frame, frame)).at(6));
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    for (String box : List.of("mvhd", "tkhd", "mdhd")) {
      int at = text.indexOf(box);
      assertTrue(at > 0, box);
      // The name, one word of version and flags, then the two times.
      assertEquals(0, ByteBuffer.wrap(bytes).getLong(at + 8), box);
    }
    assertEquals(2, VideoReader.read(file).length());
  }
}
