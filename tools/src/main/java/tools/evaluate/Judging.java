package tools.evaluate;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import medsora.metric.protocol.Judge;
import medsora.metric.protocol.Judge.Metric;
import medsora.metric.protocol.Protocol;
import medsora.metric.protocol.Quote;
import tools.program.Progress;

/**
 * The numbers of a protocol by its networks.
 *
 * @param cache folder of features
 * @param effort of what a distance is worth
 * @param stop asked before each clip
 */
public record Judging(
    Protocol protocol,
    ClipSet real,
    ClipSet generated,
    Path cache,
    Assessment.Effort effort,
    BooleanSupplier stop) {
  /** Splits of an inception score in all public programs. */
  private static final int SPLITS = 10;

  /** Generated frames of FID, and of the inception score, in StyleGAN-V's programs. */
  private static final int MOST_FRAMES = 50_000;

  /** Logits that are computed at a time. */
  private static final int TOGETHER = 256;

  /** Above this many samples and features a distance takes too long to be drawn 200 times. */
  private static final int LARGE = 1000;

  /** Measures one number. */
  public void measure(Judge judge, JudgeNetworks.Opened opened, Result result) throws IOException {
    Metric metric = judge.metric();
    FeatureNetwork network = opened.network();
    String settings =
        "%s, weights %s, %s"
            .formatted(network.name(), opened.sha256(), protocol.sampling().loading().words());
    try (FeatureCache kept = FeatureCache.open(cache, settings, network.dimensions())) {
      FeatureRows ofGenerated = rows(generated, false, judge, network, kept);
      if (metric.isDistance()) {
        FeatureRows ofReal = rows(real, true, judge, network, kept);
        Quote quote = quote(judge, opened, ofReal.count(), ofGenerated.count());
        result.distance(
            quote, Assessment.of(ofReal, ofGenerated, judge.ddof(), effort(ofReal, ofGenerated)));
      } else {
        score(judge, opened, ofGenerated, result);
      }
    }
  }

  private void score(Judge judge, JudgeNetworks.Opened opened, FeatureRows rows, Result result) {
    Quote quote = quote(judge, opened, 0, rows.count());
    if (judge.metric() == Metric.FC) {
      result.consistency(quote, FrameConsistency.of(rows, generated.rule().frames()));
      return;
    }
    if (rows.count() < SPLITS) {
      result.remark(
          "%s is not measured: %d samples are no %d splits"
              .formatted(judge.metric().shown(), rows.count(), SPLITS));
      return;
    }
    RowOrder order = judge.metric() == Metric.IS ? RowOrder.NONE : RowOrder.SHUFFLE_42;
    FeatureRows logits = logits((ClassifyingNetwork) opened.network(), rows);
    result.score(quote, InceptionScore.of(logits, SPLITS, order));
  }

  private Quote quote(Judge judge, JudgeNetworks.Opened opened, int n1, int n2) {
    String weights = "weights " + opened.sha256().substring(0, 12);
    return new Quote(
        protocol, judge, real.rule(), generated.rule(), n1, n2, effort.seed(), weights);
  }

  private Assessment.Effort effort(FeatureRows first, FeatureRows second) {
    boolean large = first.dimensions() > LARGE && Math.max(first.count(), second.count()) > LARGE;
    return large ? new Assessment.Effort(0, effort.seed(), stop) : effort;
  }

  private FeatureRows rows(
      ClipSet set, boolean isReal, Judge judge, FeatureNetwork network, FeatureCache kept)
      throws IOException {
    long total =
        judge.metric().ofFrames() ? Math.min(frames(set, isReal, judge), MOST_FRAMES) : set.count();
    String task = judge.metric().shown() + " " + set.role();
    try (Progress progress = new Progress(task, total, 0)) {
      Extraction extraction = new Extraction(network, kept, stop, n -> progress.at(n, ""));
      return extraction.of(set.role(), clips(set, isReal, judge)).rows();
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
