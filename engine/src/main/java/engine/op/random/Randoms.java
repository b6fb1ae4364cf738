package engine.op.random;

import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Random tensors and dropout, for static import. Element i is a function of the key and of i alone
 * (numeric contract N17): use a key for one purpose only.
 */
public final class Randoms {
  private Randoms() {}

  /** Uniform draws from [0, 1), of any shape. */
  public static Tensor uniform(Shape shape, RandomKey key) {
    Kernels k = Backends.current();
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.random().uniform(key, y.storage(), y.size());
    return y;
  }

  /** Standard normal draws, of any shape. */
  public static Tensor normal(Shape shape, RandomKey key) {
    Kernels k = Backends.current();
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    k.random().normal(key, y.storage(), y.size());
    return y;
  }

  /**
   * Each element dropped with probability p, the others scaled by 1/(1-p); p in [0, 1). x of any
   * shape, the result of the same shape.
   */
  public static Tensor dropout(Tensor x, float p, RandomKey key) {
    return Tape.apply(new Dropout(p, key), x);
  }

  /** What {@link #dropout} multiplies by, of any shape: 0 with probability p, else 1/(1-p). */
  public static Tensor dropoutMask(Shape shape, float p, RandomKey key) {
    Kernels k = Backends.current();
    Tensor ones = new Tensor(shape, k.allocate(shape.size()));
    k.copies().fill(ones.storage(), 1f, ones.size());
    return dropout(ones, p, key);
  }
}
