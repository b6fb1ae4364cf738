package tools.bench;

import engine.kernel.Backends;
import engine.kernel.Conv3dArgs;
import engine.kernel.InterceptedKernels;
import engine.kernel.Kernels;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.kernel.WinogradArgs;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.cost.Counted;
import medsora.metric.network.I3d;
import medsora.metric.network.Inception;
import medsora.metric.network.Observer;
import nn.Module;
import nn.Outline;

/** A network of the evaluation metrics on what it is made for. */
public record FeatureRun(Network network) implements Operation {
  /** Of the kernels that Winograd's form has. */
  private static final int SIDE = 3;

  /** Which network, and its input. */
  public enum Network {
    /** FVD's: a clip. */
    I3D(1, 3, 16, 224, 224),
    /** FID's: a picture. */
    INCEPTION(1, 3, Inception.SIDE, Inception.SIDE),
    /** The same for as many pictures as FID computes at a time. */
    INCEPTION_8(8, 3, Inception.SIDE, Inception.SIDE);

    private final int[] input;

    Network(int... input) {
      this.input = input;
    }

    private Module make() {
      return this == I3D ? new I3d(I3d.EPS) : new Inception();
    }
  }

  private static Tensor pass(Module module, Tensor x) {
    return switch (module) {
      case I3d i3d -> i3d.forward(x);
      case Inception inception -> inception.forward(x, Observer.NONE);
      default -> throw new IllegalArgumentException(module.getClass().getName());
    };
  }

  /** As evaluate opens it. */
  private static void fix(Module module) {
    switch (module) {
      case I3d i3d -> i3d.fix();
      case Inception inception -> inception.fix();
      default -> throw new IllegalArgumentException(module.getClass().getName());
    }
  }

  @Override
  public Work work() {
    Module outline = Outline.of(network::make);
    Tensor x = Counted.tensor(network.input);
    long products = Counted.multiplyAdds(outline, () -> pass(outline, x));
    return Work.products(products, outline.parameterCount());
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Module module = network.make();
    module.initialize(1);
    module.setTrainable(false);
    fix(module);
    Tensor x = tensors.of(network.input);
    return Task.forward(() -> pass(module, x));
  }

  /** The convolutions of a pass, in their order, which is what a peer runs. */
  public List<Convolution> convolutions() {
    Module outline = Outline.of(network::make);
    Tensor x = Counted.tensor(network.input);
    List<Convolution> all = new ArrayList<>();
    Counted.run(
        outline,
        () -> {
          Kernels counting = Backends.current();
          return Backends.with(
              InterceptedKernels.of(call -> {
                note(call, all);
                return call.on(counting);
              }),
              () -> pass(outline, x));
        });
    return all;
  }

  private static void note(InterceptedKernels.Call call, List<Convolution> all) {
    Object first = call.arguments().length == 0 ? null : call.arguments()[0];
    if (first instanceof Conv3dArgs a) {
      all.add(new Convolution(Pass.FORWARD, a));
    } else if (first instanceof WinogradArgs a) {
      all.add(new Convolution(Pass.FORWARD, direct(a)));
    }
  }

  /** The convolution that Winograd's form computes. */
  private static Conv3dArgs direct(WinogradArgs a) {
    Padding3 padding =
        new Padding3(
            a.front(),
            a.to() + a.kt() - 1 - a.t() - a.front(),
            a.top(),
            a.ho() + SIDE - 1 - a.h() - a.top(),
            a.left(),
            a.wo() + SIDE - 1 - a.w() - a.left());
    return new Conv3dArgs(
        a.n(), a.ci(), a.t(), a.h(), a.w(), a.co(), a.kt(), SIDE, SIDE, Stride3.ONE, padding, 1);
  }
}
