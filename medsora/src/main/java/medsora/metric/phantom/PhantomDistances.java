package medsora.metric.phantom;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import medsora.flow.FlowPictures;
import medsora.media.Clip;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FrechetDistance;

/**
 * Clips in memory judged by the networks that come with the program.
 *
 * <pre>{@code
 * PhantomDistances judge = new PhantomDistances(16); // frames of a clip
 * Features data = judge.features("data", 32, i -> clips.get(i), done -> {});
 * Features drawn = judge.features("samples", 4, i -> samples.get(i), done -> {});
 * Distance d = data.distance(drawn); // d.frames() is FD-phantom-frames
 * }</pre>
 */
public final class PhantomDistances {
  /** Both covariances are divided by n - 1. */
  public static final int DDOF = 1;

  /** The names of the two numbers. */
  public static final String FRAMES = "FD-phantom-frames";

  /** Frechet distance of clips by how they move. */
  public static final String MOTION = "FD-phantom-motion";

  private final FrameFeatures frames;
  private final MotionFeatures motion;

  /**
   * Opens the networks.
   *
   * @param length frames of every clip, at least 2
   */
  public PhantomDistances(int length) {
    this.frames = PhantomFeatures.frames(length);
    this.motion = PhantomFeatures.motion(length);
  }

  /**
   * The two distances of two sets.
   *
   * @param frames FD-phantom-frames
   * @param motion FD-phantom-motion
   */
  public record Distance(double frames, double motion) {}

  /**
   * The features of a set of clips.
   *
   * @param frames a row for each frame
   * @param motion a row for each clip
   * @param clips a row for each clip, the features of its frames one after another
   */
  public record Features(FeatureRows frames, FeatureRows motion, FeatureRows clips) {
    /** Number of clips. */
    public int count() {
      return motion.count();
    }

    /** The distances of two sets, of at least two clips each. */
    public Distance distance(Features other) {
      return new Distance(
          FrechetDistance.of(frames, other.frames, DDOF).value(),
          FrechetDistance.of(motion, other.motion, DDOF).value());
    }
  }

  /** What the networks are, for whoever quotes a number of theirs. */
  public List<String> networks() {
    return List.of(frames.name(), motion.name());
  }

  /**
   * The features of clips, computed one after another.
   *
   * @param name of the set, for messages
   * @param clip gives each by its number
   * @param done is told the number of clips done
   */
  public Features features(String name, int count, IntFunction<Clip> clip, IntConsumer done) {
    List<float[]> ofFrames = new ArrayList<>();
    List<float[]> ofMotion = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Clip each = clip.apply(i);
      if (each.length() != motion.frames()) {
        throw new IllegalArgumentException(
            "[phantom features] %s has %d frames, wanted are %d"
                .formatted(each.source(), each.length(), motion.frames()));
      }
      Tensor pictures = FlowPictures.of(each, 0, each.length());
      ofFrames.add(frames.ofFrames(pictures));
      ofMotion.add(motion.ofFrames(pictures));
      done.accept(i + 1);
    }
    FeatureRows clips = FeatureRows.of(name, ofFrames);
    return new Features(clips.cut(motion.frames()), FeatureRows.of(name, ofMotion), clips);
  }
}
