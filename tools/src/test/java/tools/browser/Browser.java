package tools.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window; {@code ./run test} installs it where it may. */
public final class Browser implements AutoCloseable {
  private static final List<String> BROWSERS = List.of("chromium", "chromium-browser");

  /** As much of a page is seen at once, and comes into a picture, as its largest section needs. */
  private static final int HEIGHT = 6000;

  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Opens one, or skips the test where there is none. */
  public static Browser open() {
    Optional<Path> browser = BROWSERS.stream().flatMap(n -> onPath(n).stream()).findFirst();
    Optional<Path> chromeDriver = onPath("chromedriver");
    assumeTrue(
        browser.isPresent() && chromeDriver.isPresent(),
        "no browser: the packages chromium and chromium-driver of Debian have one");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.orElseThrow().toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1200,900");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromeDriver.orElseThrow().toFile())
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(PATIENCE).pageLoadTimeout(PATIENCE);
    return new Browser(driver);
  }

  private static Optional<Path> onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Opens a page and waits until it has shown all; milliseconds that this took the page. */
  public long show(Path page) {
    open(page);
    return awaitReady();
  }

  /** Waits until the page at hand has shown all; milliseconds that this took the page. */
  public long awaitReady() {
    return (Long)
        await(
            """
            const done = arguments[0];
            const look = () => document.body?.dataset.ready
              ? done(Number(document.body.dataset.ready)) : setTimeout(look, 20);
            look();
            """);
  }

  /** Opens a page that shows all at once. */
  public void open(Path page) {
    driver.get(page.toUri().toString());
  }

  /** Shows nothing. */
  public void leave() {
    driver.get("about:blank");
  }

  /**
   * The first of that kind, waited for: a page answers some clicks (the {@code toggle} of what was
   * opened, an animation's frame) only after the click was taken.
   */
  public WebElement find(String selector) {
    WebDriver.Timeouts timeouts = driver.manage().timeouts().implicitlyWait(PATIENCE);
    WebElement found = driver.findElement(By.cssSelector(selector));
    timeouts.implicitlyWait(Duration.ZERO);
    return found;
  }

  public List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  public Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  public Object await(String script, Object... arguments) {
    return driver.executeAsyncScript(script, arguments);
  }

  /** As a screen of this width shows it, which is high enough for all. */
  public void width(int pixels) {
    screen(pixels, HEIGHT);
  }

  /** As a screen of this size shows it. */
  public void screen(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /**
   * Milliseconds that the processor has worked for the page so far, on the thread that runs its
   * code, lays it out and paints it; what other programs take is not in them.
   */
  public double worked() {
    driver.executeCdpCommand("Performance.enable", Map.of("timeDomain", "threadTicks"));
    List<?> metrics =
        (List<?>) driver.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
    return metrics.stream()
        .map(m -> (Map<?, ?>) m)
        .filter(m -> m.get("name").equals("TaskDuration"))
        .mapToDouble(m -> 1000 * ((Number) m.get("value")).doubleValue())
        .sum();
  }

  /** As it looks to those who like it {@code dark} or {@code light}. */
  public void scheme(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  public void picture(String selector, Path file) throws IOException {
    WebElement part = find(selector);
    run("arguments[0].scrollIntoView({ block: 'start' })", part);
    Files.write(file, part.getScreenshotAs(OutputType.BYTES));
  }

  /** What bars readers from the page at hand, as axe-core finds it. */
  public List<?> violations() throws IOException {
    try (InputStream in = Browser.class.getResourceAsStream(AXE)) {
      run(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    List<?> found =
        (List<?>)
            await(
                """
                const done = arguments[0];
                axe.run(document).then((found) => done(found.violations.map((v) =>
                  v.id + ": " + v.nodes.map((n) => n.html.slice(0, 120) + " " + n.failureSummary).join("; "))));
                """);
    forget();
    return found;
  }

  /** How wide the page at hand wants to be, in pixels of the screen. */
  public long wantedWidth() {
    return (Long) run("return document.documentElement.scrollWidth");
  }

  /** Forgets what the console has said so far, such as what a script from outside was warned of. */
  public void forget() {
    driver.manage().logs().get(LogType.BROWSER);
  }

  /** The console has said nothing since it was asked last. */
  public void assertQuiet(String when) {
    List<String> said =
        driver.manage().logs().get(LogType.BROWSER).getAll().stream()
            .map(LogEntry::getMessage)
            .toList();
    assertEquals(List.of(), said, when);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
