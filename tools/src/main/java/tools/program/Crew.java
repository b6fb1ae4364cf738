package tools.program;

import engine.kernel.Backends;
import engine.kernel.Fidelity;
import engine.numeric.NumericContract;
import engine.ranks.Launch;
import engine.ranks.Loss;
import engine.ranks.Ranks;
import engine.ranks.RanksException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Logger;

/**
 * A program as one of the ranks that a launcher has started: rank 0 prints, all are of one build,
 * and none goes on when another is lost or has failed.
 */
final class Crew {
  /** Who is not rank 0 gives it the time to speak first where all fail alike. */
  private static final long SECONDS_TO_SPEAK = 3;

  private static final long SECONDS_TO_ABORT = 3;
  private static final int FAILED = 1;

  private final String program;
  private final Optional<Launch> launch;
  private final PrintStream err = System.err;
  private volatile Supplier<String> standing = () -> "";
  private volatile boolean isLost;
  private Ranks ranks = Ranks.ALONE;

  Crew(String program) {
    this.program = program;
    this.launch = Launch.of(System.getenv());
    if (launch.isPresent() && launch.get().rank() > 0) {
      beQuiet();
    }
  }

  /** What this rank has to say is said by rank 0, but for its own failure. */
  private static void beQuiet() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    System.setOut(nowhere);
    System.setErr(nowhere);
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
  }

  Ranks ranks() {
    return ranks;
  }

  /**
   * Meets the other ranks, where there are others.
   *
   * @param shared whether several ranks can share the work of the program
   * @param left says what a run that failed has left
   * @throws RanksException where they cannot work together
   */
  void meet(boolean shared, Supplier<String> left) {
    if (launch.isEmpty()) {
      return;
    }
    if (!shared) {
      throw new IllegalArgumentException(
          "%s is not shared by ranks, and the launcher has started %d: start it without the launcher"
              .formatted(program, launch.get().count()));
    }
    standing = left;
    ranks = Ranks.open(this::lost);
    ranks.requireSame("build", BuildHash.sha256());
    ranks.requireSame("numeric contract", Integer.toString(NumericContract.VERSION));
    requireExact();
    Output.say("%d ranks, %s".formatted(ranks.count(), ranks.transport()));
  }

  /** Numeric contract N18: what an approximate backend computes is no part of a common result. */
  private void requireExact() {
    int first = firstApproximate();
    if (first >= 0) {
      throw RanksException.everywhere(
          "[ranks] %s has an approximate backend, whose bits are not those of the others: choose"
                  .formatted(ranks.name(first))
              + " another --backend there");
    }
  }

  private int firstApproximate() {
    byte own = (byte) (Backends.fidelity() == Fidelity.APPROXIMATE ? 1 : 0);
    int number = 0;
    for (byte[] each : ranks.gather(new byte[] {own})) {
      if (each[0] != 0) {
        return number;
      }
      number++;
    }
    return -1;
  }

  /** Called on a thread of the heart; the thread that works may wait for the lost rank. */
  private void lost(Loss loss) {
    isLost = true;
    boolean silent = loss.how() == Loss.Kind.SILENT;
    // The first speaks for all, unless it is the one that is gone.
    if (ranks.isFirst() || (silent && loss.rank() == 0)) {
      err.printf(
          "%s: [ranks] %s %s; all ranks end%s%n",
          program, ranks.name(loss.rank()), silent ? silent() : still(), standing.get());
      err.flush();
    }
    abort();
  }

  private static String silent() {
    return "gives no sign for %d s: it hangs or was stopped, or it or its network is gone"
        .formatted(Integer.getInteger(Ranks.SILENCE, Ranks.SECONDS));
  }

  private static String still() {
    return "stands still for %d s while others wait for it, though its process lives (-D%s)"
        .formatted(Integer.getInteger(Ranks.STILLNESS, Ranks.STILL_SECONDS), Ranks.STILLNESS);
  }

  /** This rank in words, whether it has met the others or not. */
  private String name() {
    int rank = launch.map(Launch::rank).orElse(0);
    return ranks.count() > 1 ? ranks.name(rank) : "rank " + rank + " on host " + Ranks.ownHost();
  }

  /** Ends all, and this process in any case. */
  private void abort() {
    Thread.ofPlatform().daemon().start(() -> ranks.abort(FAILED));
    sleep(SECONDS_TO_ABORT);
    Runtime.getRuntime().halt(FAILED);
  }

  private static void sleep(long seconds) {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Parts from the others after work well done. */
  void part() {
    ranks.close();
  }

  /**
   * Where this rank has failed all end.
   *
   * @param story what happened; rank 0 has printed it
   */
  void failed(Exception e, String story) {
    if (launch.isEmpty()) {
      return;
    }
    if (launch.get().rank() > 0 || isLost) {
      sleep(SECONDS_TO_SPEAK);
      if (!isLost && !(e instanceof RanksException r && r.isEverywhere())) {
        err.printf("%s: %s: %s%n", program, name(), story);
        err.flush();
      }
    }
    if (ranks.count() > 1) {
      abort();
    }
  }
}
