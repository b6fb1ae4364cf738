package medsora.baseline.styleganv;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import nn.Module;
import org.jspecify.annotations.Nullable;

/** Codes -> frames: the skip generator of StyleGAN2 without noise, frame by frame. */
public final class Synthesis extends Module {
  private final MotionEncoder motion;
  private final @Nullable MotionWords words;
  private final List<SynthesisBlock> blocks = new ArrayList<>();

  /**
   * @param words what MoStGAN-V adds, or null
   */
  Synthesis(GeneratorConfig config, @Nullable MotionWords words) {
    this.motion = child("motion_encoder", new MotionEncoder(config.motion()));
    this.words = words == null ? null : child("", words);
    for (int i = 0; i < config.channels().size(); i++) {
      String name = "b" + GeneratorConfig.side(i);
      blocks.add(child(name, new SynthesisBlock(config, i, words)));
    }
  }

  /** How times become codes. */
  public MotionEncoder motion() {
    return motion;
  }

  /**
   * Frames of one clip or of several.
   *
   * @param w [N, w], the content code of each frame's clip
   * @param v [N, v], the code of its time
   * @return [N, 3, side, side], about -1 to 1
   */
  public Tensor forward(Tensor w, Tensor v, Watch watch) {
    Tensor spoken = words == null ? null : words.words(w, v);
    if (spoken != null) {
      watch.see("words", spoken);
    }
    Codes codes = new Codes(w, spoken, watch);
    Tensor x = v;
    Tensor picture = null;
    for (SynthesisBlock block : blocks) {
      x = block.forward(x, codes);
      picture = block.picture(x, picture, codes);
    }
    if (picture == null) {
      throw new IllegalStateException("[styleganv] no block");
    }
    watch.see("img", picture);
    return picture;
  }
}
