package medsora.media;

import static medsora.media.TestVideos.make;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fields become frames, and colours are those that the stream's matrix and range mean. */
class ColourTest {
  @TempDir Path folder;

  /** Each matrix is told to the encoder with planes made by it; one colour comes back. */
  @Test
  void everyMatrixAndRangeGivesTheColourBack() throws IOException {
    int[] colour = {200, 60, 30};
    for (String space : List.of("bt709", "smpte170m", "bt470bg", "smpte240m", "bt2020nc", "fcc")) {
      for (boolean full : new boolean[] {false, true}) {
        byte[] planes = planes(colour, YuvToRgb.Matrix.of(space), full);
        Path raw = folder.resolve("planes.raw");
        java.nio.file.Files.write(raw, planes);
        String range = full ? "pc" : "tv";
        Path video =
            make(
                "-f rawvideo -pix_fmt yuv444p -s 16x16 -i",
                raw,
                "-vf setparams=range=%s:colorspace=%s -c:v ffv1 -color_range %s -colorspace %s"
                    .formatted(range, space, range, space),
                folder.resolve("v.mkv"));
        byte[] rgb = VideoReader.read(video).frames().getFirst();
        for (int c = 0; c < 3; c++) {
          assertEquals(colour[c], rgb[c] & 0xff, 2, space + " " + range + " channel " + c);
        }
      }
    }
  }

  /** The defining equations (ITU-T H.273, 8.3), rounded. */
  private static byte[] planes(int[] rgb, YuvToRgb.Matrix m, boolean full) {
    double y = m.kr() * rgb[0] + (1 - m.kr() - m.kb()) * rgb[1] + m.kb() * rgb[2];
    double cb = (rgb[2] - y) / (2 * (1 - m.kb()));
    double cr = (rgb[0] - y) / (2 * (1 - m.kr()));
    double[] values = {
      full ? y : 16 + y * 219 / 255,
      128 + (full ? cb : cb * 224 / 255),
      128 + (full ? cr : cr * 224 / 255)
    };
    byte[] planes = new byte[3 * 256];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (byte) Math.round(values[i / 256]);
    }
    return planes;
  }

  /** A bar that moves between the fields is torn where fields are shown as a frame. */
  @Test
  void interlacedFramesAreDeinterlaced() throws IOException {
    int size = 64;
    TestVideos.Raw raw =
        TestVideos.raw(
            folder.resolve("bar.raw"),
            size,
            size,
            8,
            frame -> {
              byte[] rgb = new byte[size * size * 3];
              for (int p = 0; p < size * size; p++) {
                int field = 2 * frame + p / size % 2;
                int x = p % size - 3 * field;
                java.util.Arrays.fill(rgb, 3 * p, 3 * p + 3, (byte) (x >= 0 && x < 12 ? 235 : 16));
              }
              return rgb;
            });
    // Frames of jpeg2000 do not say that they hold fields; its mov does.
    for (String made : List.of("mpeg2video i.mpg", "mpeg2video i.mkv", "jpeg2000 i.mov")) {
      String name = made.split(" ")[1];
      String interlaced =
          "-flags +ildct+ilme -field_order tt -vf setfield=tff -q:v 2 -pix_fmt yuv420p";
      Path video =
          make(raw.input("-c:v " + made.split(" ")[0] + " " + interlaced, folder.resolve(name)));
      Path plain =
          make(raw.input("-c:v mpeg2video -q:v 2 -pix_fmt yuv420p", folder.resolve("p.mkv")));
      try (FrameSource source = VideoReader.open(video)) {
        List<byte[]> frames = TestVideos.frames(source);
        assertEquals(8, frames.size());
        assertEquals(List.of("its frames are interlaced: deinterlaced"), source.remarks());
        double torn = torn(VideoReader.read(plain).frames().get(4), size);
        assertTrue(torn(frames.get(4), size) < torn / 2, name + ": " + torn);
      }
      assertEquals(List.of(), remarks(plain));
    }
  }

  private static List<String> remarks(Path video) throws IOException {
    try (FrameSource source = VideoReader.open(video)) {
      assertEquals(8, TestVideos.frames(source).size());
      return source.remarks();
    }
  }

  /** How much each row differs from the mean of its neighbours. */
  private static double torn(byte[] rgb, int size) {
    double sum = 0;
    for (int y = 1; y < size - 1; y++) {
      for (int x = 0; x < size; x++) {
        int at = 3 * (y * size + x);
        int neighbours = (rgb[at - 3 * size] & 0xff) + (rgb[at + 3 * size] & 0xff);
        sum += Math.abs((rgb[at] & 0xff) - neighbours / 2.0);
      }
    }
    return sum / (size * (size - 2));
  }
}
