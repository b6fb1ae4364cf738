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
import org.openqa.selenium.By;
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
      int options = select.findElements(By.tagName("option")).size();
      for (int i = 0; i < options; i++) {
        select.findElements(By.tagName("option")).get(i).click();
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
    assertSays("#whatif-said", facts.at("/whatif/clipMotion").doubleValue());
    assertSays("#autoencoder-focal", facts.at("/autoencoder/focalLoss").doubleValue());
    assertSays("#autoencoder-equation", facts.at("/autoencoder/lambda").doubleValue());
    assertTrue(browser.find("#gates-untrained").getText().contains("./run train --features"));
    assertSays("#autoencoder-chunks", facts.at("/autoencoder/secondDiffers").doubleValue());
    assertSays("#window-said", 1);
    assertSays("#scans-said", facts.at("/scans/variants/0/means/0").doubleValue());
  }

  /** What a reader meets before anything is touched is filled, and counts its steps. */
  @Test
  void theRecurrenceBeginsFilled() {
    fresh();
    JsonNode facts = page.facts().get("matrix");
    int steps = facts.get("steps").intValue();
    int step = steps / 2;
    String said = browser.find("#recurrence-said").getText();
    assertTrue(said.startsWith("Step " + (step + 1) + " of " + steps + " "), said);
    assertSays("#recurrence-said", page.floats(facts.get("scans").get(0).get("sum"))[step]);
    assertSays(
        "[aria-label^='the state before'] tbody tr:last-child td:last-child",
        page.floats(facts.get("scans").get(0).get("sum"))[step]);
    browser.find("#recurrence-on").click();
    assertTrue(browser.find("#recurrence-said").getText().startsWith("Step " + (step + 2) + " of"));
  }

  /** The products of C and B, by keyboard. */
  @Test
  void theProductsAreReadAsNumbers() {
    fresh();
    JsonNode facts = page.facts().get("matrix");
    JsonNode scan = facts.get("scans").get(0);
    int n = facts.get("state").intValue();
    int i = facts.get("steps").intValue() / 2;
    browser.find("#matrix-products summary").sendKeys(Keys.ENTER);
    browser.find("#matrix-products[open] tbody tr");
    List<WebElement> rows = browser.all("#matrix-products tbody tr");
    assertEquals(n + 1, rows.size());
    double sum = 0;
    for (int k = 0; k < n; k++) {
      float c = page.floats(scan.get("c"))[(i * n) + k];
      float b = page.floats(scan.get("b"))[((i - 2) * n) + k];
      sum += (double) c * b;
      assertSays("#matrix-products tbody tr:nth-child(" + (k + 1) + ") td:last-child", c * b);
    }
    assertSays("#matrix-products tbody tr:last-child td:last-child", sum);
  }

  /** Each map of numbers names its axes, for the eye and for the ear. */
  @Test
  void everyMapNamesItsAxes() {
    fresh();
    List<WebElement> maps = browser.all(".map");
    assertTrue(maps.size() >= 18, "maps: " + maps.size());
    for (WebElement map : maps) {
      String label = map.findElement(By.tagName("canvas")).getAttribute("aria-label");
      assertTrue(label.contains(". Across: ") && label.contains("; down: "), label);
      for (String side : List.of(".across", ".down")) {
        String said = map.findElement(By.cssSelector(side)).getAttribute("textContent");
        assertTrue(said.matches(".*[a-zA-Z].*"), label + ": " + side + " " + said);
      }
    }
  }

  /** Row, column and entry have an edge, which goes along with the sliders. */
  @Test
  void theChosenEntryIsMarked() {
    fresh();
    int steps = page.facts().at("/matrix/steps").intValue();
    assertEquals(List.of((long) (steps / 2) - 2, (long) steps / 2), marked());
    browser.find("#matrix-row").sendKeys(Keys.ARROW_RIGHT);
    assertEquals(List.of((long) (steps / 2) - 2, (long) (steps / 2) + 1), marked());
    WebElement marks = browser.find("#matrix .marks");
    assertEquals(4, marks.findElements(By.cssSelector(".band")).size());
  }

  /** Column and row of the marked entry of M. */
  private static List<?> marked() {
    return (List<?>)
        browser.run(
            """
            const cell = document.querySelector("#matrix .marks .cell");
            return [Number(cell.getAttribute("x")), Number(cell.getAttribute("y"))];
            """);
  }

  /** Two orders stand side by side, and their pictures differ. */
  @Test
  void theScansBeginWithDifferentOrders() {
    fresh();
    assertNotEquals(
        browser.find("#scans-variant").getAttribute("value"),
        browser.find("#scans-beside").getAttribute("value"));
    List<?> pictures =
        (List<?>)
            browser.run(
                "return Array.from(document.querySelectorAll('#scans canvas'), c => c.toDataURL())");
    assertEquals(2, pictures.size());
    assertNotEquals(pictures.get(0), pictures.get(1));
  }

  /** The drawing of a block has the engine's shapes, and each of its parts leads somewhere. */
  @Test
  void theBlockLeadsToItsStations() {
    fresh();
    JsonNode block = page.facts().at("/way/block");
    String drawn = browser.find("#way-block svg").getAttribute("textContent");
    for (String part : List.of("tokens", "rows", "scanned", "fused", "temporalScanned", "step")) {
      String shape = block.get(part).toString().replace(",", ", ");
      assertTrue(drawn.contains(shape), part + " " + shape + ": " + drawn);
    }
    List<WebElement> links = browser.all("#way-block a");
    assertEquals(6, links.size());
    for (WebElement link : links) {
      String to = link.getDomAttribute("href");
      assertEquals(1, browser.all(to).size(), to);
    }
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
