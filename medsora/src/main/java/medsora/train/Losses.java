package medsora.train;

import static engine.op.layout.Layout.concat;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The named parts of a loss, read together, so that a device is waited for once. */
public final class Losses {
  private final Map<String, Tensor> named = new LinkedHashMap<>();
  private final Tensor total;

  /**
   * @param name of the total in the log
   * @param total what is minimised, a tensor of one element
   */
  public Losses(String name, Tensor total) {
    this.total = total;
    named.put(name, total);
  }

  /** Adds a part, a tensor of one element. */
  public Losses with(String name, Tensor value) {
    named.put(name, value);
    return this;
  }

  Tensor total() {
    return total;
  }

  /** The values by name, the total first. */
  Map<String, Double> read() {
    Tensor[] parts =
        named.values().stream().map(t -> t.detach().view(Shape.of(1))).toArray(Tensor[]::new);
    float[] values = concat(0, parts).toArray();
    Map<String, Double> read = new LinkedHashMap<>();
    for (String name : named.keySet()) {
      read.put(name, (double) values[read.size()]);
    }
    return read;
  }
}
