package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import medsora.media.PngWriter;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.Runs.Outcome;

/** The page of ./run evaluate. */
class EvaluatePageTest {
  private static final Set<String> WITHOUT_END = Set.of("meta", "img", "link");

  @TempDir Path folder;

  private Path set(String name, long seed, int clips) throws IOException {
    for (int i = 0; i < clips; i++) {
      PngWriter.strip(
          folder.resolve(name).resolve("c<" + i + ">.png"), Phantom.render(seed, i, 16, 16));
    }
    return folder.resolve(name);
  }

  @Test
  void thePageIsWholeAndWantsNothingFromOutside() throws IOException {
    Path real = set("real", 1, 4);
    Path generated = set("generated", 2, 4);
    Files.copy(real.resolve("c<2>.png"), generated.resolve("copy.png"));
    Path out = folder.resolve("out");
    Outcome run =
        Runs.run(
            new Evaluate(), real, generated, "--out", out, "--motion-clips", 2, "--bootstrap", 20);
    assertEquals(0, run.code(), run.err());
    String page = Files.readString(out.resolve("report.html"));
    assertTagsMatch(page);
    assertFalse(page.contains("<script") || page.contains("//"), "nothing comes from elsewhere");
    assertFalse(page.contains("c<"), "names are escaped");
    assertTrue(page.contains("copy.png from 0 beside c&lt;2&gt;.png from 0: 0.000"), page);
    assertTrue(
        page.contains("nearer to a real one than any real clip is to one of another video"), page);
    assertTrue(page.contains("1 of 5 generated clips are byte for byte real ones"), page);
    assertTrue(page.contains("<title>generated copy.png from 0</title>"), page);
    assertTrue(page.contains("% of the variance"), page);
    List<MatchResult> pictures =
        Pattern.compile("<img src=\"([^\"]+)\" alt=\"([^\"]+)\"").matcher(page).results().toList();
    // Five pairs; of five clips four are the nearest, and one remains.
    assertEquals(5 + 4 + 1, pictures.size());
    for (MatchResult picture : pictures) {
      assertEquals(16, frames(out.resolve(picture.group(1))), picture.group());
    }
  }

  private static int frames(Path gif) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(gif.toFile())) {
      reader.setInput(in);
      return reader.getNumImages(true);
    } finally {
      reader.dispose();
    }
  }

  /** Every element that is opened is closed, the last one first. */
  private static void assertTagsMatch(String page) {
    Deque<String> open = new ArrayDeque<>();
    Matcher tag = Pattern.compile("<(/?)([a-zA-Z0-9]+)[^>]*?(/?)>").matcher(page);
    while (tag.find()) {
      String name = tag.group(2);
      if (tag.group(1).isEmpty()) {
        if (tag.group(3).isEmpty() && !WITHOUT_END.contains(name)) {
          open.push(name);
        }
      } else {
        assertEquals(open.isEmpty() ? "nothing" : open.pop(), name, page.substring(tag.start()));
      }
    }
    assertEquals(List.of(), List.copyOf(open));
    assertTrue(page.startsWith("<!DOCTYPE html>"), page);
  }
}
