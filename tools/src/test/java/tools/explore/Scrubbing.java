package tools.explore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openqa.selenium.WebElement;
import tools.browser.Browser;

/**
 * How a page moves under the hand: each slider is moved on once a frame, as one who scrubs does.
 * The time from frame to frame and long tasks (over 50 ms, as the browser counts them) are those of
 * the machine with all that it does beside; the page's own code is timed from begin to end of each
 * move; and the work of a move is the processor's time on the page's thread, code, layout and
 * painting.
 *
 * @param ready milliseconds until the page has shown all
 * @param readied work of the processor for that, in milliseconds
 */
record Scrubbing(long ready, double readied, List<Slider> sliders) {
  private static final int FRAMES = 60;

  /** 60 frames a second leave so many milliseconds to each. */
  private static final double FRAME = 1000.0 / 60;

  /**
   * A slider; times in milliseconds.
   *
   * @param frames measured
   * @param median between two frames
   * @param worst between two frames
   * @param script of the page's own code for one move, median
   * @param worstScript the longest
   * @param longTasks how many
   * @param work of the processor for one move, mean
   */
  record Slider(
      String id,
      int frames,
      double median,
      double worst,
      double script,
      double worstScript,
      int longTasks,
      double work) {
    private static Slider of(String id, Map<?, ?> read, double work) {
      int frames = (int) number(read, "frames");
      return new Slider(
          id,
          frames,
          number(read, "median"),
          number(read, "worst"),
          number(read, "script"),
          number(read, "worstScript"),
          (int) number(read, "longTasks"),
          work / frames);
    }

    private static double number(Map<?, ?> read, String name) {
      return ((Number) read.get(name)).doubleValue();
    }

    private String line() {
      return String.format(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %d |%n",
          id,
          work,
          script,
          worstScript,
          median,
          worst,
          longTasks);
    }
  }

  /** Opens a page and moves all that slides in it. */
  static Scrubbing of(Browser browser, Path page) {
    browser.screen(1200, 900);
    browser.leave();
    double rest = browser.worked();
    long ready = browser.show(page);
    double readied = browser.worked() - rest;
    List<Slider> sliders = new ArrayList<>();
    for (WebElement slider : browser.all("input[type=range]")) {
      double before = browser.worked();
      Map<?, ?> read = (Map<?, ?>) browser.await(SCRIPT, slider, FRAMES);
      sliders.add(Slider.of(slider.getAttribute("id"), read, browser.worked() - before));
    }
    return new Scrubbing(ready, readied, sliders);
  }

  /** The figures as a table. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "All shown after %d ms, %.0f of them work. %d moves of each slider, one a frame; 60"
                + " frames a second leave %.1f ms to each. In ms:%n%n",
            ready,
            readied,
            FRAMES,
            FRAME));
    text.append("| slider | work of a move | its script | worst | frame | worst | long tasks |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    sliders.forEach(s -> text.append(s.line()));
    return text.toString();
  }

  private static final String SCRIPT =
      """
      const [slider, count, done] = arguments;
      const middle = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
      const long = [];
      const observer = new PerformanceObserver((list) => long.push(...list.getEntries()));
      observer.observe({ type: "longtask" });
      const frame = () => new Promise(requestAnimationFrame);
      (async () => {
        slider.scrollIntoView({ block: "center" });
        for (let i = 0; i < 3; i++) await frame();
        const begun = performance.now();
        const between = [];
        const script = [];
        let last = await frame();
        for (let i = 0; i < count; i++) {
          slider.value = (Number(slider.value) + 1) % (Number(slider.max) + 1);
          const from = performance.now();
          slider.dispatchEvent(new Event("input", { bubbles: true }));
          script.push(performance.now() - from);
          const now = await frame();
          between.push(now - last);
          last = now;
        }
        await new Promise((r) => setTimeout(r, 60));
        observer.disconnect();
        done({
          frames: between.length, median: middle(between), worst: Math.max(...between),
          script: middle(script), worstScript: Math.max(...script),
          longTasks: long.filter((t) => t.startTime >= begun).length,
        });
      })();
      """;
}
