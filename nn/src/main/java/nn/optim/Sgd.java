package nn.optim;

import engine.kernel.Backends;
import engine.kernel.ElementwiseKernels;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Stochastic gradient descent with momentum (PyTorch: SGD without damping): v = m v + g, p = p -
 * rate v; v begins at 0.
 */
public final class Sgd {
  private final double momentum;
  private final List<Tensor> parameters;
  private final List<Tensor> velocities = new ArrayList<>();
  private final List<Tensor> spare = new ArrayList<>();

  /**
   * An optimiser that has done no step.
   *
   * @param parameters of any shapes; their storages are written by every step
   * @param momentum m, from 0 to less than 1
   */
  public Sgd(List<Tensor> parameters, double momentum) {
    this.parameters = List.copyOf(parameters);
    this.momentum = momentum;
    for (Tensor p : parameters) {
      velocities.add(Tensor.zeros(p.shape()));
      spare.add(Tensor.zeros(p.shape()));
    }
  }

  /**
   * One step.
   *
   * @param gradients one per parameter, in their order, each of the shape of its parameter
   */
  public void step(List<Tensor> gradients, double learningRate) {
    ElementwiseKernels k = Backends.current().elementwise();
    for (int i = 0; i < parameters.size(); i++) {
      Tensor p = parameters.get(i);
      Shape shape = gradients.get(i).shape();
      if (!shape.equals(p.shape())) {
        throw new IllegalArgumentException(
            "[sgd] gradient " + i + " is " + shape + ", its parameter " + p.shape());
      }
      Tensor old = velocities.get(i);
      Tensor next = spare.get(i);
      k.affine(old.storage(), (float) momentum, 0f, next.storage(), p.size());
      k.addInto(next.storage(), gradients.get(i).storage(), p.size());
      k.affine(next.storage(), (float) -learningRate, 0f, old.storage(), p.size());
      k.addInto(p.storage(), old.storage(), p.size());
      velocities.set(i, next);
      spare.set(i, old);
    }
  }
}
