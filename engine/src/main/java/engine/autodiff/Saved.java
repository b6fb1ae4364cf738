package engine.autodiff;

import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one recorded use of an op remembers for its gradient. */
public final class Saved {
  private List<Tensor> inputs;
  private final boolean[] needs;
  private final List<Tensor> kept = new ArrayList<>();
  private @Nullable Tensor output;

  Saved(List<Tensor> inputs, boolean[] needs) {
    this.inputs = inputs;
    this.needs = needs;
  }

  /** Whether the gradient of input i is wanted by anyone. */
  public boolean needs(int i) {
    return needs[i];
  }

  /** Whether any gradient is wanted, so that it is worth keeping intermediate values. */
  public boolean needsAny() {
    for (boolean need : needs) {
      if (need) {
        return true;
      }
    }
    return false;
  }

  public Tensor input(int i) {
    return inputs.get(i);
  }

  public int inputCount() {
    return inputs.size();
  }

  public Tensor output() {
    return Objects.requireNonNull(output, "before forward has ended there is no output");
  }

  /** Remembers an intermediate value (a mean, a mask); values come back in order of keeping. */
  public void keep(Tensor value) {
    kept.add(value);
  }

  public Tensor kept(int i) {
    return kept.get(i);
  }

  /** Keeps what the op reads in backward; of the rest only the shapes. */
  void retain(Op op, Tensor result) {
    output = op.readsOutput() ? result : result.shapeOnly();
    List<Tensor> retained = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      retained.add(op.readsInput(i, this) ? input : input.shapeOnly());
    }
    inputs = retained;
  }

  List<Tensor> kept() {
    return kept;
  }

  /** The storages of all values remembered here, each once for every value. */
  List<Storage> storages() {
    List<Storage> all = new ArrayList<>();
    inputs.forEach(t -> all.add(t.storage()));
    kept.forEach(t -> all.add(t.storage()));
    all.add(output().storage());
    return all;
  }

  /** Whether a storage belongs to a value remembered here. */
  boolean uses(Storage storage) {
    return storages().contains(storage);
  }
}
