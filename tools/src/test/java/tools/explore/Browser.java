package tools.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
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
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window; {@code ./run test} installs it where it may. */
final class Browser implements AutoCloseable {
  private static final List<String> BROWSERS = List.of("chromium", "chromium-browser");
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Opens one, or skips the test where there is none. */
  static Browser open() {
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
  long show(Path page) {
    driver.get(page.toUri().toString());
    return (Long)
        driver.executeAsyncScript(
            """
            const done = arguments[0];
            const look = () => document.body.dataset.ready
              ? done(Number(document.body.dataset.ready)) : setTimeout(look, 20);
            look();
            """);
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  Object await(String script, Object... arguments) {
    return driver.executeAsyncScript(script, arguments);
  }

  /** As a screen of this width shows it. */
  void width(int pixels) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", pixels, "height", 2400, "deviceScaleFactor", 1, "mobile", false));
  }

  /** As it looks to those who like it {@code dark} or {@code light}. */
  void scheme(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  void picture(String selector, Path file) throws IOException {
    Files.write(file, find(selector).getScreenshotAs(OutputType.BYTES));
  }

  /** Forgets what the console has said so far, such as what a script from outside was warned of. */
  void forget() {
    driver.manage().logs().get(LogType.BROWSER);
  }

  /** The console has said nothing since it was asked last. */
  void assertQuiet(String when) {
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
