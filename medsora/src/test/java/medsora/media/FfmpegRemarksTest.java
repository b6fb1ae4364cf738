package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is said of a damaged video is the same in every run, however ffmpeg's threads take turns.
 */
class FfmpegRemarksTest {
  /** Few in an ordinary run; {@code -Dmedsora.repetitions=50} looks harder. */
  private static final int REPETITIONS = Integer.getInteger("medsora.repetitions", 4);

  private static final String SHOWN = "[Parsed_showinfo_2 @ 0x1] [info] ";

  @TempDir Path folder;

  private Path cut(String name, String codec) throws IOException {
    TestVideos.Raw raw = TestVideos.numbered(folder.resolve("in.raw"), 48, 32, 0, 40);
    Path video = TestVideos.make(raw.input("-q:v 2 -g 12 -c:v " + codec, folder.resolve(name)));
    byte[] whole = Files.readAllBytes(video);
    return Files.write(video, Arrays.copyOf(whole, whole.length * 3 / 4));
  }

  private static List<String> remarks(FrameSource source) throws IOException {
    TestVideos.frames(source);
    return source.remarks();
  }

  @Test
  void everyRunSaysTheSame() throws IOException {
    for (Path video : List.of(cut("a.mkv", "mpeg4"), cut("a.ts", "mpeg2video"))) {
      List<String> first = null;
      for (int i = 0; i < REPETITIONS; i++) {
        try (FrameSource source = TestVideos.open(video)) {
          List<String> said = remarks(source);
          first = first == null ? said : first;
          assertEquals(first, said, video + " run " + i);
        }
      }
      assertEquals(video.toString().endsWith("mkv") ? 1 : 0, first.size(), first.toString());
    }
  }

  /** A second run over whole videos would take as long as the first. */
  @Test
  void aWholeVideoIsReadOnce() throws IOException {
    TestVideos.Raw raw = TestVideos.numbered(folder.resolve("in.raw"), 48, 32, 0, 9);
    for (String name : List.of("a.mkv", "a.mp4", "a.avi", "a.mpg", "a.ts")) {
      String codec =
          "-q:v 2 -metadata title=x\ny -c:v "
              + (name.matches(".*(ts|mpg)") ? "mpeg2video" : "mpeg4");
      Path video = TestVideos.make(raw.input(codec, folder.resolve(name)));
      FfmpegProgram program = TestVideos.ffmpeg();
      FfmpegStream stream = FfmpegStream.of(video, program, ReadLimits.DEFAULT);
      try (FfmpegRun run = new FfmpegRun(video, program, stream, "yuv420p", false, 60)) {
        byte[] pixels = new byte[9 * 48 * 32 * 3 / 2];
        assertEquals(pixels.length, run.read(pixels, pixels.length), name);
        assertFalse(run.unsure(), name);
      }
    }
  }

  /** A program whose error is written in a frame's line, but for a run that says errors alone. */
  @Test
  void anErrorThatIsHiddenIsAskedFor() throws IOException {
    Path probe = script("echo streams.stream.0.index=0\necho streams.stream.0.pix_fmt=yuv420p\n");
    String line = SHOWN + "n:   0 pts: 0 pts_time:0 fmt:yuv420p sar:0/1 s:2x2 i:P iskey:1 type:I ";
    Path hides =
        script(
            "case \"$*\" in *level+error*)\n"
                + "echo '[matroska @ 0x555555] [error] File ended prematurely' >&2;;\n*)\n"
                + ("echo '" + line + "File ended prematurely' >&2\necho '" + SHOWN + "' >&2;;\n")
                + "esac\nprintf 123456\n");
    Path harmless =
        script(
            "case \"$*\" in *level+error*) ;; *)\n"
                + ("echo '" + line + "it is warm' >&2\necho '" + SHOWN + "' >&2;;\n")
                + "esac\nprintf 123456\n");
    Path video = Files.write(folder.resolve("v.mkv"), new byte[100]);
    try (FrameSource source = open(video, new FfmpegProgram(hides, probe, 7, 1))) {
      List<String> said = remarks(source);
      assertEquals(1, said.size(), said.toString());
      assertTrue(said.getFirst().endsWith("status 0: [matroska] File ended prematurely"));
    }
    try (FrameSource source = open(video, new FfmpegProgram(harmless, probe, 7, 1))) {
      assertEquals(List.of(), remarks(source));
    }
  }

  private static FrameSource open(Path video, FfmpegProgram program) throws IOException {
    return VideoReader.open(video, ReadLimits.DEFAULT, () -> Optional.of(program));
  }

  private Path script(String text) throws IOException {
    Path file = Files.createTempFile(folder, "program", ".sh");
    Files.writeString(file, "#!/bin/sh\n" + text);
    assumeTrue(file.toFile().setExecutable(true) && Files.exists(Path.of("/bin/sh")));
    return file;
  }
}
