package tools.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import medsora.flow.FlowEstimator;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.media.Clip;
import medsora.metric.distance.ClipLooks;
import medsora.metric.distance.ClipMotion;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.MotionOfClip;
import medsora.metric.network.FeatureNetwork;
import medsora.metric.network.Thumbnails;
import medsora.metric.protocol.ClipHash;
import medsora.metric.protocol.ClipSet;
import medsora.metric.protocol.CopySearch;
import medsora.metric.protocol.Extraction;
import medsora.metric.protocol.Extraction.Extracted;
import medsora.metric.protocol.FeatureCache;
import tools.program.Progress;

/**
 * Looks at all clips of an evaluation: colours, flicker, motion, and what is near to what.
 *
 * @param cache folder of features and of motion
 * @param motionClips clips of each set whose flow is estimated, at most
 * @param expected what the real clips have to be, or null
 * @param stop asked before each clip
 */
public record Looking(
    Sets sets, Path cache, int motionClips, EarlierRun.RealClips expected, BooleanSupplier stop) {
  private static final TvL1Config FLOW = TvL1Config.DEFAULT;

  /** Looks. */
  public Seen all() throws IOException {
    Thumbnails thumbnails = new Thumbnails(sets.real().rule().frames());
    ClipLooks ofReal = new ClipLooks();
    ClipLooks ofGenerated = new ClipLooks();
    String settings = thumbnails.name() + ", " + sets.real().loading().words();
    try (FeatureCache kept = FeatureCache.open(cache, settings, thumbnails.dimensions())) {
      Looked real = look(thumbnails, kept, sets.real(), ofReal);
      Looked generated = look(thumbnails, kept, sets.generated(), ofGenerated);
      Looked heldOut =
          sets.heldOut() == null ? null : look(thumbnails, kept, sets.heldOut(), new ClipLooks());
      Seen.Copies copies = copies(real, generated, heldOut, thumbnails.name());
      return new Seen(real.clips, generated.clips, ofReal, ofGenerated, motion(), copies);
    }
  }

  /**
   * The clips of a set.
   *
   * @param frames of each clip the hashes of its frames
   */
  private record Looked(Extracted clips, List<List<String>> frames) {}

  private Looked look(FeatureNetwork network, FeatureCache kept, ClipSet set, ClipLooks looks)
      throws IOException {
    List<List<String>> frames = new ArrayList<>();
    try (Progress progress = new Progress(set.role() + " clips", set.count(), 0)) {
      Extraction extraction = new Extraction(network, kept, stop, n -> progress.at(n, ""));
      Extracted clips =
          extraction.of(
              set.role(),
              visitor ->
                  set.clips((number, clip) -> {
                    if (expected != null && set.equals(sets.real())) {
                      expected.require(number, ClipHash.of(clip));
                    }
                    looks.add(clip);
                    frames.add(ClipHash.ofFrames(clip));
                    return visitor.take(number, clip);
                  }));
      return new Looked(clips, frames);
    }
  }

  /** Looks for the generated clips, and for those that stand beside them, in all real videos. */
  private Seen.Copies copies(Looked real, Looked generated, Looked heldOut, String features)
      throws IOException {
    Looked reference = heldOut == null ? real : heldOut;
    List<float[]> rows = new ArrayList<>();
    List<List<String>> frames = new ArrayList<>();
    List<Integer> own = new ArrayList<>();
    for (Looked each : List.of(generated, reference)) {
      IntStream.range(0, each.frames.size()).forEach(i -> rows.add(each.clips.rows().row(i)));
      frames.addAll(each.frames);
    }
    for (int i = 0; i < frames.size(); i++) {
      int clip = i - generated.frames.size();
      own.add(clip >= 0 && heldOut == null ? sets.real().place(clip).video() : -1);
    }
    FeatureRows all = FeatureRows.of("clips", rows);
    CopySearch.Wanted wanted = new CopySearch.Wanted(all, frames, own);
    try (Progress progress = new Progress("frames searched for copies", sets.real().frames(), 0)) {
      List<CopySearch.Found> found =
          CopySearch.in(sets.real(), wanted, stop, n -> progress.at(n, ""));
      int n = generated.frames.size();
      return Seen.Copies.of(
          found.subList(0, n),
          found.subList(n, found.size()),
          heldOut == null,
          features,
          sets.real(),
          sets.generated());
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
