package medsora.metric.protocol;

import engine.autodiff.Tape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import medsora.media.Clip;
import medsora.metric.network.FeatureNetwork;

/** Who computes the features of clips: this process, or several. No feature depends on it. */
public interface FeaturesOfClips {
  /** This process, one clip after the other. */
  FeaturesOfClips HERE =
      new FeaturesOfClips() {
        @Override
        public int atOnce() {
          return 1;
        }

        @Override
        public List<float[]> of(FeatureNetwork network, List<Clip> clips) {
          List<float[]> features = new ArrayList<>();
          clips.forEach(clip -> features.add(here(network, clip)));
          return features;
        }
      };

  /** How many clips are best given at once. */
  int atOnce();

  /**
   * The features of some clips, at most {@link #atOnce}, in their order.
   *
   * @throws IOException where somebody who computes cannot be reached
   */
  List<float[]> of(FeatureNetwork network, List<Clip> clips) throws IOException;

  /** The features of a clip, computed here. */
  static float[] here(FeatureNetwork network, Clip clip) {
    if (clip.length() != network.frames()) {
      throw new IllegalArgumentException(
          "[features] %s wants clips of %d frames, %s has %d"
              .formatted(network.name(), network.frames(), clip.source(), clip.length()));
    }
    float[] features;
    try (Tape scope = Tape.noGrad()) {
      features = network.features(Extraction.bytes(clip)).toArray();
    }
    if (features.length != network.dimensions()) {
      throw new IllegalStateException(
          "[features] %s gave %d features of %s, and says %d"
              .formatted(network.name(), features.length, clip.source(), network.dimensions()));
    }
    return features;
  }
}
