package tools;

import engine.ranks.Ranks;
import engine.ranks.Transport;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import medsora.config.Config;
import medsora.train.RankReducer;
import medsora.train.Reducer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.bench.RankSteps;
import tools.program.Output;
import tools.program.Program;
import tools.program.Version;

/** Measures what ranks take to talk. */
@Command(
    name = "exchange",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Measures, among the ranks that mpirun or srun has started: a meeting of all, a message, and"
          + " the sum of gradients as training makes it. With --steps-of: whole training steps of a"
          + " denoiser, also of one rank.",
      "See docs/scale.md for what follows from these."
    })
public final class Exchange extends Program {
  private static final int TAG = 4;
  private static final int MEETINGS = 200;
  private static final long MESSAGE = 4L << 20;
  private static final double GIGA = 1e9;

  @Option(
      names = "--floats",
      paramLabel = "N",
      description = "gradients of a step (default: ${DEFAULT-VALUE}, MedSora-B's)")
  int floats = 89_546_432;

  @Option(
      names = "--leaves",
      paramLabel = "N",
      description = "micro-batches of a step (default: one a rank)")
  Integer leaves;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often each is measured (default: ${DEFAULT-VALUE})")
  int rounds = 5;

  @Option(
      names = "--piece",
      paramLabel = "N",
      description = "gradients that travel together (default: as in training)")
  Integer piece;

  @Option(
      names = "--steps-of",
      paramLabel = "NAME|FILE",
      description = "measure training steps of this configuration's denoiser, on noise")
  String stepsOf;

  @Option(
      names = "--shard-optimizer",
      description = "with --steps-of: each rank keeps the optimiser's state of its part alone")
  boolean shards;

  public static void main(String[] args) {
    System.exit(execute(new Exchange(), args));
  }

  @Override
  protected boolean isShared() {
    return true;
  }

  @Override
  protected void run() throws IOException {
    int count = leaves == null ? ranks().count() : leaves;
    if (floats < 1 || rounds < 1 || count < 1 || (piece != null && piece < 1)) {
      throw new IllegalArgumentException(
          "--floats, --leaves, --rounds and --piece want at least 1");
    }
    ranks()
        .requireSame(
            "command",
            "--floats %d --leaves %d --piece %s --rounds %d --steps-of %s --shard-optimizer=%s"
                .formatted(floats, count, piece, rounds, stepsOf, shards));
    if (stepsOf != null) {
      Output.result("%s", new RankSteps(Config.read(stepsOf), count, rounds, shards).line(ranks()));
      return;
    }
    if (ranks().count() == 1) {
      throw new IllegalArgumentException(
          "exchange wants several ranks: mpirun -n 2 ./run exchange");
    }
    Output.result("median of %d rounds, %d ranks", rounds, ranks().count());
    Output.result("meeting of all: %.1f us", 1e6 * median(this::meetings) / MEETINGS);
    double message = median(this::message);
    Output.result("message of %d MiB: %.2f GB/s", MESSAGE >> 20, MESSAGE / message / GIGA);
    Output.result("sum of %,d floats over %d leaves: %s", floats, count, sum(count));
  }

  private double median(Runnable body) {
    double[] seconds = new double[rounds];
    body.run();
    for (int i = 0; i < rounds; i++) {
      ranks().meet();
      long started = System.nanoTime();
      body.run();
      seconds[i] = (System.nanoTime() - started) * 1e-9;
    }
    Arrays.sort(seconds);
    return seconds[rounds / 2];
  }

  private void meetings() {
    for (int i = 0; i < MEETINGS; i++) {
      ranks().meet();
    }
  }

  /** From rank 0 to rank 1, which answers with a byte. */
  private void message() {
    Ranks ranks = ranks();
    if (ranks.rank() > 1) {
      return;
    }
    Arena arena = Arena.ofAuto();
    MemorySegment message = arena.allocate(MESSAGE);
    MemorySegment answer = arena.allocate(1);
    Transport t = ranks.transport();
    if (ranks.isFirst()) {
      Transport.Pending sent = t.send(message, 1, TAG);
      ranks.await(t.receive(answer, 1, TAG));
      ranks.await(sent);
    } else {
      ranks.await(t.receive(message, 0, TAG));
      ranks.await(t.send(answer, 0, TAG));
    }
  }

  /** Behind backward, so that nothing else is measured. */
  private RankReducer.Settings settings() {
    RankReducer.Settings usual = RankReducer.Settings.of(ranks(), false);
    return new RankReducer.Settings(piece == null ? usual.floats() : piece, false, false);
  }

  private String sum(int count) {
    double[] seconds = new double[rounds];
    RankReducer reducer = new RankReducer(ranks(), settings());
    List<Shape> shapes = shapes();
    for (int i = -1; i < rounds; i++) {
      for (int leaf : reducer.begin(count, shapes)) {
        for (int p = shapes.size() - 1; p >= 0; p--) {
          reducer.add(leaf, p, Tensor.full(shapes.get(p), 1f / (leaf + 1)));
        }
        reducer.add(leaf, new Reducer.Beside(Map.of(), new byte[0]));
      }
      ranks().meet();
      long started = System.nanoTime();
      reducer.sum(count);
      if (i >= 0) {
        seconds[i] = (System.nanoTime() - started) * 1e-9;
      }
    }
    Arrays.sort(seconds);
    return String.format(Locale.ROOT, "%.3f s", seconds[rounds / 2]);
  }

  /** As many parameters as large models have, more or less. */
  private List<Shape> shapes() {
    int each = Math.max(1, floats / 200);
    List<Shape> shapes = new ArrayList<>();
    for (int left = floats; left > 0; left -= each) {
      shapes.add(Shape.of(Math.min(each, left)));
    }
    return shapes;
  }
}
