package medsora.baseline.endora;

import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;
import static engine.op.reduce.Reduce.mean;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.align.FrozenNetworks;
import medsora.align.Guidance;
import medsora.diffusion.NoisePredictor;
import medsora.media.Clip;
import nn.Module;
import nn.layer.Conv2d;
import org.jspecify.annotations.Nullable;

/** {@link FeaturePrior} in training: DINO sees every frame of the video and every image. */
final class EndoraGuidance implements Guidance {
  private static final String LAYER = "layer";

  private final EndoraConfig config;
  private final FrozenNetworks networks;
  private final FeaturePrior prior;
  private final int frames;

  /**
   * @param network with images, whose convolution the prior trains
   * @param frames of a clip that are encoded
   * @throws IllegalArgumentException where DINO has too few layers, or the network no convolution
   */
  EndoraGuidance(Endora network, FrozenNetworks networks, int frames) {
    this.config = network.config();
    this.networks = networks;
    this.frames = frames;
    Conv2d target = network.target();
    if (target == null) {
      throw new IllegalArgumentException(
          "[endora] the prior is of the network with images: set denoiser.frames above"
              + " denoiser.videoFrames, or train without --features");
    }
    for (int layer : config.prior().layers()) {
      if (layer >= networks.layers()) {
        throw new IllegalArgumentException(
            "[endora] denoiser.prior.layers names layer %d, the feature network has %d"
                .formatted(layer, networks.layers()));
      }
    }
    this.prior = new FeaturePrior(target);
  }

  @Override
  public String identity() {
    return "frames in -1..1, layers %s, networks %s"
        .formatted(config.prior().layers(), networks.identity());
  }

  @Override
  public int frames() {
    return frames;
  }

  @Override
  public boolean seesImages() {
    return true;
  }

  /** Features of the frames as they are, in [-1, 1], without mean and deviation of ImageNet. */
  @Override
  public Map<String, Tensor> targets(Clip clip) {
    try (Tape scope = Tape.noGrad()) {
      Shape s = clip.tensor().shape();
      Tensor frame = permute(clip.tensor(), 0, 2, 1, 3, 4);
      Tensor pictures = reshape(frame, s.dim(2), s.dim(1), s.dim(3), s.dim(4));
      List<Tensor> features = networks.extractor().features(pictures);
      Map<String, Tensor> out = new LinkedHashMap<>();
      for (int layer : config.prior().layers()) {
        Tensor f = features.get(layer);
        out.put(LAYER + out.size(), Tensor.of(f.shape(), f.toArray()));
      }
      return out;
    }
  }

  @Override
  public Terms of(NoisePredictor.Output output, List<Tensor> targets, int[] t) {
    List<Tensor> spatial = output.hidden(NoisePredictor.SPATIAL);
    List<Integer> pairs = config.prior().pairs();
    List<Tensor> blocks = new ArrayList<>();
    pairs.forEach(pair -> blocks.add(spatial.get(pair)));
    ShapeException.require(
        targets.size() == 2 * pairs.size(),
        "prior",
        "wants features of video and images for %d pairs, got %d",
        pairs.size(),
        targets.size());
    FeaturePrior.Terms terms = prior.of(targets, blocks, config.frames());
    Map<String, Tensor> parts = new LinkedHashMap<>();
    parts.put("prior", terms.loss());
    int rows = terms.correlations().dim(0) / pairs.size();
    for (int i = 0; i < pairs.size(); i++) {
      Tensor r = mean(slice(terms.correlations(), 0, i * rows, (i + 1) * rows));
      parts.put("correlation_" + pairs.get(i), r);
    }
    return new Terms(terms.loss(), parts);
  }

  @Override
  public double weight() {
    return config.prior().weight();
  }

  /** Nothing: the convolution is the network's. */
  @Override
  public @Nullable Module learned() {
    return null;
  }
}
