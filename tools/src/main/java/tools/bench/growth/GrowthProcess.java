package tools.bench.growth;

import engine.tensor.MemoryMeter;
import engine.tensor.MemoryWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.bench.DenoiserRun;
import tools.bench.SeededTensors;
import tools.bench.Task;
import tools.bench.harness.PeakMemory;
import tools.bench.harness.Statistics;

/**
 * The process in which one size is measured: training steps for a while, then one line with seconds
 * of a step, its spread, the number of samples, live and resident bytes.
 */
public final class GrowthProcess {
  private static final int LEAST = 3;
  private static final int MOST = 15;

  /** Seconds of samples that are enough, and shares of the limit to warm up and to stop at. */
  private static final double ENOUGH = 4;

  private static final double WARM_SHARE = 0.1;
  private static final double STOP_SHARE = 0.6;
  private static final double WARM = 6;

  private GrowthProcess() {}

  /**
   * @param args frames, pixels, depth, recompute, and the seconds after which it will be ended
   */
  public static void main(String[] args) {
    long started = System.nanoTime();
    double limit = Double.parseDouble(args[4]);
    Point point = Point.of(args);
    Task task = DenoiserRun.steps(point.config(), point.recompute(), new SeededTensors());
    MemoryMeter live = new MemoryMeter();
    MemoryWatch.with(live, task::seconds);
    while (Task.since(started) < Math.min(WARM, WARM_SHARE * limit)) {
      task.seconds();
    }
    List<Double> samples = new ArrayList<>();
    long begun = System.nanoTime();
    while (samples.isEmpty()
        || (samples.size() < MOST
            && (samples.size() < LEAST || Task.since(begun) < ENOUGH)
            && Task.since(started) < STOP_SHARE * limit)) {
      samples.add(task.seconds());
    }
    Statistics s = Statistics.of(samples);
    System.out.printf(
        Locale.ROOT,
        "%.6f %.4f %d %d %d%n",
        s.median(),
        s.spread(),
        samples.size(),
        4 * live.peak(),
        PeakMemory.bytes());
  }
}
