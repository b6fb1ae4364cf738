package tools.evaluate;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import medsora.media.Clip;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FrameConsistency;
import medsora.metric.distance.InceptionScore;
import medsora.metric.distance.RowOrder;
import medsora.metric.network.ClassifyingNetwork;
import medsora.metric.network.FeatureNetwork;
import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.ClipSet;
import medsora.metric.protocol.Extraction;
import medsora.metric.protocol.FeatureCache;
import medsora.metric.protocol.FeaturesOfClips;
import medsora.metric.protocol.Judge;
import medsora.metric.protocol.Judge.Metric;
import medsora.metric.protocol.KeptDistances;
import medsora.metric.protocol.Quote;
import medsora.metric.protocol.Samples;
import medsora.metric.protocol.SetDistance;
import tools.program.Progress;

/**
 * The numbers of a protocol by its networks.
 *
 * @param cache folder of features and of distances
 * @param draws of the intervals
 * @param against compares with another run, or null
 * @param stop asked before each clip and each distance
 * @param features compute those of clips that are not kept
 */
public record Judging(
    Sets sets,
    Path cache,
    Draws draws,
    Comparing against,
    BooleanSupplier stop,
    FeaturesOfClips features) {
  /** Splits of an inception score in all public programs. */
  private static final int SPLITS = 10;

  /** Generated frames of FID, and of the inception score, in StyleGAN-V's programs. */
  private static final int MOST_FRAMES = 50_000;

  /** Logits that are computed at a time. */
  private static final int TOGETHER = 256;

  /** The features of both sets. */
  record Rows(FeatureRows real, FeatureRows generated) {}

  /** Measures one number. */
  public void measure(Judge judge, JudgeNetworks.Opened opened, Result result) throws IOException {
    if (judge.metric().isDistance()) {
      distance(judge, opened, 1, result);
      return;
    }
    FeatureNetwork network = opened.network();
    try (FeatureCache kept = FeatureCache.open(cache, settings(opened), network.dimensions())) {
      score(judge, opened, rows(sets.generated(), false, judge, network, kept), result);
    }
  }

  /**
   * Measures a distance.
   *
   * @param parts of each row that are samples of their own
   */
  Rows distance(Judge judge, JudgeNetworks.Opened opened, int parts, Result result)
      throws IOException {
    FeatureNetwork network = opened.network();
    FeatureRows real;
    FeatureRows generated;
    try (FeatureCache kept = FeatureCache.open(cache, settings(opened), network.dimensions())) {
      generated = rows(sets.generated(), false, judge, network, kept);
      real = rows(sets.real(), true, judge, network, kept);
    }
    Quote quote = quote(judge, opened.words(), real.count(), generated.count());
    Samples ofReal = samples(judge, real, parts, lengths(sets.real(), true, judge));
    Samples ofGenerated = samples(judge, generated, parts, lengths(sets.generated(), false, judge));
    try (KeptDistances kept = KeptDistances.open(cache, judge.ddof(), stop);
        Progress progress = new Progress(judge.metric().shown() + " distances", -1, 0)) {
      SetDistance distances = counted(kept, progress);
      Assessment.Effort worth = draws.effort(real, generated);
      result.distance(quote, Assessment.of(ofReal, ofGenerated, judge.ddof(), worth, distances));
      sayLeftOut(judge, real, generated, result);
      if (against != null) {
        Comparing.Number number = new Comparing.Number(quote, opened, settings(opened), parts);
        against.distance(number, ofReal, ofGenerated, distances, worth, result);
      }
    }
    return new Rows(real, generated);
  }

  private static SetDistance counted(SetDistance distances, Progress progress) {
    AtomicInteger done = new AtomicInteger();
    return (x, y) -> {
      double value = distances.of(x, y);
      progress.at(done.incrementAndGet(), "");
      return value;
    };
  }

  private void sayLeftOut(Judge judge, FeatureRows real, FeatureRows generated, Result result) {
    if (draws.leavesOut(real, generated)) {
      result.remark(
          "%s has no interval: each draw of %d and %d samples of %d features takes seconds; --bootstrap N draws N"
              .formatted(
                  judge.metric().shown(), real.count(), generated.count(), real.dimensions()));
    }
  }

  /**
   * Which samples belong together: frames of a clip, or of a video where all its frames are taken.
   *
   * @param lengths samples of each video, where they are frames
   */
  static Samples samples(Judge judge, FeatureRows rows, int parts, List<Integer> lengths) {
    return judge.metric() == Metric.FID
        ? Samples.ofVideos(rows, lengths)
        : Samples.ofClips(rows, parts);
  }

  /** Of each video how many of its frames FID takes; of other numbers none. */
  private static List<Integer> lengths(ClipSet set, boolean isReal, Judge judge) {
    List<Integer> lengths = new ArrayList<>();
    int left = isReal ? Integer.MAX_VALUE : MOST_FRAMES;
    for (int length : judge.metric() == Metric.FID ? set.lengths() : List.<Integer>of()) {
      if (left > 0) {
        lengths.add(Math.min(length, left));
        left -= lengths.getLast();
      }
    }
    return lengths;
  }

  /** What features by another program are taken for: the protocol's first distance. */
  Judge judgeOfGiven() {
    return sets.protocol().judges().stream()
        .filter(j -> j.metric().isDistance())
        .findFirst()
        .orElseThrow();
  }

  /** A distance of features by another program, of the kind of the protocol's first one. */
  public void given(GivenFeatures given, Result result) throws IOException {
    Judge judge = judgeOfGiven();
    FeatureRows real = given.real();
    FeatureRows generated = given.generated();
    Quote quote = quote(judge, given.words(), real.count(), generated.count());
    try (KeptDistances kept = KeptDistances.open(cache, judge.ddof(), stop);
        Progress progress = new Progress(judge.metric().shown() + " distances", -1, 0)) {
      SetDistance distances = counted(kept, progress);
      Assessment.Effort worth = draws.effort(real, generated);
      Samples ofReal = Samples.single(real);
      Samples ofGenerated = Samples.single(generated);
      result.distance(quote, Assessment.of(ofReal, ofGenerated, judge.ddof(), worth, distances));
      sayLeftOut(judge, real, generated, result);
    }
  }

  /** All that decides the features besides the clip. */
  private String settings(JudgeNetworks.Opened opened) {
    return "%s, weights %s, %s"
        .formatted(
            opened.network().name(), opened.sha256(), sets.protocol().sampling().loading().words());
  }

  private void score(Judge judge, JudgeNetworks.Opened opened, FeatureRows rows, Result result)
      throws IOException {
    Quote quote = quote(judge, opened.words(), 0, rows.count());
    if (judge.metric() == Metric.FC) {
      int frames = sets.generated().rule().frames();
      result.consistency(quote, FrameConsistency.of(rows, frames));
      if (against != null) {
        against.consistency(
            new Comparing.Number(quote, opened, settings(opened), 1), rows, frames, result);
      }
      return;
    }
    if (rows.count() < SPLITS) {
      result.remark(
          "%s is not measured: %d samples are no %d splits"
              .formatted(judge.metric().shown(), rows.count(), SPLITS));
      return;
    }
    RowOrder order = judge.metric() == Metric.IS ? RowOrder.NONE : RowOrder.SHUFFLE_42;
    ClassifyingNetwork network = (ClassifyingNetwork) opened.network();
    FeatureRows logits = logits(network, rows);
    result.score(quote, InceptionScore.of(logits, SPLITS, order));
    if (against != null) {
      SetDistance score = (none, some) -> InceptionScore.of(some, SPLITS, order).mean();
      int frames = judge.metric().ofFrames() ? sets.generated().rule().frames() : 1;
      against.score(
          new Comparing.Number(quote, opened, settings(opened), 1),
          Samples.of(logits, Samples.Group.CLIP, frames),
          there -> Samples.of(logits(network, there), Samples.Group.CLIP, frames),
          score,
          result);
    }
  }

  private Quote quote(Judge judge, String weights, int n1, int n2) {
    return new Quote(
        sets.protocol(),
        judge,
        sets.real().rule(),
        sets.generated().rule(),
        n1,
        n2,
        sets.seed(),
        weights);
  }

  private FeatureRows rows(
      ClipSet set, boolean isReal, Judge judge, FeatureNetwork network, FeatureCache kept)
      throws IOException {
    long total =
        judge.metric().ofFrames() ? Math.min(frames(set, isReal, judge), MOST_FRAMES) : set.count();
    String task = judge.metric().shown() + " " + set.role();
    try (Progress progress = new Progress(task, total, 0)) {
      Extraction extraction =
          new Extraction(network, kept, stop, n -> progress.at(n, ""), features);
      Extraction.Extracted found = extraction.of(set.role(), clips(set, isReal, judge));
      RowList.write(cache, judge, set.role(), found.hashes(), lengths(set, isReal, judge));
      return found.rows();
    }
  }

  private static long frames(ClipSet set, boolean isReal, Judge judge) {
    return isReal || judge.metric() == Metric.FID
        ? set.frames()
        : (long) set.count() * set.rule().frames();
  }

  /**
   * What a number is measured on: clips; for FID all real frames and the first 50,000 generated
   * ones; for other scores of frames those of the generated clips.
   */
  private static Extraction.Clips clips(ClipSet set, boolean isReal, Judge judge) {
    if (!judge.metric().ofFrames()) {
      return set::clips;
    }
    if (judge.metric() == Metric.FID) {
      return visitor -> set.frames(isReal ? Integer.MAX_VALUE : MOST_FRAMES, visitor);
    }
    return visitor ->
        set.clips((number, clip) -> {
          for (int t = 0; t < clip.length(); t++) {
            int frame = number * clip.length() + t;
            Clip one = clip.pick(t).from(clip.source() + " frame " + t);
            if (frame >= MOST_FRAMES || !visitor.take(frame, one)) {
              return false;
            }
          }
          return true;
        });
  }

  private static FeatureRows logits(ClassifyingNetwork network, FeatureRows rows) {
    List<float[]> out = new ArrayList<>();
    for (int from = 0; from < rows.count(); from += TOGETHER) {
      int count = Math.min(TOGETHER, rows.count() - from);
      float[] some = new float[count * rows.dimensions()];
      for (int i = 0; i < count; i++) {
        System.arraycopy(rows.row(from + i), 0, some, i * rows.dimensions(), rows.dimensions());
      }
      Tensor logits = network.logits(Tensor.of(Shape.of(count, rows.dimensions()), some));
      float[] values = logits.toArray();
      int classes = network.classes();
      for (int i = 0; i < count; i++) {
        out.add(Arrays.copyOfRange(values, i * classes, (i + 1) * classes));
      }
    }
    return FeatureRows.of(rows.name(), out);
  }
}
