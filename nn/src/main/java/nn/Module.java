package nn;

import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import nn.init.Initializer;

/**
 * A node of the tree of layers. It knows its parameters, buffers and children by the names that
 * PyTorch's state dict gives them, and lists them in PyTorch's order: own parameters, own buffers,
 * then children as registered. A child's name may hold dots where the original wraps layers in a
 * Sequential ({@code adaLN_modulation.1}); an empty name adds nothing. Forward passes are methods
 * of each class under their own signatures.
 */
public abstract class Module {
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Buffer> buffers = new LinkedHashMap<>();
  private final Map<String, Module> children = new LinkedHashMap<>();

  protected final Parameter parameter(String name, Shape shape, Initializer initializer) {
    Parameter p = new Parameter(shape, initializer);
    parameters.put(name, p);
    return p;
  }

  /** Registers a table: a parameter that has its values from the beginning and is not trained. */
  protected final Parameter table(String name, Tensor values) {
    float[] table = values.toArray();
    return parameter(
            name,
            values.shape(),
            (data, shape, key) -> System.arraycopy(table, 0, data, 0, data.length))
        .trainable(false);
  }

  /**
   * A parameter from below under a second name of this module's own: PyTorch lists a weight that
   * two modules share under both. It is one parameter, known by the name that comes first.
   */
  protected final void alias(String name, Parameter shared) {
    parameters.put(name, shared);
  }

  protected final Tensor buffer(String name, Tensor value) {
    buffers.put(name, new Buffer(value, false));
    return value;
  }

  /** A counter that is published as a 64-bit integer scalar. */
  protected final Tensor counter(String name) {
    Tensor value = Tensor.zeros(Shape.SCALAR);
    buffers.put(name, new Buffer(value, true));
    return value;
  }

  protected final <M extends Module> M child(String name, M module) {
    children.put(name, module);
    return module;
  }

  /** Direct children by name, in order of registration. */
  public final Map<String, Module> children() {
    return new LinkedHashMap<>(children);
  }

  /** Every parameter and buffer below this module by its full name, in PyTorch's order. */
  public final Map<String, Entry> stateDict() {
    Map<String, Entry> all = new LinkedHashMap<>();
    collect("", all);
    return all;
  }

  private void collect(String prefix, Map<String, Entry> all) {
    parameters.forEach((name, p) -> all.put(prefix + name, p));
    buffers.forEach((name, b) -> all.put(prefix + name, b));
    children.forEach((name, m) -> m.collect(name.isEmpty() ? prefix : prefix + name + ".", all));
  }

  /** Every parameter once, by its full name, frozen ones included. */
  public final Map<String, Parameter> parameters() {
    Map<String, Parameter> all = new LinkedHashMap<>();
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    stateDict()
        .forEach((name, entry) -> {
          if (entry instanceof Parameter p && seen.add(p)) {
            all.put(name, p);
          }
        });
    return all;
  }

  /** The parameters that training changes. */
  public final List<Parameter> trainable() {
    List<Parameter> list = new ArrayList<>();
    parameters().values().stream().filter(Parameter::isTrainable).forEach(list::add);
    return list;
  }

  /** Number of elements of all parameters, frozen ones included. */
  public final long parameterCount() {
    return parameters().values().stream().mapToLong(p -> p.shape().size()).sum();
  }

  /**
   * Gives every parameter its first values. The draws of a parameter depend on the seed and on its
   * (first) index in the state dict only.
   */
  public final void initialize(long seed) {
    initialize(seed, name -> true);
  }

  /** The same for some of the parameters, which get what {@link #initialize(long)} gives them. */
  public final void initialize(long seed, Predicate<String> which) {
    int index = 0;
    Set<String> firstNames = parameters().keySet();
    for (Map.Entry<String, Entry> e : stateDict().entrySet()) {
      boolean meant = firstNames.contains(e.getKey()) && which.test(e.getKey());
      if (meant && e.getValue() instanceof Parameter p) {
        float[] data = new float[p.shape().size()];
        p.initializer().fill(data, p.shape(), new RandomKey(seed, index, 0));
        p.write(data);
      }
      index++;
    }
  }

  /** Freezes (or thaws) everything below. */
  public final void setTrainable(boolean trainable) {
    parameters().values().forEach(p -> p.trainable(trainable));
  }
}
