package medsora.metric.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A number together with all that it depends on: in print it has no other form, for two numbers of
 * one name differ by their resize, epsilon, ddof, n, files or spacing.
 *
 * @param protocol it was measured under
 * @param judge what it is
 * @param real rule of the real clips
 * @param generated rule of the others
 * @param real1 number of real samples
 * @param generated2 number of generated samples
 * @param seed of the draws
 * @param weights what is known of the network's weights: their SHA-256, or where the features came
 *     from
 */
public record Quote(
    Protocol protocol,
    Judge judge,
    ClipRule real,
    ClipRule generated,
    int real1,
    int generated2,
    long seed,
    String weights) {
  /** The line: {@code FVD[stylegan-v, n=210:2048, ddof 0, ...] = 468.370}. */
  public String line(double value) {
    return "%s[%s] = %s"
        .formatted(judge.metric().shown(), String.join(", ", terms()), figure(value));
  }

  /** A number with six digits that count, at least three of them behind the point. */
  public static String figure(double value) {
    double size = Math.abs(value);
    int before = size < 1 ? 1 : (int) Math.floor(StrictMath.log10(size)) + 1;
    return String.format(Locale.ROOT, "%." + Math.max(3, 6 - before) + "f", value);
  }

  private List<String> terms() {
    List<String> terms = new ArrayList<>();
    terms.add(protocol.shown());
    boolean distance = judge.metric().isDistance();
    terms.add(distance ? "n=%d:%d".formatted(real1, generated2) : "n=" + generated2);
    if (distance) {
      terms.add("ddof " + judge.ddof());
    }
    terms.add(judge.metric().network());
    terms.add(judge.preprocessing());
    terms.add(clips());
    terms.add(protocol.sampling().loading().words());
    terms.add(protocol.files().words());
    terms.add("seed " + seed);
    terms.add(weights);
    return terms;
  }

  private String clips() {
    if (judge.metric().ofFrames()) {
      return judge.metric().isDistance() ? "all real frames" : "frames of the generated clips";
    }
    return "real %s; generated %s".formatted(real.words(), generated.words());
  }
}
