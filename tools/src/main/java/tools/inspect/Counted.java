package tools.inspect;

import engine.kernel.Backends;
import engine.tensor.Tensor;
import nn.Module;

/**
 * The direct multiply-adds of any work on shapes: the code itself runs, on kernels that only count.
 * Convolutions and products count every output times the inputs of each, padding included; a
 * gradient of a product counts like the product.
 */
public final class Counted {
  private Counted() {}

  /** A module without parameters, for work that has none. */
  private static final class Nothing extends Module {}

  /** A tensor that has a shape and no memory. */
  public static Tensor tensor(int... dims) {
    return ShapeStorage.tensor(dims);
  }

  /** The multiply-adds of work that uses no module. */
  public static long multiplyAdds(Runnable work) {
    return multiplyAdds(new Nothing(), work);
  }

  /**
   * The multiply-adds of work that uses a module.
   *
   * @param module may be an outline ({@link nn.Outline})
   */
  public static long multiplyAdds(Module module, Runnable work) {
    CountingKernels counter = new CountingKernels(module);
    return Backends.with(
        counter.kernels(),
        () -> {
          work.run();
          return counter.costs().values().stream().mapToLong(Cost::total).sum();
        });
  }
}
