package tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import medsora.media.Clip;
import medsora.media.VideoReader;
import medsora.train.PhantomClips;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static final Path SAMPLES = Path.of("..", "testdata", "quality");
  private static final PhantomClips CLIPS =
      new PhantomClips(new PhantomClips.Settings(900, 64, 16, 8, 1, 8, 2));

  private static Map<String, Check> judged(List<Clip> samples) {
    return Judgement.of(CLIPS, samples, n -> {}).checks().stream()
        .collect(Collectors.toMap(Check::name, Function.identity()));
  }

  /** Samples of the demo before it had a recipe; testdata/quality says of which weights. */
  @Test
  void theDemoOfBeforeFails() throws IOException {
    List<Clip> samples = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      samples.add(VideoReader.read(SAMPLES.resolve("before-" + i + ".gif")));
    }
    Map<String, Check> checks = judged(samples);
    for (String name :
        List.of(
            "pixels beyond the data's colours",
            "difference from frame to frame, of the data's",
            "warp error over motionless error",
            "FD-phantom-frames")) {
      assertFalse(checks.get(name).isGood(), name + ": " + checks.get(name));
    }
  }

  /** Clips of the same phantom that are neither training nor held-out clips. */
  @Test
  void clipsOfTheDataPass() {
    PhantomClips fresh = new PhantomClips(new PhantomClips.Settings(901, 64, 16, 8, 1, 4, 0));
    List<Clip> samples = IntStream.range(0, 4).mapToObj(i -> fresh.video(i, 0, false)).toList();
    judged(samples).forEach((name, check) -> assertTrue(check.isGood(), name + ": " + check));
  }

  /** Training clips given back: everything is right about them but that. */
  @Test
  void copiesAreFound() {
    List<Clip> samples = IntStream.range(0, 2).mapToObj(i -> CLIPS.video(i, 0, false)).toList();
    Check copied = judged(samples).get(Judgement.COPIED);
    assertEquals(1, copied.value());
    assertFalse(copied.isGood());
  }
}
