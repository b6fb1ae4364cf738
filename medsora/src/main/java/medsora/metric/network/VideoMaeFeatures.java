package medsora.metric.network;

import static engine.op.elementwise.Elementwise.scale;

import engine.autodiff.Tape;
import engine.io.TensorSource;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import medsora.metric.resample.Bilinear;
import nn.Entry;
import nn.Module;
import nn.Outline;
import nn.io.Weights;

/**
 * The features of the content-debiased FVD: {@link VideoMae} ViT-g of clips resized to 224x224, in
 * 0..1 and not normalised. Its weights stay in the file, which remains open: of 4 GB a block of 100
 * MB is read at a time, once for all clips of a call, so that calls with several clips pay.
 */
public final class VideoMaeFeatures implements FeatureNetwork, AutoCloseable {
  private static final float WHITE = 255;
  private static final String KNOWN = "patch_embed.proj.weight";

  private final TensorSource file;
  private final VideoMae network;

  /** The one block that has memory; it is filled with one after another. */
  private final VideoMaeBlock block;

  private VideoMaeFeatures(TensorSource file, VideoMae network) {
    this.file = file;
    this.network = network;
    this.block = new VideoMaeBlock(network.config());
    block.setTrainable(false);
  }

  /**
   * Opens the published weights (vit_g_hybrid_pt_1200e_ssv2_ft.pth); the classifier is not looked
   * at.
   *
   * @throws IOException listing names that are missing or unexpected, or naming a tensor of what is
   *     no number
   */
  public static VideoMaeFeatures open(Path weights) throws IOException {
    return open(weights, VideoMaeConfig.GIANT);
  }

  /** The same in another size. */
  static VideoMaeFeatures open(Path weights, VideoMaeConfig config) throws IOException {
    TensorSource opened = TensorSource.open(weights);
    try {
      VideoMae outline = Outline.of(() -> new VideoMae(config));
      outline.setTrainable(false);
      Naming names = Naming.own(KNOWN, name -> name.startsWith("head."));
      TensorSource named = PublishedWeights.named("VideoMAE", opened, outline, List.of(names));
      Weights.check(named, "", outline, Weights.Reading.WHOLE);
      for (Map.Entry<String, Entry> e : outline.stateDict().entrySet()) {
        if (!e.getKey().startsWith("blocks.")) {
          e.getValue().write(finite(named, e.getKey()));
        }
      }
      return new VideoMaeFeatures(named, outline);
    } catch (IOException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public String name() {
    VideoMaeConfig c = network.config();
    return "VideoMAE-v2 ViT (width %d, %d blocks) mean token, %d x %d by half-pixel bilinear, 0..1"
        .formatted(c.width(), c.depth(), c.height(), c.wide());
  }

  @Override
  public int dimensions() {
    return network.config().width();
  }

  @Override
  public int frames() {
    return VideoMaeConfig.FRAMES;
  }

  /**
   * As declared.
   *
   * @throws UncheckedIOException if a weight is no number
   * @throws IllegalStateException if this is closed
   */
  @Override
  public Tensor features(Tensor bytes) {
    Batches.require("videomae", bytes, frames(), frames());
    List<Tensor> clips = new ArrayList<>();
    float[] values = bytes.toArray();
    int n = bytes.dim(0);
    for (int i = 0; i < n; i++) {
      int each = values.length / n;
      float[] one = Arrays.copyOfRange(values, i * each, (i + 1) * each);
      Tensor clip = Tensor.of(bytes.shape().with(0, 1), one);
      clips.add(kept(() -> network.tokens(prepared(clip))));
    }
    for (int i = 0; i < network.config().depth() && n > 0; i++) {
      fill("blocks." + i + ".", block);
      clips.replaceAll(x -> kept(() -> block.forward(x)));
    }
    float[] all = new float[n * dimensions()];
    for (int i = 0; i < n; i++) {
      Tensor x = clips.get(i);
      float[] row = kept(() -> network.pooled(x)).toArray();
      System.arraycopy(row, 0, all, i * dimensions(), row.length);
    }
    return Tensor.of(Shape.of(n, dimensions()), all);
  }

  private void fill(String prefix, Module module) {
    try {
      for (Map.Entry<String, Entry> e : module.stateDict().entrySet()) {
        e.getValue().write(finite(file, prefix + e.getKey()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] finite(TensorSource file, String name) throws IOException {
    float[] values = file.floats(name);
    for (float v : values) {
      if (!Float.isFinite(v)) {
        throw new IOException(
            "[videomae] %s: '%s' holds values that are infinite or no numbers; take another file"
                .formatted(file.path(), name));
      }
    }
    return values;
  }

  /** One clip's result, in memory of its own: others come between it and its use. */
  private static Tensor kept(Supplier<Tensor> pass) {
    try (Tape scope = Tape.noGrad()) {
      Tensor y = pass.get();
      return Tensor.of(y.shape(), y.toArray());
    }
  }

  /** What the network sees of bytes [n,3,16,h,w]: [n,3,16,224,224] in 0..1. */
  public Tensor prepared(Tensor bytes) {
    VideoMaeConfig c = network.config();
    return prepared(bytes, c.height(), c.wide());
  }

  /** The same in frames of another size: bytes [n,3,16,h,w] to [n,3,16,height,width]. */
  public static Tensor prepared(Tensor bytes, int height, int width) {
    return Bilinear.torch(scale(bytes, 1 / WHITE), height, width);
  }

  /** Lets go of the file. */
  @Override
  public void close() {
    file.close();
  }
}
