package tools.bench.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.bench.Ceiling;
import tools.bench.Row;
import tools.bench.Rows;
import tools.bench.Unit;
import tools.bench.Work;

/**
 * The ceilings of the machine, measured again and again between the samples of the rows: on a
 * shared machine they move, and a row is held against what they were while it ran.
 */
final class Ceilings implements AutoCloseable {
  private static final double WARM_SECONDS = 1;

  private final int threads;
  private final Map<Row, Fork> forks = new LinkedHashMap<>();
  private final Map<Row, List<Double>> all = new LinkedHashMap<>();
  private final Map<Row, List<Double>> recent = new LinkedHashMap<>();
  private final Map<Row, Long> peaks = new LinkedHashMap<>();

  Ceilings(Launch launch, int threads) throws IOException, Fork.FailedException {
    this.threads = threads;
    for (Row row : Rows.ceilings(threads)) {
      Fork fork = new Fork(launch, threads);
      forks.put(row, fork);
      fork.open(row.name());
      fork.warm(WARM_SECONDS);
      all.put(row, new ArrayList<>());
      recent.put(row, new ArrayList<>());
    }
    probe();
  }

  /** Forgets what was measured for earlier rows; {@link #rows} does not. */
  void begin() {
    recent.values().forEach(List::clear);
  }

  /** Measures each once. */
  void probe() throws Fork.FailedException {
    for (Map.Entry<Row, Fork> e : forks.entrySet()) {
      double seconds = e.getValue().sample().seconds();
      all.get(e.getKey()).add(seconds);
      recent.get(e.getKey()).add(seconds);
      peaks.put(e.getKey(), e.getValue().peak());
    }
  }

  /**
   * The most work per second that was possible since {@link #begin}, in a unit and on some threads:
   * a median of what others on the machine left would be no ceiling.
   */
  double rate(Unit unit, int wantedThreads) {
    Ceiling.Kind kind = unit == Unit.BYTES ? Ceiling.Kind.COPY : Ceiling.Kind.FMA;
    int count = wantedThreads == 0 ? threads : wantedThreads;
    for (Map.Entry<Row, List<Double>> e : recent.entrySet()) {
      if (e.getKey().operation() instanceof Ceiling c && c.kind() == kind && c.suits(count)) {
        return c.work().amount() / Collections.min(e.getValue());
      }
    }
    throw new IllegalStateException(
        "[bench] no ceiling for %s on %d threads".formatted(unit, count));
  }

  /** The ceilings themselves over the whole run, each its own measure. */
  List<Measurement> rows() {
    return all.entrySet().stream()
        .map(e -> {
          Statistics seconds = Statistics.of(e.getValue());
          Work work = e.getKey().operation().work();
          double rate = work.amount() / Collections.min(e.getValue());
          int samples = e.getValue().size();
          return new Measurement(
              e.getKey(), work, seconds, samples, false, rate, peaks.get(e.getKey()), 0, null);
        })
        .toList();
  }

  @Override
  public void close() {
    forks.values().forEach(Fork::close);
  }
}
