package tools.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import tools.browser.Browser;

/** The page in a real browser; pictures of its stations stay in target/explorer. */
class ExplorerBrowserTest {
  private static final Path PICTURES = Path.of("target", "explorer");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(e[+-]?\\d+)?");

  @TempDir static Path folder;

  private static Browser browser;
  private static PageUnderTest page;
  private static Path file;
  private static TinyPage made;

  @BeforeAll
  static void open() throws IOException {
    browser = Browser.open();
    made = TinyPage.get();
    page = PageUnderTest.of(made.text());
    file = folder.resolve("explorer.html");
    Files.writeString(file, made.text());
    Files.createDirectories(PICTURES);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  /** Each choice is made, each slider moved by keyboard, each button pressed. */
  @Test
  void everyControlWorks() throws IOException {
    browser.width(1200);
    browser.scheme("light");
    fresh();
    int used = 0;
    for (WebElement select : browser.all("select")) {
      int options = select.findElements(org.openqa.selenium.By.tagName("option")).size();
      for (int i = 0; i < options; i++) {
        select.findElements(org.openqa.selenium.By.tagName("option")).get(i).click();
        browser.assertQuiet(select.getAttribute("id") + " " + i);
      }
      used++;
    }
    for (WebElement slider : browser.all("input[type=range]")) {
      String before = slider.getAttribute("aria-valuetext");
      boolean atEnd = slider.getAttribute("value").equals(slider.getAttribute("max"));
      slider.sendKeys(atEnd ? Keys.ARROW_LEFT : Keys.ARROW_RIGHT);
      assertNotEquals(before, slider.getAttribute("aria-valuetext"), slider.getAttribute("id"));
      browser.assertQuiet(slider.getAttribute("id"));
      used++;
    }
    for (WebElement button : browser.all("button")) {
      button.sendKeys(Keys.ENTER);
      browser.assertQuiet(button.getAttribute("id"));
      used++;
    }
    assertTrue(used > 30, "controls: " + used);
    for (String station : made.told()) {
      browser.picture("#" + station, PICTURES.resolve(station + ".png"));
    }
  }

  @Test
  void whatIsReadIsWhatWasComputed() {
    fresh();
    JsonNode facts = page.facts();
    JsonNode scan = facts.get("matrix").get("scans").get(0);
    float[] m = page.floats(scan.get("m"));
    int steps = facts.get("matrix").get("steps").intValue();
    int row = steps / 2;
    int column = row - 2;
    assertSays("#matrix-said", m[(row * steps) + column]);
    assertSays("#matrix-sum", page.floats(scan.get("y"))[row]);
    browser.find("#way-values summary").click();
    assertSays("#way-values[open] tbody td", page.floats(facts.at("/way/stops/0/plane"))[0]);
    assertSays("#way-loss", facts.get("way").get("loss").doubleValue());
    assertSays("#denoising-said", facts.at("/denoising/runs/0/steps/0/sigma").doubleValue());
    assertSays("#gates-flow", page.floats(facts.at("/gates/flow/0/exact"))[(16 * 32) + 16]);
    assertSays("#whatif-said", facts.at("/whatif/runs/0/sharpness").doubleValue());
    assertSays("#autoencoder-said", facts.at("/autoencoder/clips/1/psnr").doubleValue());
    assertSays("#gates-loss", facts.at("/gates/alignment/losses/0/weighted").doubleValue());
    assertSays("#denoising-said", facts.at("/denoising/runs/0/steps/0/factors/1").doubleValue());
    assertSays("#autoencoder-chunks", facts.at("/autoencoder/secondDiffers").doubleValue());
    assertSays("#window-said", 1);
    assertSays("#scans-said", facts.at("/scans/variants/0/means/0").doubleValue());
  }

  /** The browser's own numbers are the engine's, bit by bit. */
  @Test
  void arraysArriveWhole() {
    fresh();
    float[] m = page.floats(page.facts().at("/matrix/scans/2/m"));
    List<?> read =
        (List<?>)
            browser.run("return Array.from(explorer.array(explorer.facts.matrix.scans[2].m))");
    assertEquals(m.length, read.size());
    for (int i = 0; i < m.length; i++) {
      assertEquals(m[i], ((Number) read.get(i)).floatValue(), "at " + i);
    }
  }

  /** A page of a width has what it needs within it, light and dark. */
  @Test
  void itFitsScreensOfEveryWidth() throws IOException {
    fits(360, "light");
    fits(1200, "dark");
    fits(3840, "light");
    browser.width(1200);
  }

  private static void fits(int width, String scheme) throws IOException {
    browser.width(width);
    browser.scheme(scheme);
    fresh();
    // What can be opened is looked at too.
    browser.run("document.querySelectorAll('details').forEach((d) => (d.open = true))");
    long wide = browser.wantedWidth();
    assertTrue(wide <= width, width + " pixels want " + wide);
    assertEquals(List.of(), browser.violations(), width + " " + scheme);
    browser.picture("#matrix", PICTURES.resolve("matrix-" + width + "-" + scheme + ".png"));
  }

  /**
   * What the machine at hand makes of it; a busy one is no fault of the page, so nothing is held
   * against a time. {@code -Dexplorer.page=FILE} measures another page.
   */
  @Test
  void scrubbingIsMeasured() throws IOException {
    browser.width(1200);
    String other = System.getProperty("explorer.page");
    Scrubbing found = Scrubbing.of(browser, other == null ? file : Path.of(other));
    Files.writeString(PICTURES.resolve("measured.txt"), found.text());
    assertEquals(
        browser.all("input[type=range]").size(),
        found.sliders().size(),
        "every slider is measured");
    found.sliders().forEach(s -> assertTrue(s.frames() > 0, s.id()));
    browser.assertQuiet("scrubbing");
  }

  private static long fresh() {
    long ready = browser.show(file);
    browser.assertQuiet("loading");
    return ready;
  }

  /** A text has a number, to the digits that it shows. */
  private static void assertSays(String selector, double value) {
    String text = browser.find(selector).getText();
    boolean found =
        NUMBER
            .matcher(text)
            .results()
            .map(MatchResult::group)
            .anyMatch(n -> Math.abs(Double.parseDouble(n) - value) <= 6e-3 * Math.abs(value));
    assertTrue(found, String.format(Locale.ROOT, "%s has no %g: %s", selector, value, text));
  }
}
