package medsora.media;

import static medsora.media.TestVideos.make;
import static medsora.media.TestVideos.numbers;
import static medsora.media.TestVideos.range;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container says of its frames is obeyed: which, when, which way up and how wide. */
class ContainerTest {
  @TempDir Path folder;

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Path numbered(String name, int first, int count, String options) throws IOException {
    return TestVideos.mpeg4(file(name), first, count, options);
  }

  @Test
  void whatAnEditRemovedIsNotSeen() throws IOException {
    Path all = numbered("all.mp4", 0, 48, "-bf 0");
    assertEquals(range(0, 48), numbers(all));
    Path trimmed = make("-ss 0.72 -t 0.8 -i", all, "-c copy", file("trimmed.mp4"));
    // The frames from the key frame 12 on are in the file, and decoded.
    assertEquals(range(18, 38), numbers(trimmed));
  }

  /** Each edit is a duration in thousandths of a second and a first time in units of the track. */
  @Test
  void editsAreShownInTheirOrder() throws IOException {
    Path all = numbered("all.mp4", 0, 48, "-bf 0 -video_track_timescale 25000");
    byte[] bytes = Files.readAllBytes(all);
    Files.write(all, withEdits(bytes, new int[][] {{480, 24_000}, {480, 0}}));
    List<Integer> swapped = new ArrayList<>(range(24, 36));
    swapped.addAll(range(0, 12));
    assertEquals(swapped, numbers(all));
    Files.write(all, withEdits(bytes, new int[][] {{800, 0}}));
    assertEquals(range(0, 20), numbers(all));
  }

  /** 0.48 s, then 0.4 s of nothing, for which ffmpeg shows frames of the beginning. */
  @Test
  void anEditOfNothingBetweenTwoOthersIsASeam() throws IOException {
    Path all = numbered("all.mp4", 0, 48, "-bf 0 -video_track_timescale 25000");
    byte[] bytes = Files.readAllBytes(all);
    List<Integer> expected = new ArrayList<>(range(0, 12));
    expected.addAll(range(24, 36));
    for (int[][] edits :
        new int[][][] {
          {{480, 0}, {400, -1}, {480, 24_000}},
          {{480, 0}, {400, -1}, {480, 24_000}, {200, -1}},
          {{80, -1}, {480, 0}, {400, -1}, {480, 24_000}}
        }) {
      Files.write(all, withEdits(bytes, edits));
      try (FrameSource source = TestVideos.open(all)) {
        List<Integer> got = new ArrayList<>();
        byte[] frame = new byte[source.frameBytes()];
        while (source.section() == 0 && source.next(frame)) {
          got.add(TestVideos.number(frame));
        }
        assertEquals(range(0, 12), got);
        TestVideos.frames(source).forEach(f -> got.add(TestVideos.number(f)));
        assertEquals(expected, got, Arrays.deepToString(edits));
        assertEquals(1, source.section());
        assertEquals(
            List.of(
                "its edit list shows nothing for 0.400 s before frame 12: a new section begins"
                    + " there"),
            source.remarks());
      }
    }
  }

  /** Replaces the edits of a file whose movie box stands last. */
  private static byte[] withEdits(byte[] mp4, int[][] edits) {
    String text = new String(mp4, StandardCharsets.ISO_8859_1);
    int list = text.indexOf("elst") - 4;
    int old = ByteBuffer.wrap(mp4).getInt(list);
    ByteBuffer box = ByteBuffer.allocate(16 + 12 * edits.length);
    box.putInt(box.capacity()).put("elst".getBytes(StandardCharsets.US_ASCII)).putInt(0);
    box.putInt(edits.length);
    for (int[] edit : edits) {
      box.putInt(edit[0]).putInt(edit[1]).putInt(1 << 16);
    }
    ByteBuffer out = ByteBuffer.allocate(mp4.length + box.capacity() - old);
    out.put(mp4, 0, list).put(box.array()).put(mp4, list + old, mp4.length - list - old);
    for (String outer : List.of("moov", "trak", "edts")) {
      int at = text.indexOf(outer) - 4;
      out.putInt(at, out.getInt(at) + box.capacity() - old);
    }
    return out.array();
  }

  @Test
  void fragmentsBehindAMovieBoxAreRead() throws IOException {
    assertEquals(range(0, 48), numbers(numbered("f.mp4", 0, 48, "-movflags frag_keyframe")));
    String empty = "-movflags frag_keyframe+empty_moov";
    assertEquals(range(0, 30), numbers(numbered("e.mp4", 0, 30, empty)));
  }

  /** A pixel at (x, y) is shown at (a x + c y, b x + d y), moved so that all are positive. */
  @Test
  void allEightDisplayMatricesAreObeyed() throws IOException {
    Path plain = file("plain.mp4");
    Mp4Writer.write(plain, Phantom.render(1, 0, 2, 32).at(5));
    TestVideos.Raw raw = TestVideos.busy(file("in.raw"), 48, 32, 3);
    make(raw.input("-c:v mpeg4 -q:v 2", plain));
    Clip stored = VideoReader.read(plain);
    byte[] bytes = Files.readAllBytes(plain);
    int header = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("tkhd") + 4;
    for (int k = 0; k < 8; k++) {
      int first = (k & 1) == 0 ? 1 : -1;
      int second = (k & 2) == 0 ? 1 : -1;
      int[] m = k < 4 ? new int[] {first, 0, 0, second} : new int[] {0, first, second, 0};
      // Version and flags, five numbers and sixteen bytes stand before the matrix of nine.
      ByteBuffer.wrap(bytes)
          .putInt(header + 40, m[0] << 16)
          .putInt(header + 44, m[1] << 16)
          .putInt(header + 52, m[2] << 16)
          .putInt(header + 56, m[3] << 16);
      Files.write(plain, bytes);
      Clip got = VideoReader.read(plain);
      assertEquals(k < 4 ? 48 : 32, got.width());
      byte[] expected = moved(stored.frames().get(1), 48, 32, m);
      assertArrayEquals(expected, got.frames().get(1), Arrays.toString(m));
    }
  }

  private static byte[] moved(byte[] rgb, int width, int height, int[] m) {
    int left = Math.min(0, m[0] * (width - 1)) + Math.min(0, m[2] * (height - 1));
    int top = Math.min(0, m[1] * (width - 1)) + Math.min(0, m[3] * (height - 1));
    int outWidth = m[0] != 0 ? width : height;
    byte[] out = new byte[rgb.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int toX = m[0] * x + m[2] * y - left;
        int toY = m[1] * x + m[3] * y - top;
        System.arraycopy(rgb, 3 * (y * width + x), out, 3 * (toY * outWidth + toX), 3);
      }
    }
    return out;
  }

  /** A disc of 0.7 of the height, drawn narrower by the shape of its pixels. */
  @Test
  void pixelsBecomeSquareByWidth() throws IOException {
    int w = 180;
    int h = 144;
    double reach = 0.35 * h;
    TestVideos.Raw raw =
        TestVideos.raw(
            file("disc.raw"),
            w,
            h,
            3,
            i -> {
              byte[] rgb = new byte[w * h * 3];
              for (int p = 0; p < w * h; p++) {
                double x = (p % w + 0.5 - w / 2.0) * 64 / 45;
                double y = p / w + 0.5 - h / 2.0;
                byte v = (byte) (x * x + y * y < reach * reach ? 235 : 16);
                Arrays.fill(rgb, 3 * p, 3 * p + 3, v);
              }
              return rgb;
            });
    for (String name : List.of("disc.mp4", "disc.mkv", "disc.mpg")) {
      String codec = name.endsWith("mpg") ? "mpeg2video" : "mpeg4";
      // MPEG-2 stores the shape of the picture: 16:9 here, as 64:45 pixels have it.
      Path video = make(raw.input("-q:v 2 -vf setsar=64/45 -c:v " + codec, file(name)));
      try (FrameSource source = VideoReader.open(video)) {
        assertEquals(256, source.width(), name);
        assertEquals(h, source.height(), name);
        byte[] frame = new byte[source.frameBytes()];
        assertTrue(source.next(frame));
        int wide = bright(frame, 256, h / 2, true);
        int high = bright(frame, 256, 128, false);
        assertEquals(high, wide, 0.02 * high + 1, name);
        assertEquals(
            List.of("its pixels are not square (64:45): frames of 180x144 are shown at 256x144"),
            source.remarks());
      }
    }
  }

  private static int bright(byte[] rgb, int width, int at, boolean row) {
    int count = 0;
    for (int i = 0; i < (row ? width : rgb.length / 3 / width); i++) {
      count += (rgb[3 * (row ? at * width + i : i * width + at)] & 0xff) > 128 ? 1 : 0;
    }
    return count;
  }

  @Test
  void aCoverIsNoVideo() throws IOException {
    Path video = numbered("all.mp4", 0, 10, "");
    Path cover = make("-f lavfi -i color=red:s=64x64 -frames:v 1", file("cover.png"));
    Path both =
        make(
            "-i",
            cover,
            "-i",
            video,
            "-map 0 -map 1 -c copy -disposition:0 attached_pic",
            file("both.mp4"));
    assertEquals(range(0, 10), numbers(both));
    Path alone = make("-i", cover, "-map 0 -c copy -disposition:0 attached_pic", file("alone.mp4"));
    String said = assertThrows(VideoException.class, () -> numbers(alone)).getMessage();
    assertTrue(said.contains("cover"), said);
  }

  @Test
  void anotherFrameSizeIsANewSection() throws IOException {
    TestVideos.Raw wide = TestVideos.numbered(file("a.raw"), 64, 48, 0, 6);
    TestVideos.Raw high = TestVideos.numbered(file("b.raw"), 48, 64, 6, 5);
    byte[] a = Files.readAllBytes(make(wide.input("-c:v mjpeg -q:v 2", file("a.mjpeg"))));
    byte[] b = Files.readAllBytes(make(high.input("-c:v mjpeg -q:v 2", file("b.mjpeg"))));
    ByteBuffer both = ByteBuffer.allocate(2 * a.length + b.length).put(a).put(b).put(a);
    Files.write(file("both.mjpeg"), both.array());
    Path video = make("-f mjpeg -i", file("both.mjpeg"), "-c copy", file("both.mkv"));
    StringBuilder seen = new StringBuilder();
    try (FrameSource source = VideoReader.open(video)) {
      byte[] frame = new byte[source.frameBytes()];
      int section = source.section();
      int width = source.width();
      while (source.next(frame)) {
        seen.append(section).append(':').append(width).append(':');
        seen.append(TestVideos.number(frame)).append(' ');
        section = source.section();
        width = source.width();
        frame = new byte[source.frameBytes()];
      }
      assertEquals(2, source.remarks().size());
    }
    assertEquals(
        "0:64:0 0:64:1 0:64:2 0:64:3 0:64:4 0:64:5 1:48:6 1:48:7 1:48:8 1:48:9 1:48:10 "
            + "2:64:0 2:64:1 2:64:2 2:64:3 2:64:4 2:64:5 ",
        seen.toString());
    String said = assertThrows(VideoException.class, () -> VideoReader.read(video)).getMessage();
    assertTrue(said.contains("from 64x48 to 48x64 at frame 6"), said);
  }

  @Test
  void theDefaultOfTwoStreamsIsRead() throws IOException {
    Path first = numbered("first.mp4", 0, 5, "");
    Path second = numbered("second.mp4", 20, 5, "");
    Path both = file("both.mp4");
    for (int marked = 0; marked < 2; marked++) {
      make(
          "-i",
          first,
          "-i",
          second,
          "-map 0:v -map 1:v -c copy -disposition:v 0 -disposition:v:" + marked + " default",
          both);
      assertEquals(range(20 * marked, 20 * marked + 5), numbers(both));
    }
    try (FrameSource source = TestVideos.open(both)) {
      assertTrue(source.remarks().getFirst().startsWith("holds 2 video streams: stream 1 is"));
    }
  }

  @Test
  void whatIsWholeIsNotCalledDamaged() throws IOException {
    Path all = numbered("all.mp4", 0, 20, "-bf 0");
    Files.write(all, withEdits(Files.readAllBytes(all), new int[][] {{0, 0}}));
    assertTrue(refusal(all).contains("its container shows no frame"), refusal(all));
    Path secret = file("secret.mp4");
    String key = "00112233445566778899aabbccddeeff";
    TestVideos.assumeEncodes("libopenh264");
    TestVideos.Raw raw = TestVideos.busy(file("busy.raw"), 64, 64, 10);
    make(
        raw.input(
            "-c:v libopenh264 -encryption_scheme cenc-aes-ctr -encryption_key " + key,
            "-encryption_kid " + key,
            secret));
    assertTrue(refusal(secret).contains("is encrypted: decrypt it first"), refusal(secret));
    Path text = Files.writeString(file("text.png"), "no picture");
    assertTrue(refusal(text).contains("a format that is not read here"), refusal(text));
  }

  private static String refusal(Path video) {
    return assertThrows(VideoException.class, () -> TestVideos.open(video).close()).getMessage();
  }

  @Test
  void cutFilesGiveWhatCanBeDecodedAndSaySo() throws IOException {
    for (String name : List.of("cut.mp4", "cut.mkv", "cut.avi")) {
      byte[] whole = Files.readAllBytes(numbered(name, 0, 48, "-movflags +faststart"));
      Path video = Files.write(file(name), Arrays.copyOf(whole, whole.length * 3 / 4));
      try (FrameSource source = VideoReader.open(video)) {
        int frames = TestVideos.frames(source).size();
        assertTrue(frames >= 20 && frames < 48, name + " frames " + frames);
        assertEquals(1, source.remarks().size(), name + source.remarks());
        String said = source.remarks().getFirst();
        assertTrue(said.startsWith("cut off or damaged: " + frames), name + said);
      }
    }
    Path none =
        Files.write(file("none.mkv"), Arrays.copyOf(Files.readAllBytes(file("cut.mkv")), 600));
    assertThrows(VideoException.class, () -> VideoReader.open(none).close());
  }

  @Test
  void theRateIsThatOfTheFile() throws IOException {
    Path video = numbered("a.mp4", 0, 6, "-r 30000/1001");
    assertEquals(OptionalDouble.of(30000 / 1001.0), VideoReader.read(video).rate());
  }
}
