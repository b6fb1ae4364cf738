package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import medsora.MedSora;
import medsora.media.Clip;
import medsora.media.Mp4Writer;
import medsora.train.DatasetClips;
import medsora.train.Stage;
import medsora.train.store.StepReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of Java in README.md work, and are these. */
class ReadmeTest {
  private static final Path SELF = Path.of("src/test/java/tools/ReadmeTest.java");
  private static final Path README = Path.of("../README.md");

  @TempDir Path folder;

  // begin
  static StepReport tryOut(Path run) throws IOException {
    MedSora model = MedSora.load(run); // such as out/demo
    Clip clip = model.sample(42, 0, 50); // seed, number, steps
    List<byte[]> frames = clip.frames(); // 16 pictures, each height * width * 3 bytes of RGB
    System.out.println(frames.size() + " frames of " + clip.width() + "x" + clip.height());
    Mp4Writer.write(run.resolve("mine.mp4"), clip.at(6)); // frames per second

    DatasetClips data = DatasetClips.phantom(model.config(), 4, done -> {});
    Stage training = model.training(data);
    return training.step(); // one step of AdamW and of the moving average
  }

  // end

  @Test
  void theLinesRun() throws IOException {
    assertEquals(0, Runs.tiny(folder).code());
    StepReport report = tryOut(folder);
    assertEquals(1, report.step());
    assertTrue(Double.isFinite(report.losses().get("loss")));
    assertTrue(Files.size(folder.resolve("mine.mp4")) > 0);
  }

  @Test
  void theLinesAreThoseOfTheReadme() throws IOException {
    Matcher printed =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
    assertTrue(printed.find(), "README.md holds Java");
    String source = Files.readString(SELF);
    String tested = source.substring(source.indexOf("// begin\n") + 9, source.indexOf("// end"));
    assertEquals(stripped(tested), stripped(printed.group(1)));
  }

  private static String stripped(String code) {
    return code.lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty())
        .collect(Collectors.joining("\n"));
  }
}
