package nn.optim;

import engine.kernel.Backends;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins the gradients of micro-batches by a balanced binary tree over the micro-batch index
 * (numeric contract N4): ((0+1)+(2+3))+... The shape of the tree depends on the count alone, so it
 * does not matter who computed which micro-batch. At most log2(M) + 1 sets of gradients are alive.
 */
public final class GradientTree {
  private record Partial(List<Tensor> gradients, int leaves) {}

  private final List<Partial> stack = new ArrayList<>();

  /** Adds the gradients of the next micro-batch, parameter by parameter; takes them over. */
  public void add(List<Tensor> gradients) {
    stack.add(new Partial(gradients, 1));
    while (stack.size() > 1 && top(0).leaves() == top(1).leaves()) {
      joinTop();
    }
  }

  private Partial top(int below) {
    return stack.get(stack.size() - 1 - below);
  }

  private void joinTop() {
    Partial right = stack.removeLast();
    Partial left = stack.removeLast();
    for (int i = 0; i < left.gradients().size(); i++) {
      Tensor into = left.gradients().get(i);
      Tensor from = right.gradients().get(i);
      Backends.current().elementwise().addInto(into.storage(), from.storage(), into.size());
      from.storage().release();
    }
    stack.add(new Partial(left.gradients(), left.leaves() + right.leaves()));
  }

  /** The sum over all micro-batches; the tree is empty afterwards. */
  public List<Tensor> sum() {
    if (stack.isEmpty()) {
      throw new IllegalStateException("[gradients] no micro-batch was added");
    }
    while (stack.size() > 1) {
      joinTop();
    }
    return stack.removeLast().gradients();
  }
}
