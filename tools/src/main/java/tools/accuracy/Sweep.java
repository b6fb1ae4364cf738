package tools.accuracy;

import engine.numeric.Coefficients;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * Tries a function on every n-th of all 2^32 patterns of a float32, and, where n is not 1, on all
 * patterns of the domain's ends besides: all denormals, the neighbourhoods of 0, 1, the ends of the
 * range and of every threshold, and the multiples of pi/2; if asked for, also on all patterns of
 * the function's core.
 */
public final class Sweep {
  private static final long PATTERNS = 1L << 32;
  private static final int CHUNK = 1 << 20;
  private static final int FRACTION = 1 << 23;

  /** Patterns on either side of a threshold. */
  private static final int NEAR = 1 << 14;

  /** Patterns on either side of a multiple of pi/2, and how many multiples there are below 2^20. */
  private static final int NEAR_MULTIPLE = 4;

  private static final int MULTIPLES = (int) (Coefficients.TRIG_LIMIT / (Math.PI / 2));

  private static final float[] ENDS = {
    Float.MIN_NORMAL,
    0x1p-25f,
    Coefficients.TANH_SPLIT,
    Coefficients.SOFTPLUS_SPLIT,
    Coefficients.ERF_SPLIT,
    Coefficients.SQRT_HALF,
    1f,
    Coefficients.ERF_HIGHEST,
    Coefficients.TANH_HIGHEST,
    18f,
    Coefficients.EXP_HIGHEST,
    -Coefficients.EXP_LOWEST,
    104f,
    -Coefficients.ACTIVATION_LOWEST,
    Coefficients.TRIG_LIMIT,
    Float.MAX_VALUE
  };

  private Sweep() {}

  /** The functions that can be measured. */
  public static List<String> functions() {
    return Measured.all().stream().map(Measured::name).toList();
  }

  /** Arguments that {@link #run} tries. */
  public static long count(String function, long every, boolean core) {
    long atEnds = ends().stream().mapToLong(Range::arguments).sum();
    long inCore = core ? core(named(function)).stream().mapToLong(Range::arguments).sum() : 0;
    return (PATTERNS + every - 1) / every + (every == 1 ? 0 : atEnds + inCore);
  }

  /**
   * Measures one function, on all processors that the common pool has.
   *
   * @param core whether to try every argument of its core
   * @param progress is told how many more arguments are done, now and then, by any thread
   */
  public static Finding run(String function, long every, boolean core, LongConsumer progress) {
    Measured f = named(function);
    Tally all = sweep(f, every, progress);
    if (every > 1) {
      all.joinEnds(all(f, ends(), progress));
    }
    if (every > 1 && core) {
      all.joinEnds(all(f, core(f), progress));
    }
    return all.finding();
  }

  private static Measured named(String function) {
    return Measured.all().stream().filter(m -> m.name().equals(function)).findFirst().orElseThrow();
  }

  private static Tally sweep(Measured f, long every, LongConsumer progress) {
    long count = (PATTERNS + every - 1) / every;
    return LongStream.range(0, (count + CHUNK - 1) / CHUNK)
        .parallel()
        .mapToObj(chunk -> {
          Tally tally = new Tally(f);
          long end = Math.min(count, (chunk + 1) * CHUNK);
          for (long i = chunk * CHUNK; i < end; i++) {
            tally.add(Float.intBitsToFloat((int) (i * every)));
          }
          progress.accept(end - chunk * CHUNK);
          return tally;
        })
        .reduce(new Tally(f), (a, b) -> new Tally(f).join(a).join(b));
  }

  /** Patterns from first to last, or these and their negatives. */
  private record Range(int first, int last, boolean bothSigns) {
    long arguments() {
      return (bothSigns ? 2L : 1L) * (last - first + 1);
    }
  }

  private static List<Range> core(Measured f) {
    int low = Float.floatToRawIntBits(f.core().low());
    int high = Float.floatToRawIntBits(f.core().high());
    List<Range> ranges = new ArrayList<>();
    for (int first = low; first <= high; first += CHUNK) {
      ranges.add(new Range(first, Math.min(high, first + CHUNK - 1), f.core().bothSigns()));
    }
    return ranges;
  }

  private static List<Range> ends() {
    List<Range> ranges = new ArrayList<>();
    ranges.add(new Range(0, FRACTION - 1, true));
    for (float end : ENDS) {
      int bits = Float.floatToRawIntBits(end);
      ranges.add(new Range(bits - NEAR, bits + NEAR, true));
    }
    for (int k = 1; k <= MULTIPLES; k++) {
      int bits = Float.floatToRawIntBits((float) (k * (Math.PI / 2)));
      ranges.add(new Range(bits - NEAR_MULTIPLE, bits + NEAR_MULTIPLE, true));
    }
    return ranges;
  }

  private static Tally all(Measured f, List<Range> ranges, LongConsumer progress) {
    return ranges.parallelStream()
        .map(range -> {
          Tally tally = new Tally(f);
          for (int bits = range.first; bits <= range.last; bits++) {
            tally.add(Float.intBitsToFloat(bits));
            if (range.bothSigns) {
              tally.add(Float.intBitsToFloat(bits | 0x80000000));
            }
          }
          progress.accept(range.arguments());
          return tally;
        })
        .reduce(new Tally(f), (a, b) -> new Tally(f).join(a).join(b));
  }
}
