package medsora.align;

import static engine.op.elementwise.Elementwise.affine;
import static engine.op.reduce.Reduce.mean;

import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.diffusion.NoisePredictor;
import medsora.media.Clip;
import nn.Module;
import org.jspecify.annotations.Nullable;

/** The alignment with the motion between a clip's frames (paper section 3.2). */
public final class FlowGuidance implements Guidance {
  /** The name of the pictures of flow among the targets. */
  public static final String PICTURES = "pictures";

  private static final String LAYER = "layer";

  private final AlignmentConfig config;
  private final FrozenNetworks networks;
  private final NoisePredictor.Hidden hidden;
  private final AlignmentLoss loss;
  private final AlignmentTargets targets;
  private final int frames;

  /**
   * @param hidden of the denoiser
   * @param frames of a clip that are encoded; the flow wants one more
   */
  public FlowGuidance(
      AlignmentConfig config, FrozenNetworks networks, NoisePredictor.Hidden hidden, int frames) {
    this.config = config;
    this.networks = networks;
    this.hidden = hidden;
    this.frames = frames;
    this.loss = new AlignmentLoss(config, hidden, frames, networks.layers());
    this.targets = new AlignmentTargets(config, networks, loss);
  }

  @Override
  public String identity() {
    return "networks %s, layers %s, colours %s, frames %s, pictures %s, norm %s, sampling %s, %dx%d"
        .formatted(
            networks.identity(),
            loss.layers(),
            config.colours(),
            config.frames(),
            config.pictures(),
            config.layerNorm(),
            config.sampling(),
            hidden.tokens(),
            hidden.width());
  }

  @Override
  public int frames() {
    return frames + 1;
  }

  /** They have no motion. */
  @Override
  public boolean seesImages() {
    return false;
  }

  @Override
  public Map<String, Tensor> targets(Clip clip) {
    Tensor pictures = targets.pictures(clip.values(), clip.width());
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (Tensor layer : targets.of(pictures)) {
      out.put(LAYER + out.size(), layer);
    }
    out.put(PICTURES, pictures);
    return out;
  }

  @Override
  public Terms of(NoisePredictor.Output output, List<Tensor> wanted, int[] t) {
    AlignmentLoss.Terms aligned = loss.of(output, wanted, t);
    Map<String, Tensor> parts = new LinkedHashMap<>();
    parts.put("align", aligned.loss());
    parts.put("align_weighted", aligned.weighted());
    for (int i = 0; i < loss.pairs().size(); i++) {
      Tensor r = mean(aligned.distances().get(i));
      parts.put("correlation_" + loss.pairs().get(i).block(), affine(r, -1f, 1f));
    }
    return new Terms(aligned.loss(), parts);
  }

  @Override
  public double weight() {
    return config.alpha();
  }

  @Override
  public @Nullable Module learned() {
    return loss.sampling().parameters().isEmpty() ? null : loss.sampling();
  }
}
