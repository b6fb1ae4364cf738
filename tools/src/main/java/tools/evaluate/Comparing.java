package tools.evaluate;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FrameConsistency;
import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.MeanInterval;
import medsora.metric.protocol.PairedDifference;
import medsora.metric.protocol.Quote;
import medsora.metric.protocol.Samples;
import medsora.metric.protocol.SetDistance;

/**
 * Puts the numbers of this run beside those of another one, from the features that both have kept.
 *
 * @param effort of the intervals of scores
 */
public record Comparing(EarlierRun run, Assessment.Effort effort) {
  /** Above this many samples a score of classes takes too long to be drawn. */
  private static final int MANY = 5000;

  /**
   * A number and where its features are.
   *
   * @param settings of the file of features
   * @param parts of each row that are samples of their own
   */
  public record Number(Quote quote, JudgeNetworks.Opened opened, String settings, int parts) {
    private String shown() {
      return quote.judge().metric().shown();
    }

    private Compared compared(PairedDifference found) {
      return new Compared(
          shown(),
          found.first(),
          found.second(),
          found.low(),
          found.high(),
          found.replicates() + " paired draws");
    }

    private Compared undrawn(double mine, double other) {
      String why = "--bootstrap 0, or more samples and features than are drawn unasked";
      return new Compared(shown(), mine, other, null, null, why);
    }
  }

  /**
   * Compares a distance.
   *
   * @param worth without replicates where an interval takes too long
   */
  public void distance(
      Number number,
      Samples real,
      Samples generated,
      SetDistance distance,
      Assessment.Effort worth,
      Result result)
      throws IOException {
    if (!comparable(number, result)) {
      return;
    }
    Samples there = samples(number, "generated");
    requireSameReal(number, real);
    result.compared(
        worth.replicates() > 0
            ? number.compared(PairedDifference.of(real, generated, there, distance, worth))
            : number.undrawn(
                distance.of(real.rows(), generated.rows()),
                distance.of(real.rows(), there.rows())));
  }

  /**
   * Compares a score of one set.
   *
   * @param logits of the classes, from features, and which belong together
   * @param score of logits, which are its second argument
   */
  public void score(
      Number number,
      Samples mine,
      Function<FeatureRows, Samples> logits,
      SetDistance score,
      Result result)
      throws IOException {
    if (!comparable(number, result)) {
      return;
    }
    Samples other =
        logits.apply(run.rows(number.quote, "generated", number.settings, dimensions(number)));
    FeatureRows here = mine.rows();
    FeatureRows there = other.rows();
    boolean drawn = effort.replicates() > 0 && Math.max(here.count(), there.count()) <= MANY;
    result.compared(
        drawn
            ? number.compared(PairedDifference.of(mine, mine, other, score, effort))
            : number.undrawn(score.of(here, here), score.of(there, there)));
  }

  /**
   * Compares frame consistencies.
   *
   * @param mine features of frames
   * @param frames of a clip
   */
  public void consistency(Number number, FeatureRows mine, int frames, Result result)
      throws IOException {
    if (!comparable(number, result)) {
      return;
    }
    FeatureRows other = run.rows(number.quote, "generated", number.settings, dimensions(number));
    List<Double> here = consistencies(mine, frames);
    List<Double> there = consistencies(other, frames);
    MeanInterval found = MeanInterval.ofDifference(here, there, effort.seed());
    result.compared(
        new Compared(
            number.shown(),
            FrameConsistency.of(mine, frames).value(),
            FrameConsistency.of(other, frames).value(),
            found.low(),
            found.high(),
            "clips drawn anew, n=%d and %d".formatted(here.size(), there.size())));
  }

  private static List<Double> consistencies(FeatureRows rows, int frames) {
    return IntStream.range(0, rows.count() / frames)
        .mapToObj(clip -> rows.pick(IntStream.range(clip * frames, (clip + 1) * frames).toArray()))
        .map(clip -> FrameConsistency.of(clip, frames).value())
        .toList();
  }

  /** Whether the other run has this number, measured in the same way; said where it has not. */
  private boolean comparable(Number number, Result result) {
    Optional<String> reason = run.reasonAgainst(number.quote);
    reason.ifPresent(r -> result.remark("%s is not compared: %s".formatted(number.shown(), r)));
    return reason.isEmpty();
  }

  /** What the other run's number was measured on. */
  private Samples samples(Number number, String role) throws IOException {
    return run.samples(number.quote, role, number.settings, dimensions(number), number.parts);
  }

  private static int dimensions(Number number) {
    return number.opened.network().dimensions();
  }

  private void requireSameReal(Number number, Samples samples) throws IOException {
    FeatureRows real = samples.rows();
    FeatureRows other = samples(number, "real").rows();
    boolean same = other.count() == real.count();
    for (int i = 0; same && i < real.count(); i++) {
      same = Arrays.equals(real.row(i), other.row(i));
    }
    if (!same) {
      throw new IllegalArgumentException(
          "--against %s cannot be compared: its real features of %s are others"
              .formatted(run.folder(), number.shown()));
    }
  }
}
