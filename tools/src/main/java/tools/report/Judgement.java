package tools.report;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import medsora.media.Clip;
import medsora.metric.distance.Copying;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.NearestSearch;
import medsora.metric.network.Thumbnails;
import medsora.metric.phantom.PhantomDistances;
import medsora.train.Clips;
import tools.report.ClipJudge.Figures;

/**
 * What samples of a model are worth: measured against training clips, beside held-out clips
 * measured against the same, and each figure with a limit.
 *
 * @param data number of training clips
 * @param samples figures of the samples
 * @param heldOut of held-out clips, as many as samples where there are so many; null where there
 *     are fewer than two
 * @param copying samples near to training clips, against held-out clips or other training clips
 * @param networks what the distances' networks are
 */
public record Judgement(
    int data, Figures samples, Figures heldOut, Copying copying, List<String> networks) {
  static final String COPIED =
      "share of samples at half the distance from a training clip that others have";

  /** Training clips that are looked at; the flow of each takes half a second. */
  private static final int MOST_DATA = 24;

  private static final int LEAST = 2;

  /** Held-out phantom clips have 0.0003 to 0.001. */
  private static final double MOST_BEYOND = 0.01;

  private static final double[] DETAIL = {0.4, 2};
  private static final double[] DIFFERENCE = {0.75, 1.25};
  private static final double MOST_WARP = 0.8;

  /** As multiples of the held-out clips' distances, which are those of as few clips. */
  private static final double MOST_FRAMES = 5;

  private static final double MOST_MOTION = 2;

  /** A sample this much nearer to a training clip than any held-out clip is taken for a copy. */
  private static final double COPY = 0.5;

  public Judgement {
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
   * @param drawn as a viewer sees them
   * @param done is told how many clips were looked at
   */
  public static Judgement of(Clips clips, List<Clip> drawn, IntConsumer done) {
    int count = Math.min(MOST_DATA, clips.trainingClips());
    List<Clip> data = clips(clips, 0, count);
    List<Clip> held = clips(clips, clips.trainingClips(), heldOut(clips, drawn.size()));
    ClipJudge judge = new ClipJudge(data, done);
    Figures ofSamples = judge.of("samples", drawn, n -> done.accept(count + n));
    Figures ofHeld =
        held.isEmpty()
            ? null
            : judge.of("held-out clips", held, n -> done.accept(count + drawn.size() + n));
    FeatureRows training = thumbnails("training clips", data);
    Copying copying =
        held.isEmpty()
            ? Copying.of(near(thumbnails("samples", drawn), training), leftOut(training), true)
            : Copying.of(
                near(thumbnails("samples", drawn), training),
                near(thumbnails("held-out clips", held), training),
                false);
    return new Judgement(count, ofSamples, ofHeld, copying, judge.networks());
  }

  private static List<Clip> clips(Clips clips, int first, int count) {
    return IntStream.range(first, first + count).mapToObj(i -> clips.video(i, 0, false)).toList();
  }

  /** The nearest training clip of each clip, which are told by their first frames. */
  private static List<Copying.Near> near(FeatureRows clips, FeatureRows training) {
    return near(NearestSearch.of(clips, training), clips.count());
  }

  /** The same of each training clip, itself left out. */
  private static List<Copying.Near> leftOut(FeatureRows training) {
    NearestSearch search = new NearestSearch(training);
    for (int j = 0; j < training.count(); j++) {
      int self = j;
      search.add(i -> i != self, training.row(j));
    }
    return near(search, training.count());
  }

  private static List<Copying.Near> near(NearestSearch search, int clips) {
    return IntStream.range(0, clips)
        .mapToObj(i -> new Copying.Near(search.nearest(i), 0, search.distance(i)))
        .toList();
  }

  private static FeatureRows thumbnails(String name, List<Clip> clips) {
    Thumbnails network = new Thumbnails(clips.getFirst().length());
    return FeatureRows.of(
        name, clips.stream().map(c -> network.features(bytes(c)).toArray()).toList());
  }

  /** [1, 3, T, H, W] in 0..255. */
  private static Tensor bytes(Clip clip) {
    float[] values = clip.values();
    Shape shape = Shape.of(1, 3, clip.length(), clip.height(), clip.width());
    return Tensor.generate(shape, i -> (values[i] + 1) * 127.5f);
  }

  /** Each figure with its limits, beside that of the held-out clips. */
  public List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    checks.add(
        most(
            "pixels beyond the data's colours",
            held(Figures::gamut),
            samples.gamut(),
            MOST_BEYOND));
    checks.add(
        new Check(
            "fine detail, of the data's",
            held(Figures::sharpness),
            samples.sharpness(),
            DETAIL[0],
            DETAIL[1]));
    checks.add(
        new Check(
            "difference from frame to frame, of the data's",
            held(Figures::difference),
            samples.difference(),
            DIFFERENCE[0],
            DIFFERENCE[1]));
    checks.add(
        most("warp error over motionless error", held(Figures::warp), samples.warp(), MOST_WARP));
    if (heldOut != null) {
      checks.add(
          most(
              PhantomDistances.FRAMES,
              heldOut.frames(),
              samples.frames(),
              MOST_FRAMES * heldOut.frames()));
      checks.add(
          most(
              PhantomDistances.MOTION,
              heldOut.motion(),
              samples.motion(),
              MOST_MOTION * heldOut.motion()));
    }
    checks.add(most(COPIED, Double.NaN, copied(), 0));
    return checks;
  }

  private double copied() {
    double near = COPY * copying.reference().getFirst();
    long copies = copying.pairs().stream().filter(p -> p.distance() < near).count();
    return (double) copies / samples.clips();
  }

  private double held(ToDoubleFunction<Figures> figure) {
    return heldOut == null ? Double.NaN : figure.applyAsDouble(heldOut);
  }

  private static Check most(String name, double data, double value, double high) {
    return new Check(name, data, value, Double.NEGATIVE_INFINITY, high);
  }

  /** The heads of {@link #rows}. */
  List<String> heads() {
    List<String> heads = new ArrayList<>(List.of("", against(samples)));
    if (heldOut != null) {
      heads.add(against(heldOut));
    }
    return heads;
  }

  private String against(Figures of) {
    return "%d %s against %d training clips".formatted(of.clips(), of.name(), data);
  }

  /** A row for each of the two distances, with intervals of 95 %. */
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (boolean frames : new boolean[] {true, false}) {
      List<String> row = new ArrayList<>();
      row.add(frames ? PhantomDistances.FRAMES : PhantomDistances.MOTION);
      row.add(figure(samples, frames));
      if (heldOut != null) {
        row.add(figure(heldOut, frames));
      }
      rows.add(row);
    }
    return rows;
  }

  private static String figure(Figures of, boolean frames) {
    var interval = frames ? of.intervalOfFrames() : of.intervalOfMotion();
    return String.format(
        Locale.ROOT,
        "%.3f (%.3f to %.3f)",
        frames ? of.frames() : of.motion(),
        interval.low(),
        interval.high());
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
}
