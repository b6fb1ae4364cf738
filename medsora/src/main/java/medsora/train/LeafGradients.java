package medsora.train;

import engine.tensor.Tensor;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import nn.Module;
import nn.Parameter;

/**
 * The gradients of one leaf on their way to the reducer: each of the parameters once, by the loss
 * that trains it; zero where no loss reaches one.
 */
final class LeafGradients {
  private final String stage;
  private final TrainState state;
  private final Reducer reducer;
  private final int leaf;
  private final BitSet given = new BitSet();

  LeafGradients(String stage, TrainState state, Reducer reducer, int leaf) {
    this.stage = stage;
    this.state = state;
    this.reducer = reducer;
    this.leaf = leaf;
  }

  /**
   * Takes the gradients of a loss.
   *
   * @param modules whose parameters follow it; none for all
   */
  BiConsumer<Tensor, Tensor> over(List<Module> modules) {
    Set<Tensor> followers = Collections.newSetFromMap(new IdentityHashMap<>());
    modules.stream()
        .flatMap(m -> m.trainable().stream())
        .map(Parameter::value)
        .forEach(followers::add);
    return (parameter, gradient) -> {
      int number = state.number(parameter);
      if (number >= 0 && (modules.isEmpty() || followers.contains(parameter))) {
        give(number, gradient);
      }
    };
  }

  private void give(int number, Tensor gradient) {
    if (given.get(number)) {
      throw new IllegalStateException(
          "[train] two losses of %s train the same parameter %s"
              .formatted(stage, state.parameter(number)));
    }
    given.set(number);
    reducer.add(leaf, number, gradient);
  }

  /** Behind the last loss: what none has reached is zero. */
  void addRest() {
    int count = state.shapes().size();
    for (int i = given.nextClearBit(0); i < count; i = given.nextClearBit(i)) {
      give(i, state.zeroGradient(i));
    }
  }
}
