package medsora.metric.phantom;

import engine.io.SafeTensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import medsora.dino.DinoExtractor;
import medsora.dino.Vit;
import nn.io.Weights;

/**
 * The networks that come with the program, from its jar: vision transformers that learned without
 * labels from the frames and the exact flow of the embedded phantom ({@link FeatureTraining}).
 * Distances by them are FD-phantom-frames and FD-phantom-motion, and compare with nothing else.
 */
public final class PhantomFeatures {
  /** File of the network of frames. */
  public static final String FRAMES = "phantom-frames.safetensors";

  /** File of the network of motion. */
  public static final String MOTION = "phantom-motion.safetensors";

  private PhantomFeatures() {}

  /** The features of clips of so many frames, each frame by itself. */
  public static FrameFeatures frames(int length) {
    return new FrameFeatures(network(FRAMES), length);
  }

  /** The features of how clips of so many frames move. */
  public static MotionFeatures motion(int length) {
    return new MotionFeatures(network(MOTION), length);
  }

  /**
   * A network as it lies in the jar.
   *
   * @param name {@link #FRAMES} or {@link #MOTION}
   */
  public static Vit network(String name) {
    try (InputStream in = resource(name);
        SafeTensors file = SafeTensors.of(Path.of(name), in.readAllBytes())) {
      file.verify();
      return DinoExtractor.load(file).network();
    } catch (IOException e) {
      throw new UncheckedIOException("[features] the jar's " + name + " cannot be read", e);
    }
  }

  static InputStream resource(String name) {
    InputStream in = PhantomFeatures.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException("[features] the jar lacks " + name);
    }
    return in;
  }

  /** The hash of a network's weights, for whoever quotes a number. */
  static String sha256(Vit network) {
    return Weights.sha256(network.stateDict());
  }
}
