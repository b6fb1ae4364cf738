package tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CheckTest {
  @Test
  void aFigureSaysWhichClipsItIsOf() {
    assertEquals("PSNR of held-out clips, dB", Check.psnr(true, 21).name());
    assertEquals("PSNR of training clips (none is held out), dB", Check.psnr(false, 21).name());
  }
}
