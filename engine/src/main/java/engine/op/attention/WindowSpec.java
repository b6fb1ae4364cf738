package engine.op.attention;

import engine.kernel.AttentionArgs;

/**
 * Which tokens of a sequence a token attends to, and in how many heads. Both forms of the model's
 * local attention: {@link Sliding} is the paper's, Eq. 6, {@link Bucketed} that of the released
 * code.
 */
public sealed interface WindowSpec {
  int heads();

  /**
   * Slots of a row in tables of weights [batch, heads, length, slots], such as a dropout mask: slot
   * r of token i is token i + r - {@link #back}.
   */
  default int slots() {
    return back() + forward() + 1;
  }

  /** How many tokens back the farthest visible one lies. */
  int back();

  /** How many tokens ahead the farthest visible one lies. */
  int forward();

  /** The kernel's view of sequences [batch, length, heads * dim]. */
  AttentionArgs args(int batch, int length, int dim);

  /**
   * Paper, Eq. 6 and 7: token i attends to all j with |i - j| <= floor(window / 2) inside the
   * sequence; no position embedding; scores q k / sqrt(dim).
   */
  record Sliding(int heads, int window) implements WindowSpec {
    public Sliding {
      WindowSpec.positive("heads", heads);
      WindowSpec.positive("window", window);
    }

    @Override
    public int back() {
      return window / 2;
    }

    @Override
    public int forward() {
      return window / 2;
    }

    @Override
    public AttentionArgs args(int batch, int length, int dim) {
      // One bucket that holds the whole sequence.
      return new AttentionArgs(
          batch, length, heads, dim, back(), forward(), Math.max(1, length), 0, 0, 1);
    }
  }

  /**
   * The released code (local-attention 1.9.15, non-causal, with rotary embedding): the sequence is
   * cut into windows; a token sees its own, {@code lookBackward} windows before and {@code
   * lookForward} after it, with {@code exact} only as far as window * lookBackward tokens back and
   * window * lookForward ahead. q is scaled by 1/sqrt(dim), then rotated to position window *
   * (lookBackward + lookForward) + i mod window, whichever its window: the last positions of the
   * keys' range, where the first would match the keys only if lookForward were 0. Key j, seen from
   * window c, is rotated to position j - window * c + window * lookBackward. The length must be a
   * multiple of the window.
   */
  record Bucketed(int heads, int window, int lookBackward, int lookForward, boolean exact)
      implements WindowSpec {
    public Bucketed {
      WindowSpec.positive("heads", heads);
      WindowSpec.positive("window", window);
      WindowSpec.positive("lookBackward + 1", lookBackward + 1);
      WindowSpec.positive("lookForward + 1", lookForward + 1);
    }

    /** What the released model uses: one head, windows of 8, one back, one ahead, exact. */
    public static final Bucketed REFERENCE = new Bucketed(1, 8, 1, 1, true);

    /** Windows that a token looks at, and versions of every key. */
    public int windows() {
      return lookBackward + 1 + lookForward;
    }

    /** Positions of the rotary embedding. */
    public int positions() {
      return window * windows();
    }

    @Override
    public int back() {
      return window * lookBackward + (exact ? 0 : window - 1);
    }

    @Override
    public int forward() {
      return window * lookForward + (exact ? 0 : window - 1);
    }

    @Override
    public AttentionArgs args(int batch, int length, int dim) {
      return new AttentionArgs(
          batch,
          length,
          heads,
          dim,
          back(),
          forward(),
          window,
          lookBackward,
          lookForward,
          windows());
    }
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "[windowedAttention] " + name + " must be at least 1, got " + value);
    }
  }
}
