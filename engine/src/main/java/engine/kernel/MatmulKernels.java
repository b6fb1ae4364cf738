package engine.kernel;

import engine.tensor.Storage;
import org.jspecify.annotations.Nullable;

/** Matrix products. */
public interface MatmulKernels {
  /** c = op(a) op(b) + bias for each matrix of a batch, in the order of N1; bias may be null. */
  void multiply(MatmulArgs args, Storage a, Storage b, @Nullable Storage bias, Storage c);
}
