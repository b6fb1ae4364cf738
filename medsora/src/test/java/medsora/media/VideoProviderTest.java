package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoProviderTest {
  @TempDir Path folder;

  private Path marked(int... greys) throws IOException {
    byte[] bytes = Arrays.copyOf(MarkedVideos.MARK, MarkedVideos.MARK.length + greys.length);
    for (int i = 0; i < greys.length; i++) {
      bytes[MarkedVideos.MARK.length + i] = (byte) greys[i];
    }
    return Files.write(folder.resolve("clip.mp4"), bytes);
  }

  @Test
  void aReaderOfTheClassPathIsAskedBeforeTheOwnOnes() throws IOException {
    Path file = marked(7, 9, 11);
    try (FrameSource source = VideoReader.open(file, ReadLimits.DEFAULT, Optional::empty)) {
      assertEquals(2, source.width());
      byte[] frame = new byte[source.frameBytes()];
      for (int grey : new int[] {7, 9, 11}) {
        assertEquals(true, source.next(frame));
        assertEquals(grey, frame[5]);
      }
      assertEquals(false, source.next(frame));
    }
  }

  @Test
  void whatItRefusesIsRefusedAndWhatItLeavesIsRead() throws IOException {
    Path file = marked();
    String said = assertThrows(VideoException.class, () -> VideoReader.read(file)).getMessage();
    assertEquals("[video] " + file + ": is marked and empty", said);
    Path strip = folder.resolve("strip.png");
    PngWriter.strip(strip, medsora.phantom.Phantom.render(1, 0, 3, 16));
    assertEquals(3, VideoReader.read(strip).length());
  }
}
