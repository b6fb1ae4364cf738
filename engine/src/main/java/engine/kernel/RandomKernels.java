package engine.kernel;

import engine.random.RandomKey;
import engine.tensor.Storage;

/** Draws by key and index (N17), and dropout by them. */
public interface RandomKernels {
  /** y_i = the key's uniform draw i in [0, 1). */
  void uniform(RandomKey key, Storage y, int n);

  /** y_i = the key's standard normal draw i. */
  void normal(RandomKey key, Storage y, int n);

  /** y_i = x_i * (float) (1/(1-p)) where the key's uniform draw i is at least p, else +0. */
  void dropout(RandomKey key, float p, Storage x, Storage y, int n);
}
