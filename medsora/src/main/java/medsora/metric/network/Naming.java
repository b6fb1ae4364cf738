package medsora.metric.network;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How a program names the weights of a network.
 *
 * @param parts for the name of an entry of our module its name in the file, or the names of several
 *     tensors that are one below the other there
 * @param order for the same name, and the axes of the tensor in the file, which of them ours are;
 *     empty where they are the same
 * @param known an entry of ours whose name in the file tells that the file has these names
 * @param unused names in the file, without prefix, that the network has no use for
 */
record Naming(
    Function<String, List<String>> parts,
    BiFunction<String, Integer, List<Integer>> order,
    String known,
    Predicate<String> unused) {
  /** Our own names. */
  static Naming own(String known, Predicate<String> unused) {
    return renamed(known, name -> name, unused);
  }

  /** One tensor for each of ours, in our layout. */
  static Naming renamed(String known, Function<String, String> name, Predicate<String> unused) {
    return new Naming(
        entry -> List.of(name.apply(entry)), (entry, rank) -> List.of(), known, unused);
  }

  /** The first name in the file of the entry that tells. */
  String sign() {
    return parts.apply(known).getFirst();
  }
}
