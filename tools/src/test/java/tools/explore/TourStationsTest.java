package tools.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The explorer and docs/tour.md have the same stations, and each leads to the other. */
class TourStationsTest {
  private static final Path TOUR = Path.of("../docs/tour.md");
  private static final int STATIONS = 8;

  @Test
  void bothHaveTheSameStationsInOneOrder() throws IOException {
    List<String> titles = found(Files.readString(TOUR), "(?m)^## (.+)$");
    String page;
    try (var in = ExplorerPage.class.getResourceAsStream("page.html")) {
      page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(STATIONS, titles.size());
    assertEquals(titles, found(page, "<h2 id=\"[a-z]+-title\">(.+)</h2>"));
    List<String> names = found(page, "<li><a href=\"#[a-z]+\">(.+)</a></li>");
    assertEquals(
        titles, IntStream.range(0, STATIONS).mapToObj(i -> i + 1 + ". " + names.get(i)).toList());
    List<String> ids = found(page, "<section id=\"([a-z]+)\"");
    assertEquals(ids, found(page, "<li><a href=\"#([a-z]+)\">"));
    assertEquals(
        ids, found(Files.readString(TOUR), "In the explorer: `out/explorer\\.html#([a-z]+)`\\."));
  }

  private static List<String> found(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(m -> m.group(1)).toList();
  }
}
