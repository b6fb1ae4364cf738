package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.browser.Browser;
import tools.report.Look;

/** The report of a demo in a real browser; pictures of it stay in target/report. */
class DemoPagesTest {
  private static final Path PICTURES = Path.of("target", "report");

  /**
   * What makes a look, for the elements that report and explorer share: of drawings those that are
   * figures, not the marks that lie on the explorer's maps.
   */
  private static final String LOOK =
      """
      return ["body", "h1", "h2", "section", "a", "table", "figcaption", "svg:not(.marks)"].map((name) => {
        const style = getComputedStyle(document.querySelector(name));
        return name + ["color", "backgroundColor", "fontFamily", "fontSize", "borderTopColor"]
          .map((key) => " " + style[key]);
      });
      """;

  private static Browser browser;

  @BeforeAll
  static void open() throws IOException {
    browser = Browser.open();
    Files.createDirectories(PICTURES);
    assertEquals(0, Runs.demo().outcome().code(), Runs.demo().outcome().err());
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void bothPagesHoldTheOneStylesheet() throws IOException {
    for (String page : List.of("report.html", "explorer.html")) {
      String text = Files.readString(Runs.demo().folder().resolve(page));
      assertTrue(text.contains("<style>\n" + Look.css()), page);
      assertEquals(1, text.split("<style", -1).length - 1, page);
    }
  }

  @Test
  void theReportFitsEveryScreenAndBarsNobody() throws IOException {
    Path report = Runs.demo().folder().resolve("report.html");
    for (String scheme : List.of("light", "dark")) {
      browser.scheme(scheme);
      for (int width : new int[] {360, 1200}) {
        browser.width(width);
        browser.open(report);
        String screen = width + "-" + scheme;
        assertTrue(browser.wantedWidth() <= width, screen);
        assertEquals(List.of(), browser.violations(), screen);
        browser.picture("body", PICTURES.resolve(screen + ".png"));
      }
    }
  }

  @Test
  void theReportLeadsToTheExplorerAndLooksLikeIt() throws IOException {
    for (String scheme : List.of("light", "dark")) {
      browser.scheme(scheme);
      browser.width(1200);
      browser.open(Runs.demo().folder().resolve("report.html"));
      Object look = browser.run(LOOK);
      browser.find("a[href='explorer.html']").click();
      browser.awaitReady();
      assertEquals(look, browser.run(LOOK), scheme);
      browser.assertQuiet(scheme);
    }
  }
}
