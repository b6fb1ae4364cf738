package medsora.train;

import static engine.op.layout.Layout.concat;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Named parts of a loss, read together, so that a device is waited for once. */
final class Losses {
  private final Map<String, Tensor> named = new LinkedHashMap<>();

  /** Adds a tensor of one element. */
  void put(String name, Tensor value) {
    named.put(name, value);
  }

  /**
   * Reads all and adds them to sums by name.
   *
   * @return what was read
   */
  Map<String, Float> addTo(Map<String, Double> sums) {
    Tensor[] parts =
        named.values().stream().map(t -> t.detach().view(Shape.of(1))).toArray(Tensor[]::new);
    float[] values = concat(0, parts).toArray();
    Map<String, Float> read = new LinkedHashMap<>();
    for (String name : named.keySet()) {
      float value = values[read.size()];
      read.put(name, value);
      sums.merge(name, (double) value, Double::sum);
    }
    return read;
  }
}
