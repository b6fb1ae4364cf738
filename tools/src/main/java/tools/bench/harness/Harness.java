package tools.bench.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.bench.Row;
import tools.bench.Task;
import tools.bench.Work;

/**
 * Measures rows. Each runs in a process of its own, so that neither compiled code nor memory of one
 * shows in another; the rows of a family take turns, sample by sample, with the ceilings between
 * them, so that whatever slows the machine for a while slows all of them. Waiting processes sleep.
 *
 * <p>JMH forks too, but runs a benchmark to its end before the next, and knows no ceiling that must
 * be measured between the samples of others; hence this harness.
 */
public final class Harness {
  /** Neighbouring samples of compiled code differ by less on a machine of some other load. */
  private static final double AGREEING = 0.1;

  private final Plan plan;
  private final int threads;
  private final Launch ours;
  private final Rival rival;
  private final Consumer<String> remarks;
  private final Map<String, String> failures = new LinkedHashMap<>();
  private final long started = System.nanoTime();

  /**
   * @param threads what rows run on that say nothing else
   * @param properties of the engine for our processes
   * @param rival what is measured beside ours, or null
   * @param remarks is told what goes on
   */
  public Harness(
      Plan plan,
      int threads,
      Map<String, String> properties,
      Rival rival,
      Consumer<String> remarks) {
    this.plan = plan;
    this.threads = threads;
    this.ours = Launch.ours(properties);
    this.rival = rival;
    this.remarks = remarks;
  }

  /** Rows that could not be measured, with the reason. */
  public Map<String, String> failures() {
    return failures;
  }

  /**
   * Measures the ceilings and the rows, with those of another build by turns; or, once all of ours
   * are done, the same rows of a library.
   *
   * @return the ceilings first, then the rows in their order without those that failed
   */
  public List<Measurement> measure(List<Row> rows) throws IOException {
    List<Measurement> all = new ArrayList<>();
    try (Ceilings ceilings = new Ceilings(ours, threads)) {
      for (List<Row> group : groups(rows, inTurn() ? 2 : 1)) {
        all.addAll(measure(group, ceilings));
      }
      all.addAll(0, ceilings.rows());
    } catch (Fork.FailedException e) {
      throw new IOException("[bench] the ceilings cannot be measured: " + e.getMessage(), e);
    }
    return rival == null || inTurn() ? all : withPeers(all);
  }

  private boolean inTurn() {
    return rival != null && rival.inTurn();
  }

  /**
   * Neighbours of a family, no more than may hold their memory at once.
   *
   * @param processes of each row
   */
  static List<List<Row>> groups(List<Row> rows, int processes) {
    List<List<Row>> groups = new ArrayList<>();
    for (Row row : rows) {
      List<Row> last = groups.isEmpty() ? List.of() : groups.getLast();
      boolean joins =
          !last.isEmpty()
              && last.getFirst().family() == row.family()
              && last.size() < row.family().together() / processes;
      if (!joins) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(row);
    }
    return groups;
  }

  private List<Measurement> measure(List<Row> group, Ceilings ceilings)
      throws IOException, Fork.FailedException {
    ceilings.begin();
    ceilings.probe();
    try (Group running = new Group(ceilings::probe)) {
      for (Row row : group) {
        running.start(row, ours, false);
        if (inTurn()) {
          running.start(row, rival.launch(), true);
        }
      }
      running.run();
      return running.candidates(false).stream()
          .map(c -> measured(c, ceilings).withPeer(running.rivalSeconds(c.row)))
          .toList();
    }
  }

  private static Measurement measured(Candidate c, Ceilings ceilings) {
    double wall = c.samples.stream().mapToDouble(Sample::wall).sum();
    double collecting = c.samples.stream().mapToDouble(Sample::collecting).sum();
    Work work = c.row.operation().work();
    double ceiling = ceilings.rate(work.unit(), c.row.threads());
    return new Measurement(
        c.row,
        work,
        c.seconds(),
        c.samples.size(),
        c.isCold(),
        ceiling,
        c.peak,
        collecting / wall,
        null);
  }

  private List<Measurement> withPeers(List<Measurement> all) throws IOException {
    Map<Row, Double> seconds = new LinkedHashMap<>();
    List<Row> rows = all.stream().map(Measurement::row).toList();
    List<Row> measured = rows.stream().filter(r -> r.family() != Row.Family.CEILING).toList();
    for (List<Row> group : groups(measured, 1)) {
      try (Group running = new Group(() -> {})) {
        for (Row row : group) {
          running.start(row, rival.launch(), true);
        }
        running.run();
        running.candidates(true).forEach(c -> seconds.put(c.row, c.seconds().median()));
      }
    }
    return all.stream().map(m -> m.withPeer(seconds.get(m.row()))).toList();
  }

  /** Whether the last samples of a row that was not warm before them agree. */
  static boolean settled(List<Double> seconds) {
    int n = seconds.size();
    if (n < 2) {
      return false;
    }
    double low = Math.min(seconds.get(n - 1), seconds.get(n - 2));
    return Math.max(seconds.get(n - 1), seconds.get(n - 2)) < (1 + AGREEING) * low;
  }

  /** What is done between rounds. */
  private interface Between {
    void run() throws Fork.FailedException;
  }

  /** A row with its process and what came of it so far. */
  private static final class Candidate {
    private final Row row;
    private final Fork fork;
    private final boolean rivals;
    private final List<Sample> samples = new ArrayList<>();
    private boolean warm;
    private long peak;

    Candidate(Row row, Fork fork, boolean rivals) {
      this.row = row;
      this.fork = fork;
      this.rivals = rivals;
    }

    Statistics seconds() {
      return Statistics.of(samples.stream().map(Sample::seconds).toList());
    }

    boolean isCold() {
      return !warm && !settled(samples.stream().map(Sample::seconds).toList());
    }

    double spent() {
      return samples.stream().mapToDouble(Sample::wall).sum();
    }
  }

  /** Rows that take turns. */
  private final class Group implements AutoCloseable {
    private final List<Candidate> candidates = new ArrayList<>();
    private final Between between;

    Group(Between between) {
      this.between = between;
    }

    /** Starts a row's process and warms it up. */
    void start(Row row, Launch launch, boolean rivals) throws IOException {
      remarks.accept(rivals ? row.name() + ", " + rival.name() : row.name());
      Fork fork = new Fork(launch, row.threads() == 0 ? threads : row.threads());
      Candidate candidate = new Candidate(row, fork, rivals);
      candidates.add(candidate);
      attempt(
          candidate,
          () -> {
            fork.open(row.name());
            candidate.warm = fork.warm(plan.warmUp(elapsed()));
          });
    }

    /** The rows that have not failed, ours or the rival's. */
    List<Candidate> candidates(boolean rivals) {
      return candidates.stream().filter(c -> c.rivals == rivals).toList();
    }

    /** Median of the rival's row, or null where it has none. */
    Double rivalSeconds(Row row) {
      return candidates(true).stream()
          .filter(c -> c.row.equals(row))
          .map(c -> c.seconds().median())
          .findFirst()
          .orElse(null);
    }

    void run() {
      List<Candidate> waiting = new ArrayList<>(candidates);
      while (!waiting.isEmpty()) {
        for (Candidate c : waiting) {
          attempt(
              c,
              () -> {
                c.samples.add(c.fork.sample());
                c.peak = c.fork.peak();
              });
        }
        attempt(null, between);
        waiting.retainAll(candidates);
        waiting.removeIf(c -> plan.isEnough(c.samples.size(), c.spent(), elapsed()));
      }
    }

    /** A row that fails leaves the group; what has none is the ceilings' failure. */
    private void attempt(Candidate c, Between step) {
      try {
        step.run();
      } catch (Fork.FailedException e) {
        if (c == null) {
          throw new IllegalStateException("[bench] the ceilings: " + e.getMessage(), e);
        }
        c.fork.close();
        candidates.remove(c);
        if (c.rivals) {
          remarks.accept("%s has no %s: %s".formatted(rival.name(), c.row.name(), e.getMessage()));
        } else if (!e.isUnsupported()) {
          failures.put(c.row.name(), e.getMessage());
        }
      }
    }

    @Override
    public void close() {
      candidates.forEach(c -> c.fork.close());
    }
  }

  private double elapsed() {
    return Task.since(started);
  }
}
