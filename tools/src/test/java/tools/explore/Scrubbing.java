package tools.explore;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.browser.Browser;

/**
 * How a page moves under the hand: each slider is moved on once a frame, as one who scrubs does,
 * and the time between frames, the time that the page's own code takes of each, and long tasks
 * (over 50 ms, as the browser counts them) are put down.
 *
 * @param ready milliseconds until the page has shown all
 */
record Scrubbing(long ready, List<Slider> sliders) {
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
   */
  record Slider(
      String id,
      int frames,
      double median,
      double worst,
      double script,
      double worstScript,
      int longTasks) {
    private static Slider of(Map<?, ?> read) {
      return new Slider(
          (String) read.get("id"),
          (int) number(read, "frames"),
          number(read, "median"),
          number(read, "worst"),
          number(read, "script"),
          number(read, "worstScript"),
          (int) number(read, "longTasks"));
    }

    private static double number(Map<?, ?> read, String name) {
      return ((Number) read.get(name)).doubleValue();
    }

    private String line() {
      return String.format(
          Locale.ROOT,
          "%-18s %4.1f ms median, %6.1f worst; script %4.1f median, %5.1f worst; %d long tasks%n",
          id,
          median,
          worst,
          script,
          worstScript,
          longTasks);
    }
  }

  /** Opens a page and moves all that slides in it. */
  static Scrubbing of(Browser browser, Path page) {
    long ready = browser.show(page);
    List<?> read = (List<?>) browser.await(SCRIPT, FRAMES);
    return new Scrubbing(ready, read.stream().map(s -> Slider.of((Map<?, ?>) s)).toList());
  }

  /** The figures as lines. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "all shown after %d ms; a frame of 60 a second has %.1f ms; %d moves of each slider%n",
            ready,
            FRAME,
            FRAMES));
    sliders.forEach(s -> text.append(s.line()));
    return text.toString();
  }

  private static final String SCRIPT =
      """
      const [count, done] = arguments;
      const middle = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
      const long = [];
      const observer = new PerformanceObserver((list) => long.push(...list.getEntries()));
      observer.observe({ type: "longtask" });
      const frame = () => new Promise(requestAnimationFrame);
      const scrub = async (slider) => {
        slider.scrollIntoView({ block: "center" });
        for (let i = 0; i < 5; i++) await frame();
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
        return {
          id: slider.id, frames: between.length, median: middle(between), worst: Math.max(...between),
          script: middle(script), worstScript: Math.max(...script),
          longTasks: long.filter((t) => t.startTime >= begun).length,
        };
      };
      (async () => {
        const found = [];
        for (const slider of document.querySelectorAll("input[type=range]")) found.push(await scrub(slider));
        observer.disconnect();
        done(found);
      })();
      """;
}
