package medsora.metric.network;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The parts of a network, one behind the other, under their published names. */
final class Stages {
  private record Stage(String name, UnaryOperator<Tensor> step) {}

  private final List<Stage> stages = new ArrayList<>();

  void add(String name, UnaryOperator<Tensor> step) {
    stages.add(new Stage(name, step));
  }

  /**
   * What the last part gives. The memory of what lies between goes back as soon as the next part
   * and the observer are done with it.
   */
  Tensor run(Tensor input, Observer observer) {
    Tensor x = input;
    for (Stage stage : stages) {
      x = x == input ? Tape.scoped(() -> stage.step.apply(input)) : Tape.consume(x, stage.step);
      observer.see(stage.name, x);
    }
    return x;
  }
}
