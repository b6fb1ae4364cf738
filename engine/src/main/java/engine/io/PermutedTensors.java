package engine.io;

import engine.tensor.HalfFloats;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors of another source, some with their axes in another order, as another program stores them:
 * a projection transposed, a kernel [T,H,W,in,out] as [out,in,T,H,W], [1,1,C] as [C]. Those are
 * read as float32.
 */
public final class PermutedTensors implements TensorSource {
  private final TensorSource source;
  private final Map<String, List<Integer>> orders;

  /**
   * Takes a source over: closing this closes it.
   *
   * @param orders by name: axis i of the result is axis order[i] of the source's; axes that are not
   *     named must have the extent 1
   * @throws IllegalArgumentException where an order has not the axes of its tensor
   */
  public PermutedTensors(TensorSource source, Map<String, List<Integer>> orders) {
    this.source = source;
    this.orders = new LinkedHashMap<>(orders);
    this.orders.forEach(this::requireAxes);
  }

  private void requireAxes(String name, List<Integer> order) {
    long[] shape = source.shape(name);
    boolean all = order.stream().distinct().count() == order.size();
    for (int axis : order) {
      all &= axis >= 0 && axis < shape.length;
    }
    for (int axis = 0; axis < shape.length; axis++) {
      all &= shape[axis] == 1 || order.contains(axis);
    }
    if (!all || !source.dtype(name).isFloating()) {
      throw new IllegalArgumentException(
          "[weights] %s: '%s' is %s %s, its axes cannot be put in the order %s"
              .formatted(
                  source.path(),
                  Printable.brief(name),
                  source.dtype(name),
                  Arrays.toString(shape),
                  order));
    }
  }

  @Override
  public Path path() {
    return source.path();
  }

  @Override
  public List<String> names() {
    return source.names();
  }

  @Override
  public boolean contains(String name) {
    return source.contains(name);
  }

  @Override
  public long[] shape(String name) {
    long[] shape = source.shape(name);
    List<Integer> order = orders.get(name);
    return order == null ? shape : order.stream().mapToLong(axis -> shape[axis]).toArray();
  }

  @Override
  public Dtype dtype(String name) {
    return orders.containsKey(name) ? Dtype.F32 : source.dtype(name);
  }

  @Override
  public Map<String, String> metadata() {
    return source.metadata();
  }

  @Override
  public float[] floats(String name) {
    float[] x = source.floats(name);
    List<Integer> order = orders.get(name);
    return order == null ? x : permuted(x, source.shape(name), order, shape(name));
  }

  private static float[] permuted(float[] x, long[] from, List<Integer> order, long[] extents) {
    long[] steps = new long[from.length];
    long step = 1;
    for (int axis = from.length - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= from[axis];
    }
    int rank = extents.length;
    long[] index = new long[rank];
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      long at = 0;
      for (int axis = 0; axis < rank; axis++) {
        at += index[axis] * steps[order.get(axis)];
      }
      y[i] = x[(int) at];
      for (int axis = rank - 1; axis >= 0 && ++index[axis] == extents[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return y;
  }

  @Override
  public HalfFloats halves(String name) {
    return source.halves(unmoved(name));
  }

  @Override
  public long[] longs(String name) throws FormatException {
    return source.longs(unmoved(name));
  }

  private String unmoved(String name) {
    if (orders.containsKey(name)) {
      throw new IllegalArgumentException(
          "[weights] %s: '%s' has its axes in another order and is read as float32 only"
              .formatted(path(), Printable.brief(name)));
    }
    return name;
  }

  @Override
  public void verify() throws FormatException {
    source.verify();
  }

  @Override
  public void close() {
    source.close();
  }
}
