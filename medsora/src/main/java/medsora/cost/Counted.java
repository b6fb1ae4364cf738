package medsora.cost;

import engine.kernel.Backends;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.function.Supplier;
import nn.Module;
import org.jspecify.annotations.Nullable;

/**
 * Any work on shapes alone, and its direct multiply-adds: the code itself runs, on kernels that
 * only count. Convolutions and products count every output times the inputs of each, padding
 * included; a gradient of a product counts like the product.
 */
public final class Counted {
  private Counted() {}

  /** A tensor of any shape, without memory. */
  public static Tensor tensor(int... dims) {
    return ShapeStorage.tensor(dims);
  }

  /** Runs work that uses a module, such as an outline ({@link nn.Outline}), on shapes alone. */
  public static <T> T run(Module module, Supplier<T> work) {
    return Backends.with(new CountingKernels(module).kernels(), work::get);
  }

  /** The path of the module that wrote a tensor of a run on shapes first; null where none did. */
  public static @Nullable String writer(Storage storage) {
    return storage instanceof ShapeStorage s ? s.writer() : null;
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
