package medsora.media;

import static medsora.media.TestVideos.make;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Equal streams give equal bits, whatever holds them and whatever decodes them. */
class OneDecoderTest {
  private static final List<String> PRESETS =
      List.of(
          "ultrafast",
          "superfast",
          "veryfast",
          "faster",
          "fast",
          "medium",
          "slow",
          "slower",
          "veryslow",
          "placebo");
  private static final List<String> TUNES =
      List.of(
          "film", "animation", "grain", "stillimage", "psnr", "ssim", "fastdecode", "zerolatency");

  /** What else a stream may have: lossless, scaling matrices, 4:2:2, weighted and temporal. */
  private static final List<String> OTHERS =
      List.of(
          "-qp 0",
          "-x264-params cqm=jvt",
          "-pix_fmt yuv422p",
          "-x264-params direct=temporal:bframes=3:weightp=2:weightb=1",
          "-x264-params nf=1:cabac=0");

  /** Encoder with its options, by the ending of the file. */
  private static final Map<String, String> FORMATS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("1.mpg", "mpeg1video"),
              Map.entry("2.mpg", "mpeg2video"),
              Map.entry("4.avi", "mpeg4 -bf 2"),
              Map.entry("ms2.avi", "msmpeg4v2"),
              Map.entry("ms3.asf", "msmpeg4"),
              Map.entry("1.wmv", "wmv1"),
              Map.entry("2.wmv", "wmv2"),
              Map.entry("h263.3gp", "h263"),
              Map.entry("h263p.avi", "h263p"),
              Map.entry("1.flv", "flv"),
              Map.entry("m.avi", "mjpeg -q:v 3"),
              Map.entry("x264.mkv", "libx264"),
              Map.entry("x265.mkv", "libx265 -x265-params log-level=none"),
              Map.entry("8.webm", "libvpx -b:v 500k"),
              Map.entry("9.webm", "libvpx-vp9 -b:v 500k"),
              Map.entry("ff.mkv", "ffv1"),
              Map.entry("huff.avi", "huffyuv -pix_fmt yuv422p"),
              Map.entry("pro.mov", "prores"),
              Map.entry("svq.mov", "svq1 -pix_fmt yuv410p"),
              Map.entry("dv.dv", "dvvideo -s 720x576 -pix_fmt yuv420p"),
              Map.entry("theora.ogv", "libtheora"),
              Map.entry("z.y4m", "wrapped_avframe -pix_fmt yuv420p")));

  @TempDir Path folder;

  private static void assertSame(List<byte[]> expected, List<byte[]> got, String what) {
    assertEquals(expected.size(), got.size(), what);
    for (int i = 0; i < got.size(); i++) {
      assertArrayEquals(expected.get(i), got.get(i), what + ", frame " + i);
    }
  }

  /** All in one process, and all copied in another, for starting one takes the most time. */
  @Test
  void h264InMp4IsThatInMkv() throws IOException {
    TestVideos.assumeEncodes("libx264");
    TestVideos.Raw raw = TestVideos.busy(folder.resolve("in.raw"), 48, 48, 9);
    List<String> options = options();
    List<Object> encode = new ArrayList<>(Arrays.asList(raw.input()));
    List<Object> inputs = new ArrayList<>();
    List<Object> copies = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      Path mp4 = folder.resolve(i + ".mp4");
      encode.addAll(List.of("-c:v libx264 -threads 1 " + options.get(i), mp4));
      inputs.addAll(List.of("-i", mp4));
      copies.addAll(List.of("-map " + i + " -c copy", folder.resolve(i + ".mkv")));
    }
    make(encode.toArray());
    inputs.addAll(copies);
    make(inputs.toArray());
    for (int i = 0; i < options.size(); i++) {
      Clip expected = VideoReader.read(folder.resolve(i + ".mkv"));
      assertEquals(9, expected.length(), options.get(i));
      Clip got = VideoReader.read(folder.resolve(i + ".mp4"));
      assertSame(expected.frames(), got.frames(), options.get(i));
    }
  }

  private static List<String> options() {
    List<String> all = new ArrayList<>();
    PRESETS.forEach(p -> all.add("-pix_fmt yuv420p -preset " + p));
    TUNES.forEach(t -> all.add("-pix_fmt yuv420p -preset medium -tune " + t));
    OTHERS.forEach(o -> all.add("-pix_fmt yuv420p " + o));
    return all;
  }

  /** The program through a script that takes the processor's vectors away. */
  private FfmpegProgram withoutVectors(FfmpegProgram program) throws IOException {
    Path script = folder.resolve("ffmpeg-without");
    Files.writeString(
        script, "#!/bin/sh\nexec \"%s\" -cpuflags 0 \"$@\"\n".formatted(program.ffmpeg()));
    assumeTrue(script.toFile().setExecutable(true) && Files.exists(Path.of("/bin/sh")));
    return new FfmpegProgram(
        script, program.ffprobe(), program.libraries(), program.major(), program.minor());
  }

  @Test
  void everyFormatHasTheSameBitsWithoutTheProcessorsVectors() throws IOException {
    FfmpegProgram program = TestVideos.ffmpeg();
    FfmpegProgram without = withoutVectors(program);
    TestVideos.Raw raw = TestVideos.busy(folder.resolve("in.raw"), 128, 96, 5);
    List<Object> encode = new ArrayList<>(Arrays.asList(raw.input()));
    List<Path> videos = new ArrayList<>();
    for (Map.Entry<String, String> format : FORMATS.entrySet()) {
      if (TestVideos.encodes(format.getValue().split(" ")[0])) {
        videos.add(folder.resolve(format.getKey()));
        encode.addAll(List.of("-c:v " + format.getValue() + " -threads 1", videos.getLast()));
      }
    }
    make(encode.toArray());
    assertTrue(videos.size() >= 15, videos::toString);
    for (Path video : videos) {
      assertSame(read(video, program), read(video, without), video.toString());
    }
  }

  /** Deinterlacing and colours that ffmpeg converts are its filters' work. */
  @Test
  void filtersHaveTheSameBitsWithoutTheProcessorsVectors() throws IOException {
    FfmpegProgram program = TestVideos.ffmpeg();
    FfmpegProgram without = withoutVectors(program);
    TestVideos.Raw raw = TestVideos.busy(folder.resolve("in.raw"), 66, 50, 6);
    Path woven = folder.resolve("woven.mpg");
    make(raw.input("-c:v mpeg2video -flags +ildct+ilme -vf setfield=tff", woven));
    assertSame(read(woven, program), read(woven, without), "interlaced");
    Path deep = make(raw.input("-c:v ffv1 -pix_fmt yuv420p10le", folder.resolve("deep.mkv")));
    assertSame(read(deep, program), read(deep, without), "10 bits");
  }

  /** Where PATH has another version than the class path, both give the same bits. */
  @Test
  void anotherVersionHasTheSameBits() throws IOException {
    Optional<FfmpegProgram> other = FfmpegPlaces.onPath();
    FfmpegProgram program = TestVideos.ffmpeg();
    assumeTrue(other.isPresent() && !other.get().ffmpeg().equals(program.ffmpeg()));
    TestVideos.Raw raw = TestVideos.busy(folder.resolve("in.raw"), 66, 50, 6);
    for (String codec : List.of("mpeg4", "mjpeg", "libx264 -pix_fmt yuv420p", "ffv1")) {
      TestVideos.assumeEncodes(codec.split(" ")[0]);
      Path video = make(raw.input("-c:v " + codec, folder.resolve("v.mkv")));
      assertSame(read(video, program), read(video, other.get()), codec);
    }
  }

  private static List<byte[]> read(Path video, FfmpegProgram program) throws IOException {
    try (FrameSource source =
        VideoReader.open(video, ReadLimits.DEFAULT, () -> Optional.of(program))) {
      List<byte[]> frames = TestVideos.frames(source);
      assertEquals(List.of(), source.remarks().stream().filter(r -> r.contains("cut")).toList());
      return frames;
    }
  }
}
