package medsora.cost;

import engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What the forward passes of one module cost, in multiply-adds.
 *
 * @param products of convolutions and linear layers: output elements times inputs of each
 * @param scan of causal depthwise convolutions and of state-space scans
 * @param attention of scores and of weighted sums
 * @param calls how often a convolution or linear layer ran
 * @param output the shape of its last result, null if none
 */
public record Cost(long products, long scan, long attention, int calls, @Nullable Shape output) {
  /** Of work without multiply-adds. */
  public static final Cost NONE = new Cost(0, 0, 0, 0, null);

  /** One convolution or linear layer. */
  public static Cost ofProducts(long products, Shape output) {
    return new Cost(products, 0, 0, 1, output);
  }

  static Cost ofScan(long scan) {
    return new Cost(0, scan, 0, 0, null);
  }

  static Cost ofAttention(long attention) {
    return new Cost(0, 0, attention, 0, null);
  }

  /** Both; the output is that of {@code o} where it has one. */
  public Cost plus(Cost o) {
    return new Cost(
        products + o.products,
        scan + o.scan,
        attention + o.attention,
        calls + o.calls,
        o.output == null ? output : o.output);
  }

  /** All multiply-adds. */
  public long total() {
    return products + scan + attention;
  }
}
