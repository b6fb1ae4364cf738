package nn.init;

import engine.random.RandomKey;
import engine.tensor.Shape;

/** The rule that gives a parameter its first values. */
@FunctionalInterface
public interface Initializer {
  void fill(float[] data, Shape shape, RandomKey key);
}
