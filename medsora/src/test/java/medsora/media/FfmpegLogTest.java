package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    String error = "[matroska,webm @ 0x5581] [error] File ended prematurely";
    String said = of(FRAME.formatted(0) + "\n" + FRAME.formatted(1) + error + "\n").errors();
    assertEquals("[matroska,webm @ 0x5581] File ended prematurely\n", said);
  }

  @Test
  void anErrorOfItsOwnLineIsKeptAndTheRestIsNone() throws InterruptedException {
    String error = "[h264 @ 0x77] [error] missing picture\n[info] done\nerror without a mark\n";
    String said = of(FRAME.formatted(0) + "\n" + error + FRAME.formatted(1) + "\n").errors();
    assertEquals("[h264 @ 0x77] missing picture\n", said);
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
}
