package medsora.metric.network;

import engine.io.TensorSource;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import medsora.metric.resample.Loaders;
import nn.Outline;

/** The features of frame consistency: {@link Clip}'s embeddings of pictures, not of length 1. */
public final class ClipFeatures implements FeatureNetwork {
  private static final int TOGETHER = 16;

  private final Clip network;

  /**
   * @param network with its weights
   */
  public ClipFeatures(Clip network) {
    this.network = network;
  }

  /**
   * Reads ViT-B/32 or ViT-L/14, whichever the file holds, under OpenAI's or Hugging Face's names;
   * 16-bit weights are widened.
   *
   * @throws IOException listing names that are missing or unexpected
   */
  public static ClipFeatures load(Path weights) throws IOException {
    Clip network = new Clip(config(weights));
    PublishedWeights.load("CLIP", weights, network, ClipNames.all());
    return new ClipFeatures(network);
  }

  /** The published size whose patches the file has. */
  private static ClipConfig config(Path weights) throws IOException {
    Clip outline = Outline.of(() -> new Clip(ClipConfig.B32));
    try (TensorSource file = TensorSource.open(weights)) {
      TensorSource named = PublishedWeights.named("CLIP", file, outline, ClipNames.all());
      String patches = "conv1.weight";
      long side =
          named.contains(patches) ? named.shape(patches)[named.shape(patches).length - 1] : 0;
      for (ClipConfig config : List.of(ClipConfig.B32, ClipConfig.L14)) {
        if (config.patch() == side) {
          return config;
        }
      }
      throw new IOException(
          "[clip] %s: patches of %d pixels; known are ViT-B/32 and ViT-L/14"
              .formatted(weights, side));
    }
  }

  @Override
  public String name() {
    ClipConfig c = network.config();
    return "CLIP %s/%d embedding, Pillow bicubic %d"
        .formatted(c.equals(ClipConfig.L14) ? "ViT-L" : "ViT-B", c.patch(), c.side());
  }

  @Override
  public int dimensions() {
    return network.config().output();
  }

  @Override
  public int frames() {
    return 1;
  }

  /**
   * As declared.
   *
   * @throws IllegalArgumentException for numbers that are no bytes
   */
  @Override
  public Tensor features(Tensor bytes) {
    Batches.require("clip", bytes, 1, 1);
    return Batches.map(
        Batches.pictures(bytes),
        TOGETHER,
        dimensions(),
        pictures -> network.forward(prepared(pictures), Observer.NONE));
  }

  /** What the network sees of bytes [n,3,h,w]: [n,3,side,side]. */
  public Tensor prepared(Tensor bytes) {
    return Loaders.clip(bytes, network.config().side());
  }
}
