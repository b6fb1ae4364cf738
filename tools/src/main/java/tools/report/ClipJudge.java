package tools.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import medsora.flow.FlowEstimator;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.media.Clip;
import medsora.metric.ClipStatistics;
import medsora.metric.FlowConsistency;
import medsora.metric.PowerSpectrum;
import medsora.metric.distance.ColourGamut;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FrechetDistance;
import medsora.metric.phantom.PhantomDistances;
import medsora.metric.phantom.PhantomDistances.Features;
import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.Bootstrap;
import medsora.metric.protocol.Samples;
import medsora.metric.protocol.SetDistance;

/**
 * Measures sets of clips against clips of the data, by what wants no download: colours, detail,
 * movement, and the distances of the networks that come with the program.
 */
public final class ClipJudge {
  private static final Assessment.Effort EFFORT = new Assessment.Effort(Bootstrap.REPLICATES, 0);

  private final FlowEstimator flow = new TvL1Estimator(TvL1Config.DEFAULT);
  private final PhantomDistances networks;
  private final Seen data;

  /** What was seen of a set. */
  private record Seen(
      ColourGamut gamut,
      PowerSpectrum spectrum,
      double difference,
      FlowConsistency motion,
      Features features) {}

  /**
   * Looks at the data.
   *
   * @param data at least two clips of equal length
   * @param done is told how many of them were looked at
   */
  public ClipJudge(List<Clip> data, IntConsumer done) {
    this.networks = new PhantomDistances(data.getFirst().length());
    this.data = see("data", data, done);
  }

  private Seen see(String name, List<Clip> clips, IntConsumer done) {
    ColourGamut gamut = new ColourGamut();
    clips.forEach(gamut::add);
    return new Seen(
        gamut,
        PowerSpectrum.of(clips),
        ClipStatistics.of(clips).frameDifference(),
        FlowConsistency.of(clips, flow),
        networks.features(name, clips.size(), clips::get, done));
  }

  /** What the networks are. */
  public List<String> networks() {
    return networks.networks();
  }

  /**
   * Figures of a set of clips.
   *
   * @param name of the set
   * @param clips how many
   * @param gamut share of the pixels whose colours the data do not have ({@link ColourGamut})
   * @param sharpness power of fine detail as a share of the data's ({@link PowerSpectrum})
   * @param difference mean difference from frame to frame as a share of the data's
   * @param warp error of a frame against the next one read where the flow leads, over the same
   *     without flow ({@link FlowConsistency})
   * @param frames FD-phantom-frames against the data
   * @param intervalOfFrames of 95 %, of clips drawn again
   * @param motion FD-phantom-motion against the data
   * @param intervalOfMotion likewise
   */
  public record Figures(
      String name,
      int clips,
      double gamut,
      double sharpness,
      double difference,
      double warp,
      double frames,
      Bootstrap intervalOfFrames,
      double motion,
      Bootstrap intervalOfMotion) {
    /** The heads of {@link #cells}. */
    public static List<String> heads() {
      return List.of(
          "clips",
          "n",
          "beyond the data's colours",
          "fine detail",
          "frame difference",
          "warp error / still",
          PhantomDistances.FRAMES,
          PhantomDistances.MOTION);
    }

    /** A row of a table. */
    public List<String> cells() {
      List<String> cells = new ArrayList<>(List.of(name, Integer.toString(clips)));
      cells.add("%.2f %%".formatted(100 * gamut));
      for (double v : new double[] {sharpness, difference, warp, frames, motion}) {
        cells.add("%.3f".formatted(v));
      }
      return cells;
    }
  }

  /**
   * Measures clips.
   *
   * @param clips at least two, as a viewer sees them
   */
  public Figures of(String name, List<Clip> clips, IntConsumer done) {
    Seen seen = see(name, clips, done);
    PhantomDistances.Distance distance = data.features.distance(seen.features);
    return new Figures(
        name,
        clips.size(),
        seen.gamut.shareBeyond(data.gamut),
        seen.spectrum.sharpness(data.spectrum),
        seen.difference / data.difference,
        seen.motion.warped() / seen.motion.still(),
        distance.frames(),
        interval(data.features.clips(), seen.features.clips(), clips.getFirst().length()),
        distance.motion(),
        interval(data.features.motion(), seen.features.motion(), 1));
  }

  /** Whole clips are drawn again: the frames of one are alike. */
  private static Bootstrap interval(FeatureRows data, FeatureRows clips, int parts) {
    Samples real = Samples.ofClips(data, parts);
    Samples drawn = Samples.ofClips(clips, parts);
    SetDistance distance = (x, y) -> FrechetDistance.of(x, y, PhantomDistances.DDOF).value();
    return Bootstrap.of(real, drawn, distance, distance.of(real.rows(), drawn.rows()), EFFORT);
  }
}
