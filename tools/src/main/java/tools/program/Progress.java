package tools.program;

import java.io.PrintStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how far a long piece of work is: a bar with rate and time left on a terminal, elsewhere a
 * line now and then. On standard error, so that standard output holds results alone.
 */
public final class Progress implements AutoCloseable {
  private static final long LINE_EVERY = 10_000_000_000L;

  private final String task;
  private final long total;
  private final PrintStream out = System.err;
  private final ProgressBar bar;
  private final long started;
  private final long first;
  private long lastLine;

  /**
   * @param task what is counted, for instance {@code vae}
   * @param total how many steps there will be, or -1 where nobody knows
   * @param done how many were done before
   */
  public Progress(String task, long total, long done) {
    this(task, total, done, 0);
  }

  /** For work that began some seconds ago. */
  Progress(String task, long total, long done, double secondsAgo) {
    this.task = task;
    this.started = System.nanoTime() - (long) (secondsAgo * 1e9);
    this.lastLine = started;
    this.total = total;
    this.first = done;
    this.bar = onTerminal() ? bar(task, total, done) : null;
  }

  private static boolean onTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private static ProgressBar bar(String task, long total, long done) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total)
        .startsFrom(done, Duration.ZERO)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(250)
        .setSpeedUnit(ChronoUnit.SECONDS)
        .showSpeed()
        .setConsumer(new ConsoleProgressBarConsumer(System.err))
        .build();
  }

  /**
   * Says that so many steps are done.
   *
   * @param note what else is worth knowing, for instance the loss
   */
  public void at(long done, String note) {
    if (bar != null) {
      bar.setExtraMessage(" " + note);
      bar.stepTo(done);
      return;
    }
    long now = System.nanoTime();
    if (now - lastLine >= LINE_EVERY || done == total) {
      lastLine = now;
      out.println(line(done, (done - first) / ((now - started) * 1e-9), note));
    }
  }

  private String line(long done, double rate, String note) {
    String rest =
        total < 0
            ? String.format(Locale.ROOT, "%s %d  %.2f/s", task, done, rate)
            : String.format(
                Locale.ROOT,
                "%s %d/%d  %.2f/s  %s left",
                task,
                done,
                total,
                rate,
                clock((total - done) / rate));
    return note.isEmpty() ? rest : rest + "  " + note;
  }

  static String clock(double seconds) {
    if (!(seconds >= 0) || seconds > 1e7) {
      return "?";
    }
    long s = Math.round(seconds);
    return s >= 3600
        ? "%d:%02d:%02d".formatted(s / 3600, s / 60 % 60, s % 60)
        : "%d:%02d".formatted(s / 60, s % 60);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
