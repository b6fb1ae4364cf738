package engine.op.conv;

import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.kernel.Unary;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The gradients of a convolution of x and a weight with a bias or none, those that are needed. */
final class ConvGradients {
  private ConvGradients() {}

  /** Writes all of one gradient. */
  interface Kernel {
    void write(Tensor x, Tensor weight, Storage gradient);
  }

  /**
   * @param g the gradient of the result [N,Co,T',H',W']
   * @return those of x, of the weight and of the bias, if there is one
   */
  static List<Tensor> of(Kernels k, Saved saved, Tensor g, Kernel ofInput, Kernel ofWeight) {
    Tensor[] gradients = new Tensor[saved.inputCount()];
    List<Kernel> kernels = List.of(ofInput, ofWeight);
    for (int i = 0; i < kernels.size(); i++) {
      if (saved.needs(i)) {
        Shape shape = saved.input(i).shape();
        gradients[i] = new Tensor(shape, k.allocate(shape.size()));
        kernels.get(i).write(saved.input(0), saved.input(1), gradients[i].storage());
      }
    }
    if (gradients.length > 2 && saved.needs(2)) {
      gradients[2] = ofBias(k, g);
    }
    return Arrays.asList(gradients);
  }

  /** Per (n, co) the sum over the positions, then per co over n, each in the order of N5. */
  private static Tensor ofBias(Kernels k, Tensor g) {
    int n = g.dim(0);
    int co = g.dim(1);
    Storage planes = k.allocate(n * co);
    k.reduce().sum(new ReduceArgs(n * co, g.shape().size(2, 5), 1), g.storage(), planes);
    Tensor gradient = new Tensor(Shape.of(co), k.allocate(co));
    k.reduce().sum(new ReduceArgs(1, n, co), planes, gradient.storage());
    planes.release();
    return gradient;
  }

  /**
   * Those of a convolution whose result went through ReLU.
   *
   * @param g the gradient of what ReLU gave, which is the saved output
   * @param gradients those of the convolution, given the gradient of its own result
   */
  static List<Tensor> throughRelu(
      Kernels k, Saved saved, Tensor g, Function<Tensor, List<Tensor>> gradients) {
    Storage y = saved.output().storage();
    Tensor before = new Tensor(g.shape(), k.allocate(g.size()));
    k.elementwise().unaryGrad(Unary.RELU, y, y, g.storage(), before.storage(), g.size());
    List<Tensor> all = gradients.apply(before);
    before.storage().release();
    return all;
  }
}
