package nn;

import engine.random.RandomKey;

/**
 * How a forward pass runs: evaluation, or training with a source of keys for its random draws. Keys
 * are counted, so the same pass draws the same numbers; a recomputed part takes a {@link #branch}
 * or a {@link #fork} of its own so that its second run counts from the same start.
 */
public final class Mode {
  /** No dropout, running statistics. */
  public static final Mode EVAL = new Mode(false, 0, 0, 0);

  private static final long BRANCH = 1 << 16;

  private final boolean training;
  private final long seed;
  private final long step;
  private long stream;

  private Mode(boolean training, long seed, long step, long stream) {
    this.training = training;
    this.seed = seed;
    this.step = step;
    this.stream = stream;
  }

  /** Training; draws are a function of (seed, step) and of how many came before in the pass. */
  public static Mode training(long seed, long step) {
    return new Mode(true, seed, step, BRANCH);
  }

  public boolean isTraining() {
    return training;
  }

  /** The key of the next random draw of this pass. */
  public RandomKey nextKey() {
    if (!training) {
      throw new IllegalStateException("[mode] evaluation draws no random numbers");
    }
    return new RandomKey(seed, stream++, step);
  }

  /** A mode that counts on by itself from where this one stands, for a part that may run again. */
  public Mode fork() {
    return new Mode(training, seed, step, stream);
  }

  /** Counts on from where a {@link #fork} has come to; nothing new at its second run. */
  public void join(Mode fork) {
    stream = Math.max(stream, fork.stream);
  }

  /** A mode whose keys are counted on their own, distinct from those of every other branch. */
  public Mode branch(int index) {
    return training ? new Mode(true, seed, step, (index + 2) * BRANCH) : this;
  }
}
