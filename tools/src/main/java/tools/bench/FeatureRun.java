package tools.bench;

import engine.tensor.Tensor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import medsora.cost.Counted;
import medsora.metric.network.I3d;
import medsora.metric.network.Inception;
import medsora.metric.network.Observer;
import nn.Module;
import nn.Outline;

/** A network of the evaluation metrics on what it is made for. */
record FeatureRun(Network network) implements Operation {
  /** Which network, and its input. */
  enum Network {
    /** FVD's: a clip. */
    I3D(() -> new I3d(I3d.EPS), 1, 3, 16, 224, 224) {
      @Override
      UnaryOperator<Tensor> pass(Module module) {
        return ((I3d) module)::forward;
      }
    },
    /** FID's: a picture. */
    INCEPTION(Inception::new, 1, 3, Inception.SIDE, Inception.SIDE) {
      @Override
      UnaryOperator<Tensor> pass(Module module) {
        Inception inception = (Inception) module;
        return x -> inception.forward(x, Observer.NONE);
      }
    };

    private final Supplier<Module> make;
    private final int[] input;

    Network(Supplier<Module> make, int... input) {
      this.make = make;
      this.input = input;
    }

    abstract UnaryOperator<Tensor> pass(Module module);
  }

  @Override
  public Work work() {
    Module outline = Outline.of(network.make);
    UnaryOperator<Tensor> pass = network.pass(outline);
    Tensor x = Counted.tensor(network.input);
    long products = Counted.multiplyAdds(outline, () -> seen(pass, x));
    return Work.products(products, outline.parameterCount());
  }

  private static Tensor seen(UnaryOperator<Tensor> pass, Tensor x) {
    return pass.apply(x);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Module module = network.make.get();
    module.initialize(1);
    module.setTrainable(false);
    UnaryOperator<Tensor> pass = network.pass(module);
    Tensor x = tensors.of(network.input);
    return Task.forward(() -> pass.apply(x));
  }
}
