package medsora.vae;

import nn.Mode;
import nn.Module;

/**
 * An autoencoder to which nothing is added: all of it learns or none, its stages can be watched,
 * and training may run parts of it again in backward.
 *
 * @param <C> its sizes
 */
public abstract class PlainAutoencoder<C extends AutoencoderConfig> extends Module
    implements ClipAutoencoder {
  private final C config;
  private StageWatcher watcher = StageWatcher.NONE;
  private boolean recompute;

  protected PlainAutoencoder(C config) {
    this.config = config;
  }

  @Override
  public final C config() {
    return config;
  }

  @Override
  public final Module module() {
    return this;
  }

  /** All learn: nothing is added to a pretrained one. */
  @Override
  public final void setTrained(boolean everything) {
    setTrainable(everything);
  }

  @Override
  public final void setRecompute(boolean on) {
    this.recompute = on;
  }

  /** Shows every stage's output to a watcher from now on. */
  public final void watch(StageWatcher other) {
    this.watcher = other;
  }

  /** Who is shown the stages. */
  protected final StageWatcher watcher() {
    return watcher;
  }

  /** Whether parts are run again in backward. */
  protected final boolean recomputes(Mode mode) {
    return recompute && mode.isTraining();
  }
}
