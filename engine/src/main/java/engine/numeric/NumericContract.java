package engine.numeric;

/**
 * The version of the rules that fix every bit (docs/numerics.md). Checkpoints and manifests carry
 * it; results of equal versions are comparable bit for bit.
 */
public final class NumericContract {
  public static final int VERSION = 3;

  private NumericContract() {}
}
