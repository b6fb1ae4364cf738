package engine.autodiff;

import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gradients of a loss with respect to leaves, by identity of the leaf. */
public final class Gradients {
  private final Map<Tensor, Tensor> byLeaf = new IdentityHashMap<>();
  private final List<Tensor> leaves = new ArrayList<>();

  /** The gradient of one leaf; throws if the loss does not depend on it. */
  public Tensor of(Tensor leaf) {
    Tensor gradient = byLeaf.get(leaf);
    if (gradient == null) {
      throw new IllegalArgumentException(
          "[gradients] the loss does not depend on this leaf: " + leaf);
    }
    return gradient;
  }

  /** The gradient of one leaf, or {@code null} if the loss does not depend on it. */
  public @Nullable Tensor find(Tensor leaf) {
    return byLeaf.get(leaf);
  }

  /** The leaves that have a gradient, in the order in which backward first met them. */
  public List<Tensor> leaves() {
    return Collections.unmodifiableList(leaves);
  }

  public void put(Tensor leaf, Tensor gradient) {
    if (byLeaf.put(leaf, gradient) == null) {
      leaves.add(leaf);
    }
  }
}
