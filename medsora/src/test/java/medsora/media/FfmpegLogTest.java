package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is read of ffmpeg's log, lines of several threads in one among it. */
class FfmpegLogTest {
  private static final String FRAME =
      "[Parsed_showinfo_1 @ 0x55] [info] n:   %d pts:  512 pts_time:0.04 duration:512 fmt:yuv420p"
          + " cl:left sar:1/1 s:64x48 i:P iskey:0 type:P ";

  private static FfmpegLog read(String text) {
    return new FfmpegLog(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
        new FfmpegStream.Colours("unknown", "unknown"));
  }

  private static FfmpegLog of(String text) throws InterruptedException {
    FfmpegLog log = read(text);
    int frames = 0;
    while (log.next().isPresent()) {
      frames++;
    }
    assertEquals(2, frames);
    return log;
  }

  @Test
  void anErrorInAFramesLineIsKept() throws InterruptedException {
    String error = "[matroska,webm @ 0x558155] [error] File ended prematurely";
    String said = of(FRAME.formatted(0) + "\n" + FRAME.formatted(1) + error + "\n").errors();
    assertEquals("[matroska,webm] File ended prematurely\n", said);
  }

  @Test
  void anErrorOfItsOwnLineIsKeptAndTheRestIsNone() throws InterruptedException {
    String error = "[h264 @ 0x55d077] [error] missing picture\n[info] done\nerror without a mark\n";
    String said = of(FRAME.formatted(0) + "\n" + error + FRAME.formatted(1) + "\n").errors();
    assertEquals("[h264] missing picture\n", said);
    assertTrue(of(FRAME.formatted(0) + "\n" + FRAME.formatted(1)).errors().isEmpty());
  }

  /** Its colours are written in pieces, and other threads complain between any two of them. */
  @Test
  void coloursAreReadWhereverAComplaintComesBetween() throws InterruptedException {
    String[] pieces = {
      "",
      "color_range:",
      "tv",
      " color_space:",
      "bt709",
      " color_primaries:",
      "bt470bg",
      " color_trc:",
      "smpte170m",
      "\n"
    };
    for (int at = 2; at < pieces.length; at++) {
      String mark = "[Parsed_showinfo_1 @ 0x55] [info] ";
      StringBuilder text = new StringBuilder(FRAME.formatted(0)).append("\n").append(mark);
      for (int i = 0; i < pieces.length; i++) {
        text.append(i == at ? "application provided nothing\n" + mark : "").append(pieces[i]);
      }
      FfmpegLog log = read(text.toString());
      FfmpegLog.Frame frame = log.next().orElseThrow();
      assertEquals(new FfmpegStream.Colours("bt709", "tv"), frame.colours(), "piece " + at);
      assertTrue(log.next().isEmpty());
    }
  }

  private static final String MARK = "[Parsed_showinfo_1 @ 0x55] [info] ";
  private static final String COLOURS =
      MARK + "color_range:tv color_space:bt709 color_primaries:unknown color_trc:iec61966-2-1\n";

  /** Nothing that a whole video's log says makes a second run. */
  @Test
  void aWholeLogIsCertain() throws InterruptedException {
    String before =
        "/x/ffmpeg: libdrm.so.2: no version information available\n[info] Input #0, mov, from 'a':\n"
            + "[info]   Metadata:\n[info]     title           : n:   0 pts: 0 pts_time:0 fmt:gray\n"
            + "                    : a second line\n"
            + "[mov @ 0x12] [warning] odd\n    Last message repeated 3 times\n"
            + "[info] Stream mapping:\n[info]   Stream #0:0 -> #0:0 (a)\n"
            + MARK
            + "config in time_base: 1/1000, frame_rate: 25/1\n";
    String after = "[out#0/rawvideo @ 0x55] [info] video:94KiB audio:0KiB\n[info] frame= 2 fps=0\n";
    FfmpegLog log =
        of(before + FRAME.formatted(0) + "\n" + COLOURS + FRAME.formatted(1) + "\n" + after);
    assertFalse(log.broken());
    assertTrue(log.errors().isEmpty());
  }

  /** A message that begins in another's line has neither name nor level. */
  @Test
  void aMessageWithoutMarkMakesALogUncertain() throws InterruptedException {
    String frame = FRAME.formatted(0) + "\n";
    String[] texts = {
      FRAME.formatted(0) + "File ended prematurely\n" + MARK + "\n",
      frame + MARK + "color_range:tvFile ended\n" + MARK + " color_space:bt709\n",
      frame + MARK + "color_range:overread\n" + MARK + "tv color_space:bt709\n",
      frame + COLOURS.strip() + "overread\n" + MARK + "\n",
      frame + "[info]   Stream #0:0: VideoFile ended\n[info] : rawvideo\n",
      frame + "[info]   Stream #0:0: VideoFile ended\n[info] \n",
      frame + "File ended prematurely\n",
    };
    for (String text : texts) {
      assertTrue(of(text + FRAME.formatted(1) + "\n").broken(), text);
    }
  }

  /** As where the lines of the output are written while a second frame is filtered. */
  @Test
  void aFrameInTheMiddleOfAnotherLineIsOne() throws InterruptedException {
    String second = FRAME.formatted(1).replace(MARK, "");
    of(
        "[info] Stream mapping:\n"
            + FRAME.formatted(0)
            + "\n[info]   Stream #0:0: "
            + second
            + "\n");
    String again = FRAME.formatted(0).replace(MARK, "");
    of(
        "[info] Stream mapping:\n"
            + FRAME.formatted(0)
            + "\n[info]   Stream: "
            + again
            + "\n"
            + FRAME.formatted(1)
            + "\n");
  }

  @Test
  void errorsAreTheSameInAnyOrderOfThreads() throws InterruptedException {
    String frames = FRAME.formatted(0) + "\n" + FRAME.formatted(1) + "\n";
    StringBuilder up = new StringBuilder(frames);
    StringBuilder down = new StringBuilder(frames);
    for (int i = 0; i < 200; i++) {
      up.append("[a @ 0x%06x] [error] at %d\n".formatted(0xabcdef + i, i % 100));
      down.append("[a @ 0x%06x] [error] at %d\n".formatted(0xfedcba - i, (999 - i) % 100));
    }
    String said = of(up.toString()).errors();
    assertEquals(said, of(down.toString()).errors());
    assertEquals(64, said.lines().count());
    assertTrue(said.startsWith("[a] at 0\n"), said);
  }
}
