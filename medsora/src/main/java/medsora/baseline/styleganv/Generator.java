package medsora.baseline.styleganv;

import nn.Module;
import org.jspecify.annotations.Nullable;

/** The whole generator, under the names of the published state dicts. */
public final class Generator extends Module {
  private final GeneratorConfig config;
  private final Synthesis synthesis;
  private final Mapping mapping;

  /** StyleGAN-V's. */
  public Generator(GeneratorConfig config) {
    this(config, null);
  }

  /**
   * One whose layers may listen to words.
   *
   * @param words what MoStGAN-V adds, or null
   */
  public Generator(GeneratorConfig config, @Nullable MotionWords words) {
    this.config = config;
    this.synthesis = child("synthesis", new Synthesis(config, words));
    this.mapping = child("mapping", new Mapping(config));
  }

  public GeneratorConfig config() {
    return config;
  }

  /** z -> w. */
  public Mapping mapping() {
    return mapping;
  }

  /** w and times -> frames. */
  public Synthesis synthesis() {
    return synthesis;
  }
}
