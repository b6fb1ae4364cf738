package engine.numeric;

/**
 * The version and the constants of the rules that fix every bit (docs/numerics.md). Checkpoints and
 * manifests carry the version; results of equal versions are comparable bit for bit. The constants
 * stand nowhere else: kernels in Java name them, and those in OpenCL get them when they are built.
 */
public final class NumericContract {
  public static final int VERSION = 5;

  /** Operands of one chain of fused multiply-adds (N1); the sums of segments are added after. */
  public static final int SEGMENT = 512;

  /** Neighbouring elements of one partial sum (N5). */
  public static final int SUM_BLOCK = 4096;

  /** Logical lanes of such a block, joined by a tree (N5). */
  public static final int SUM_LANES = 16;

  /** Elements that lie apart of one partial sum (N5). */
  public static final int SUM_CHAIN = 512;

  private NumericContract() {}
}
