package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.SplitMix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritersTest {
  @TempDir Path folder;

  /** Peak signal to noise ratio in dB over the first video's size and length. */
  static double psnr(Clip a, Clip b) {
    double error = 0;
    for (int t = 0; t < a.length(); t++) {
      for (int y = 0; y < a.height(); y++) {
        for (int x = 0; x < 3 * a.width(); x++) {
          int d =
              (a.frames().get(t)[y * a.width() * 3 + x] & 255)
                  - (b.frames().get(t)[y * b.width() * 3 + x] & 255);
          error += d * d;
        }
      }
    }
    return 10 * Math.log10(255.0 * 255 * a.length() * a.height() * a.width() * 3 / error);
  }

  @Test
  void mp4ComesBackInGoodQuality() throws IOException {
    for (int size : new int[] {64, 37}) {
      Clip v = Phantom.render(7, 2, 28, size);
      Path file = folder.resolve("p" + size + ".mp4");
      Mp4Writer.write(file, v.at(8));
      Clip back = VideoReader.read(file);
      assertEquals(size + (size & 1), back.width());
      assertEquals(28, back.length());
      assertEquals(OptionalDouble.of(8), back.rate());
      double psnr = psnr(v, back);
      assertTrue(psnr > 36, size + ": psnr " + psnr);
    }
  }

  @Test
  void theMp4SaysWhatItHolds() throws IOException {
    Path file = folder.resolve("p.mp4");
    Mp4Writer.write(file, Phantom.render(3, 0, 5, 48).at(12.5));
    FfmpegStream stream = FfmpegStream.of(file, TestVideos.ffmpeg(), ReadLimits.DEFAULT);
    assertEquals("h264", stream.codec());
    assertEquals(5, stream.frames());
    assertEquals(OptionalDouble.of(12.5), stream.rate());
  }

  @Test
  void noiseIsWrittenToo() throws IOException {
    byte[] noise = new byte[32 * 32 * 3];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) SplitMix.at(1, i);
    }
    Path file = folder.resolve("noise.mp4");
    Mp4Writer.write(file, Clip.of("noise", 32, 32, List.of(noise, noise)).at(5));
    assertEquals(2, VideoReader.read(file).length());
  }

  @Test
  void anUnfinishedMp4LeavesNothing() throws IOException {
    Path file = folder.resolve("none.mp4");
    Mp4Writer w = new Mp4Writer(file, 16, 16, 5);
    assertThrows(IllegalArgumentException.class, () -> w.add(new byte[5]));
    assertThrows(IOException.class, w::close);
    assertFalse(Files.exists(file));
    try (var left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void stripsComeBackExactly() throws IOException {
    Clip v = Phantom.render(1, 1, 3, 20);
    Path file = folder.resolve("clip.png");
    PngWriter.strip(file, v);
    VideoReaderTest.assertSame(v, VideoReader.read(file));
    Clip one = v.first(1);
    PngWriter.strip(file, one);
    VideoReaderTest.assertSame(one, VideoReader.read(file));
    PngWriter.strip(folder.resolve("one.strip1.png"), one);
    VideoReaderTest.assertSame(one, VideoReader.read(folder.resolve("one.strip1.png")));
    Path wrong = folder.resolve("one.strip2.png");
    String text = assertThrows(IOException.class, () -> PngWriter.strip(wrong, one)).getMessage();
    assertTrue(text.contains("would not be read back from this name"), text);
  }

  @Test
  void contactSheetsHoldTheFrames() throws IOException {
    Clip v = Phantom.render(1, 1, 3, 16);
    Path file = folder.resolve("sheet.png");
    PngWriter.contactSheet(file, List.of(v, v.first(1)));
    Clip sheet = PictureDecoder.picture(file, ReadLimits.DEFAULT);
    assertEquals(2 + 3 * 18, sheet.width());
    assertEquals(2 + 2 * 18, sheet.height());
    byte[] all = sheet.frames().get(0);
    assertEquals(v.frames().get(2)[0], all[(2 * sheet.width() + 2 + 2 * 18) * 3]);
    assertEquals(-1, all[0]);
  }
}
