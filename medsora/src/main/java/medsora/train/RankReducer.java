package medsora.train;

import engine.ranks.Ranks;
import engine.tensor.HeapStorage;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Leaves are computed by ranks, neighbours by the same one ({@link LeafShares}); their gradients
 * meet in the tree of numeric contract N4, so that no bit depends on how many ranks there are. All
 * ranks call the same methods in the same order.
 */
public final class RankReducer implements Reducer {
  /** Whether the exchange runs beside backward: "false" has it begin behind it, to be measured. */
  public static final String OVERLAP = "medsora.ranks.overlap";

  /**
   * How gradients are exchanged; no bit of a result depends on it.
   *
   * @param floats that are on their way together
   * @param overlaps whether the exchange begins while backward goes on
   * @param shards whether each rank has the optimiser's state of its part of the parameters alone
   */
  public record Settings(int floats, boolean overlaps, boolean shards) {
    /** The least floats of a piece for a rank. */
    private static final int LEAST = 1 << 14;

    private static final int PIECE = 1 << 20;

    /** The usual ones. */
    public static Settings of(Ranks ranks, boolean shards) {
      boolean overlaps = Boolean.parseBoolean(System.getProperty(OVERLAP, "true"));
      return new Settings(Math.max(PIECE, LEAST * ranks.count()), overlaps, shards);
    }
  }

  private final Ranks ranks;
  private final Settings settings;
  private final TreeMap<Integer, Beside> leaves = new TreeMap<>();
  private @Nullable RowSlices slices;
  private @Nullable Shards shards;
  private @Nullable TreeExchange exchange;
  private @Nullable Step step;
  private @Nullable FutureTask<Boolean> exchanging;

  public RankReducer(Ranks ranks, Settings settings) {
    this.ranks = ranks;
    this.settings = settings;
  }

  /**
   * The reducer of some ranks: a local one where there is but one.
   *
   * @param shards whether each rank is to have a part of the optimiser's state
   */
  public static Reducer of(Ranks ranks, boolean shards) {
    return ranks.count() == 1
        ? new LocalReducer()
        : new RankReducer(ranks, Settings.of(ranks, shards));
  }

  /**
   * A step that was begun.
   *
   * @param unwritten gets the sums where no leaf is computed here, whose gradients get them else
   */
  private record Step(StepGradients own, List<Tensor> unwritten) {
    Tensor result(int parameter) {
      return unwritten.isEmpty() ? own.parts(parameter).getFirst().sum() : unwritten.get(parameter);
    }
  }

  @Override
  public List<Integer> begin(int count, List<Shape> shapes) {
    giveUp();
    leaves.clear();
    LeafShares shares = new LeafShares(count, ranks.count());
    List<Integer> here = shares.of(ranks.rank());
    StepGradients own = new StepGradients(shapes, here.size(), true);
    List<Tensor> unwritten = here.isEmpty() && !settings.shards() ? unwritten(shapes) : List.of();
    TreeExchange with = exchange(shares, shapes);
    Step begun = new Step(own, unwritten);
    exchanging = new FutureTask<>(() -> with.run(own, begun::result));
    step = begun;
    if (settings.overlaps()) {
      Thread.ofPlatform().daemon().name("exchange").start(exchanging);
    }
    return here;
  }

  /** For a rank that has no leaf. */
  private static List<Tensor> unwritten(List<Shape> shapes) {
    return shapes.stream()
        .map(shape -> new Tensor(shape, HeapStorage.allocate(shape.size())))
        .toList();
  }

  private TreeExchange exchange(LeafShares shares, List<Shape> shapes) {
    RowSlices cut = slices(shapes);
    TreeExchange found = exchange;
    if (found == null || !found.isFor(shares, cut)) {
      found = new TreeExchange(ranks, shares, cut, shards);
      exchange = found;
    }
    return found;
  }

  private RowSlices slices(List<Shape> shapes) {
    RowSlices cut = slices;
    if (cut == null || !cut.isOf(shapes)) {
      cut = new RowSlices(shapes, ranks.count(), settings.floats());
      slices = cut;
      shards = settings.shards() ? new Shards(ranks, cut) : null;
    }
    return cut;
  }

  @Override
  public @Nullable Shards shards(List<Shape> shapes) {
    slices(shapes);
    return shards;
  }

  @Override
  public void add(int leaf, int parameter, Tensor gradient) {
    ranks.move();
    begun().own().add(leaf, parameter, gradient);
  }

  @Override
  public void add(int leaf, Beside beside) {
    leaves.put(leaf, beside);
  }

  private Step begun() {
    return Objects.requireNonNull(step, "no step was begun");
  }

  @Override
  public Sum sum(int count) {
    Step ended = begun();
    FutureTask<Boolean> exchange = Objects.requireNonNull(exchanging);
    if (!settings.overlaps()) {
      exchange.run();
    }
    finish(exchange);
    step = null;
    List<Tensor> sums = List.of();
    if (shards == null) {
      sums = IntStream.range(0, ended.own().parameters()).mapToObj(ended::result).toList();
      ended.own().releaseBehind(1);
    } else {
      ended.own().releaseBehind(0);
    }
    return Sum.of(sums, LeafBytes.join(ranks.gather(LeafBytes.of(leaves))));
  }

  private static void finish(FutureTask<Boolean> exchange) {
    try {
      exchange.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("[ranks] interrupted while gradients were exchanged", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException r -> throw r;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void giveUp() {
    Step left = step;
    step = null;
    if (left != null) {
      Objects.requireNonNull(exchanging).cancel(true);
      left.own().giveUp();
    }
  }

  /** Number i is computed by rank i modulo their count. */
  @Override
  public double[] values(int count, IntToDoubleFunction value) {
    double[] own =
        IntStream.range(0, count)
            .filter(i -> i % ranks.count() == ranks.rank())
            .mapToDouble(value)
            .toArray();
    List<double[]> all = ranks.gather(LeafBytes.of(own)).stream().map(LeafBytes::doubles).toList();
    return IntStream.range(0, count)
        .mapToDouble(i -> all.get(i % ranks.count())[i / ranks.count()])
        .toArray();
  }

  @Override
  public void requireSame(String what, Supplier<String> value) {
    ranks.requireSame(what, value.get());
  }

  @Override
  public void meet() {
    ranks.meet();
  }
}
