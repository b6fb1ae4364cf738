package engine.kernel.opencl;

import engine.random.RandomKey;
import engine.tensor.Storage;

/** Draws and dropout: an element is a function of the key and of its index (N17). */
final class OpenClRandom extends OpenClFamily {
  OpenClRandom(OpenClContext context) {
    super(context, "random");
  }

  void randomUniform(RandomKey key, Storage y, int n) {
    long k = key.philoxKey();
    run("uniform", n, (int) k, (int) (k >>> 32), out(y));
  }

  void randomNormal(RandomKey key, Storage y, int n) {
    long k = key.philoxKey();
    run("normal", n, (int) k, (int) (k >>> 32), out(y));
  }

  void dropout(RandomKey key, float p, Storage x, Storage y, int n) {
    long k = key.philoxKey();
    float scale = (float) (1 / (1 - (double) p));
    run("dropout", n, (int) k, (int) (k >>> 32), p, scale, in(x), out(y));
  }
}
