package tools.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Who trains at a start, and who of them is killed. */
public sealed interface Crews {
  /** How many ranks the next start has. */
  int next();

  /** The command line of so many ranks of a program. */
  List<String> command(Class<?> program, int ranks, List<String> arguments);

  /**
   * Kills one with kill -9.
   *
   * @return the rank in words; empty where there is but one
   */
  String kill(Child child, int ranks) throws IOException, InterruptedException;

  /** One process without a launcher. */
  record Alone() implements Crews {
    @Override
    public int next() {
      return 1;
    }

    @Override
    public List<String> command(Class<?> program, int ranks, List<String> arguments) {
      List<String> words = new ArrayList<>(arguments);
      words.addAll(List.of("--threads", "2"));
      return Child.command(program, List.of("-Xmx1g"), words);
    }

    @Override
    public String kill(Child child, int ranks) throws InterruptedException {
      child.kill();
      return "";
    }
  }

  /** Ranks of mpirun: another number of them at each start, of whom one is killed. */
  final class Ranks implements Crews {
    private static final long MILLIS_BETWEEN_LOOKS = 5;

    private final Launcher launcher;
    private final List<Integer> counts;
    private final Random random;
    private int last;

    /**
     * Draws from some numbers.
     *
     * @param counts of ranks, each different
     */
    public Ranks(Launcher launcher, List<Integer> counts, Random random) {
      if (counts.stream().anyMatch(n -> n < 1)
          || counts.stream().distinct().count() < Math.max(2, counts.size())) {
        throw new IllegalArgumentException(
            "[soak] wants two or more different numbers of ranks, got " + counts);
      }
      this.launcher = launcher;
      this.counts = List.copyOf(counts);
      this.random = random;
    }

    @Override
    public int next() {
      List<Integer> others = counts.stream().filter(n -> n != last).toList();
      last = others.get(random.nextInt(others.size()));
      return last;
    }

    /** Short lives: loops that are compiled at once, and no better; vectors want more than that. */
    @Override
    public List<String> command(Class<?> program, int ranks, List<String> arguments) {
      List<String> words = new ArrayList<>(arguments);
      words.addAll(List.of("--threads", "1", "--backend", "scalar"));
      List<String> java = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1");
      List<String> command = Child.command(program, java, words);
      return ranks == 1 ? command : launcher.ranks(ranks, command);
    }

    /** The launcher ends the others. A rank that is not there yet is waited for. */
    @Override
    public String kill(Child child, int ranks) throws IOException, InterruptedException {
      if (ranks == 1) {
        child.kill();
        return "1 rank";
      }
      int rank = random.nextInt(ranks);
      Optional<ProcessHandle> process = Launcher.rank(child, rank);
      while (process.isEmpty() && child.isAlive()) {
        Thread.sleep(MILLIS_BETWEEN_LOOKS);
        process = Launcher.rank(child, rank);
      }
      process.ifPresent(ProcessHandle::destroyForcibly);
      return "rank %d of %d".formatted(rank, ranks);
    }
  }
}
