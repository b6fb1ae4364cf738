package medsora.baseline.lvdm;

import engine.autodiff.Recompute;
import engine.autodiff.Tape;
import engine.tensor.Tensor;
import medsora.vae.StageWatcher;

/**
 * A pass of the autoencoder.
 *
 * @param watcher is shown the stages
 * @param recompute whether residual blocks are run again in backward, which saves memory
 */
record VolumePass(StageWatcher watcher, boolean recompute) {
  /** A block on an h that nobody reads afterwards. */
  Tensor consume(Tensor h, VolumeBlock block) {
    return recompute
        ? Recompute.checkpoint(in -> block.forward(in.getFirst()), h)
        : Tape.consume(h, block::forward);
  }
}
