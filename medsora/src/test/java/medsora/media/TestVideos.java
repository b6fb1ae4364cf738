package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.testing.SplitMix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Videos for tests, made by the ffmpeg program that reads them. */
final class TestVideos {
  /** Steps of grey from one numbered frame to the next. */
  private static final int STEP = 5;

  private static volatile String encoders;

  private TestVideos() {}

  /** The program of the class path, or of PATH. */
  static FfmpegProgram ffmpeg() {
    Optional<FfmpegProgram> program = FfmpegPlaces.onClassPath().or(FfmpegPlaces::onPath);
    assumeTrue(program.isPresent(), "there is no ffmpeg for this platform");
    return program.orElseThrow();
  }

  /** Whether it has an encoder. */
  static boolean encodes(String encoder) throws IOException {
    String known = encoders;
    if (known == null) {
      FfmpegProgram program = ffmpeg();
      known = program.ask(List.of(program.ffmpeg().toString(), "-encoders"), 20).text();
      encoders = known;
    }
    return known.contains(" " + encoder + " ");
  }

  static void assumeEncodes(String encoder) throws IOException {
    assumeTrue(encodes(encoder), "this ffmpeg has no " + encoder);
  }

  /** Runs ffmpeg with paths and words in strings; the last one is the file that it makes. */
  static Path make(Object... arguments) throws IOException {
    FfmpegProgram program = ffmpeg();
    List<String> command =
        new ArrayList<>(List.of(program.ffmpeg().toString(), "-v", "error", "-nostdin", "-y"));
    Arrays.stream(arguments)
        .flatMap(a ->
            a instanceof Path ? Stream.of(a.toString()) : Arrays.stream(a.toString().split(" ")))
        .filter(a -> !a.isEmpty())
        .forEach(command::add);
    FfmpegProgram.Answer answer = program.ask(command, 60);
    assertEquals(0, answer.exit(), command + ": " + answer.errors());
    return Path.of(command.getLast());
  }

  /** Raw RGB frames in a file, and how ffmpeg is told to read them. */
  record Raw(Path file, int width, int height) {
    Object[] input(Object... more) {
      List<Object> all = new ArrayList<>();
      all.add("-f rawvideo -pix_fmt rgb24 -r 25 -s %dx%d -i".formatted(width, height));
      all.add(file);
      all.addAll(Arrays.asList(more));
      return all.toArray();
    }
  }

  /** Frames of a file. */
  static Raw raw(Path file, int width, int height, int count, IntFunction<byte[]> frame)
      throws IOException {
    try (var out = Files.newOutputStream(file)) {
      for (int i = 0; i < count; i++) {
        out.write(frame.apply(i));
      }
    }
    return new Raw(file, width, height);
  }

  /** Frames of one grey each, by which {@link #numbers} knows them: at most 50. */
  static Raw numbered(Path file, int width, int height, int first, int count) throws IOException {
    return raw(
        file,
        width,
        height,
        count,
        i -> {
          byte[] frame = new byte[width * height * 3];
          Arrays.fill(frame, (byte) (STEP * (first + i)));
          return frame;
        });
  }

  /** A video of numbered frames of 48x32, a key frame every 12. */
  static Path mpeg4(Path file, int first, int count, String options) throws IOException {
    Raw raw = numbered(file.resolveSibling("in.raw"), 48, 32, first, count);
    return make(raw.input("-c:v mpeg4 -bf 2 -g 12 -q:v 2 -pix_fmt yuv420p " + options, file));
  }

  /** Noise that fades in and out over a moving slope: what makes encoders use all they have. */
  static Raw busy(Path file, int width, int height, int count) throws IOException {
    return raw(
        file,
        width,
        height,
        count,
        i -> {
          byte[] frame = new byte[width * height * 3];
          int strength = Math.min(i, count - 1 - i) * 512 / count;
          for (int k = 0; k < frame.length; k++) {
            int noise = (int) (SplitMix.at(7, k / 24) & 0xff);
            int slope = (((k / 3 % width) + 3 * i) * (1 + (k % 3))) & 0xff;
            frame[k] = (byte) ((noise * strength + slope * (256 - strength)) >> 8);
          }
          return frame;
        });
  }

  /** The numbers of numbered frames, as far as all of them are of one grey. */
  static List<Integer> numbers(Path video) throws IOException {
    try (FrameSource source = open(video)) {
      return frames(source).stream().map(TestVideos::number).toList();
    }
  }

  static int number(byte[] frame) {
    int sum = 0;
    for (byte b : frame) {
      sum += b & 0xff;
    }
    return Math.round(sum / (float) frame.length / STEP);
  }

  static FrameSource open(Path video) throws IOException {
    return VideoReader.open(video, ReadLimits.DEFAULT, () -> Optional.of(ffmpeg()));
  }

  /** All frames that are left. */
  static List<byte[]> frames(FrameSource source) throws IOException {
    List<byte[]> all = new ArrayList<>();
    byte[] frame = new byte[source.frameBytes()];
    while (source.next(frame)) {
      all.add(frame);
      frame = new byte[source.frameBytes()];
    }
    return all;
  }

  static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
