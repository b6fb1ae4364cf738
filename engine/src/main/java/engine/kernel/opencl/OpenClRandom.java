package engine.kernel.opencl;

import engine.kernel.RandomKernels;
import engine.random.RandomKey;
import engine.tensor.Storage;

/** Draws and dropout: an element is a function of the key and of its index (N17). */
final class OpenClRandom extends OpenClFamily implements RandomKernels {
  OpenClRandom(OpenClContext context) {
    super(context, "random");
  }

  @Override
  public void uniform(RandomKey key, Storage y, int n) {
    long k = key.philoxKey();
    run("uniform", n, (int) k, (int) (k >>> 32), out(y));
  }

  @Override
  public void normal(RandomKey key, Storage y, int n) {
    long k = key.philoxKey();
    run("normal", n, (int) k, (int) (k >>> 32), out(y));
  }

  @Override
  public void dropout(RandomKey key, float p, Storage x, Storage y, int n) {
    long k = key.philoxKey();
    float scale = (float) (1 / (1 - (double) p));
    run("dropout", n, (int) k, (int) (k >>> 32), p, scale, in(x), out(y));
  }
}
