package tools.inspect;

import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.cost.Cost;
import medsora.cost.ShapeRun;
import nn.Entry;
import nn.Module;

/**
 * A module with all that is below it.
 *
 * @param name under which its parent holds it
 * @param type its class, empty for what is no module
 * @param own shapes of its own parameters and buffers, by name
 * @param parameters number of elements of all parameters below, frozen ones included
 * @param trained those that training changes
 * @param elements those of the whole state dict, which has buffers too
 * @param cost of everything below
 * @param output what its own convolution or linear layer gave last, null if it has none
 */
record Node(
    String name,
    String type,
    Map<String, Shape> own,
    long parameters,
    long trained,
    long elements,
    Cost cost,
    Shape output,
    List<Node> children) {

  /** The tree of a module with the costs of a run. */
  static Node of(String name, Module module, Map<String, Cost> costs) {
    return of(name, "", module, costs);
  }

  private static Node of(String name, String path, Module module, Map<String, Cost> costs) {
    Map<String, Entry> own = new LinkedHashMap<>(module.stateDict());
    List<Node> children = new ArrayList<>();
    Cost mine = costs.getOrDefault(path, Cost.NONE);
    Cost sum = mine;
    for (Map.Entry<String, Module> e : module.children().entrySet()) {
      String prefix = e.getKey().isEmpty() ? "" : e.getKey() + ".";
      e.getValue().stateDict().keySet().forEach(key -> own.remove(prefix + key));
      String below = e.getKey().isEmpty() ? path : join(path, e.getKey());
      Node child = of(e.getKey(), below, e.getValue(), costs);
      children.add(child);
      sum = sum.plus(child.cost());
    }
    Cost attention = costs.get(join(path, ShapeRun.ATTENTION));
    if (attention != null) {
      children.add(new Node(ShapeRun.ATTENTION, "", Map.of(), 0, 0, 0, attention, null, List.of()));
      sum = sum.plus(attention);
    }
    Map<String, Shape> shapes = new LinkedHashMap<>();
    own.forEach((key, entry) -> shapes.put(key, entry.value().shape()));
    return new Node(
        name,
        module.getClass().getSimpleName(),
        shapes,
        module.parameterCount(),
        module.trainable().stream().mapToLong(p -> p.shape().size()).sum(),
        module.stateDict().values().stream().mapToLong(e -> e.value().size()).sum(),
        sum,
        mine.output(),
        children);
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Whether both are the same but for their place. */
  boolean isLike(Node o) {
    return type.equals(o.type)
        && parameters == o.parameters
        && cost.total() == o.cost.total()
        && own.equals(o.own)
        && children.size() == o.children.size();
  }
}
