package tools.bench;

import engine.kernel.AttentionArgs;
import engine.op.attention.Attention;
import engine.op.attention.WindowSpec;
import engine.tensor.Tensor;

/**
 * Attention of [batch, length, heads dim] in a sliding window: for each pair of a query and a key
 * that it sees, dim multiply-adds for the score and dim for the weighted sum; backward twice that.
 */
public record WindowAttention(Pass pass, int batch, int length, int dim, WindowSpec.Sliding window)
    implements Operation {
  @Override
  public Work work() {
    AttentionArgs a = window.args(batch, length, dim);
    long pairs = 0;
    for (int i = 0; i < length; i++) {
      pairs += a.endKey(i) - a.firstKey(i);
    }
    long products = 2 * pairs * batch * window.heads() * dim;
    long floats = (long) batch * length * a.width();
    // Forward: q, k, v and y. Backward: these inputs, gradOutput, and three gradients.
    return pass == Pass.FORWARD
        ? new Work(products, 4 * 4 * floats, Unit.BYTES)
        : new Work(2 * products, 4 * 7 * floats, Unit.BYTES);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    int width = window.heads() * dim;
    Tensor q = pass.input(tensors.of(batch, length, width));
    Tensor k = pass.input(tensors.of(batch, length, width));
    Tensor v = pass.input(tensors.of(batch, length, width));
    return Task.of(pass, tensors, () -> Attention.windowed(q, k, v, window));
  }
}
