package tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import medsora.media.Clip;
import medsora.metric.phantom.PhantomDistances;
import medsora.metric.phantom.PhantomDistances.Distance;
import medsora.metric.phantom.PhantomDistances.Features;
import medsora.train.Clips;

/**
 * How far samples are from training clips by the networks that come with the program, beside as
 * many held-out clips from the same training clips: what no sample can be expected to go below.
 *
 * @param data number of training clips
 * @param samples number of samples
 * @param drawn of the samples
 * @param heldOut number of held-out clips; as many as samples where there are so many
 * @param floor of these, or null where there are fewer than two
 * @param networks what they are and how frames are prepared
 */
public record SampleDistances(
    int data, int samples, Distance drawn, int heldOut, Distance floor, List<String> networks) {
  /** Training clips that are looked at; the flow of each takes a third of a second. */
  private static final int MOST_DATA = 24;

  private static final int LEAST = 2;

  public SampleDistances {
    networks = List.copyOf(networks);
  }

  /** How many clips are looked at in all, or 0 where there are too few to measure anything. */
  public static int work(Clips clips, int samples) {
    int data = Math.min(MOST_DATA, clips.trainingClips());
    return data < LEAST || samples < LEAST ? 0 : data + samples + heldOut(clips, samples);
  }

  private static int heldOut(Clips clips, int samples) {
    int there = Math.min(samples, clips.heldOutClips());
    return there < LEAST ? 0 : there;
  }

  /**
   * Measures samples, at least two against at least two.
   *
   * @param done is told how many clips were looked at
   */
  public static SampleDistances of(Clips clips, List<Clip> samples, IntConsumer done) {
    PhantomDistances judge = new PhantomDistances(clips.frames());
    int count = Math.min(MOST_DATA, clips.trainingClips());
    int drawn = samples.size();
    int held = heldOut(clips, drawn);
    Features data = judge.features("data", count, i -> clips.video(i, 0, false), done);
    Features ofSamples =
        judge.features("samples", drawn, i -> samples.get(i).shown(), n -> done.accept(count + n));
    Distance floor = null;
    if (held > 0) {
      Features ofHeld =
          judge.features(
              "held out",
              held,
              i -> clips.video(clips.trainingClips() + i, 0, false),
              n -> done.accept(count + drawn + n));
      floor = data.distance(ofHeld);
    }
    return new SampleDistances(
        count, drawn, data.distance(ofSamples), held, floor, judge.networks());
  }

  /** The heads of {@link #rows}. */
  List<String> heads() {
    List<String> heads = new ArrayList<>(List.of("", against(samples, "samples")));
    if (floor != null) {
      heads.add(against(heldOut, "held-out clips"));
    }
    return heads;
  }

  private String against(int count, String what) {
    return "%d %s against %d training clips".formatted(count, what, data);
  }

  /** A row for each of the two numbers. */
  List<List<String>> rows() {
    return List.of(
        row(PhantomDistances.FRAMES, drawn.frames(), floor == null ? null : floor.frames()),
        row(PhantomDistances.MOTION, drawn.motion(), floor == null ? null : floor.motion()));
  }

  private static List<String> row(String name, double value, Double floor) {
    return floor == null
        ? List.of(name, figure(value))
        : List.of(name, figure(value), figure(floor));
  }

  /** The same as lines to print. */
  public List<String> lines() {
    List<String> heads = heads();
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows()) {
      StringBuilder line = new StringBuilder(row.getFirst());
      for (int i = 1; i < row.size(); i++) {
        line.append(i == 1 ? ": " : "; ").append(row.get(i)).append(", ").append(heads.get(i));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
