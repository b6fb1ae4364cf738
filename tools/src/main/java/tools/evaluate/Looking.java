package tools.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import medsora.flow.FlowEstimator;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.media.Clip;
import medsora.metric.distance.ClipLooks;
import medsora.metric.distance.ClipMotion;
import medsora.metric.distance.Copying;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.MotionOfClip;
import medsora.metric.network.FeatureNetwork;
import medsora.metric.network.Thumbnails;
import medsora.metric.protocol.ClipHash;
import medsora.metric.protocol.ClipSet;
import medsora.metric.protocol.Extraction;
import medsora.metric.protocol.Extraction.Extracted;
import medsora.metric.protocol.FeatureCache;
import tools.program.Progress;

/**
 * Looks at all clips of an evaluation: colours, flicker, motion, and what is near to what.
 *
 * @param cache folder of features and of motion
 * @param motionClips clips of each set whose flow is estimated, at most
 * @param stop asked before each clip
 */
public record Looking(Sets sets, Path cache, int motionClips, BooleanSupplier stop) {
  private static final TvL1Config FLOW = TvL1Config.DEFAULT;

  /** Looks. */
  public Seen all() throws IOException {
    FeatureNetwork thumbnails = new Thumbnails(sets.real().rule().frames());
    ClipLooks ofReal = new ClipLooks();
    ClipLooks ofGenerated = new ClipLooks();
    String settings = thumbnails.name() + ", " + sets.real().loading().words();
    try (FeatureCache kept = FeatureCache.open(cache, settings, thumbnails.dimensions())) {
      Extracted real = look(thumbnails, kept, sets.real(), ofReal);
      Extracted generated = look(thumbnails, kept, sets.generated(), ofGenerated);
      FeatureRows heldOut =
          sets.heldOut() == null
              ? null
              : look(thumbnails, kept, sets.heldOut(), new ClipLooks()).rows();
      Copying copying = Copying.of(real.rows(), generated.rows(), heldOut);
      return new Seen(real, generated, ofReal, ofGenerated, motion(), copying, thumbnails.name());
    }
  }

  private Extracted look(FeatureNetwork network, FeatureCache kept, ClipSet set, ClipLooks looks)
      throws IOException {
    try (Progress progress = new Progress(set.role() + " clips", set.count(), 0)) {
      Extraction extraction = new Extraction(network, kept, stop, n -> progress.at(n, ""));
      return extraction.of(
          set.role(),
          visitor ->
              set.clips((number, clip) -> {
                looks.add(clip);
                return visitor.take(number, clip);
              }));
    }
  }

  private Seen.Motions motion() throws IOException {
    if (motionClips == 0 || sets.real().rule().frames() < 2) {
      return null;
    }
    int ofReal = Math.min(motionClips, sets.real().count());
    int ofGenerated = Math.min(motionClips, sets.generated().count());
    // The cache keeps nothing apart that decides the flow but these words.
    String settings = "motion by TV-L1, " + FLOW + ", " + sets.real().loading().words();
    try (FeatureCache kept = FeatureCache.open(cache, settings, MotionOfClip.KEPT);
        Progress progress = new Progress("motion", ofReal + ofGenerated, 0)) {
      FlowEstimator estimator = new TvL1Estimator(FLOW);
      ClipMotion first = new ClipMotion();
      ClipMotion second = new ClipMotion();
      for (int i = 0; i < ofReal; i++) {
        first.add(motion(sets.real(), i, kept, estimator));
        progress.at(i + 1, "");
      }
      for (int i = 0; i < ofGenerated; i++) {
        second.add(motion(sets.generated(), i, kept, estimator));
        progress.at(ofReal + i + 1, "");
      }
      return new Seen.Motions(first, second);
    }
  }

  private MotionOfClip motion(ClipSet set, int number, FeatureCache kept, FlowEstimator estimator)
      throws IOException {
    if (stop.getAsBoolean()) {
      throw new Extraction.Stopped();
    }
    Clip clip = set.clip(number);
    String hash = ClipHash.of(clip);
    float[] known = kept.get(hash).orElse(null);
    if (known == null) {
      known = MotionOfClip.of(clip, estimator).kept();
      kept.put(hash, known);
    }
    return MotionOfClip.ofKept(known);
  }
}
