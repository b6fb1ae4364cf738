package medsora.audit;

import engine.io.TensorSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import medsora.train.manifest.WeightHashes;
import org.jspecify.annotations.Nullable;

/**
 * Where the tensors of two states differ, bit by bit.
 *
 * @param compared how many were looked at
 * @param first where the first of them in the order of the file differs, or null
 * @param modules how many tensors of each module differ, and by how much at most
 */
record TensorDifferences(int compared, @Nullable Place first, SortedMap<String, Part> modules) {
  private static final List<String> PREFIXES = List.of("model.", "ema.", "adam.m.", "adam.v.");

  /** An element that differs. */
  record Place(String tensor, int index, float there, float here) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "tensor %s, element %d: there %s (%08x), here %s (%08x)",
          tensor,
          index,
          there,
          Float.floatToRawIntBits(there),
          here,
          Float.floatToRawIntBits(here));
    }
  }

  /** What differs of a module. */
  record Part(int tensors, double most) {
    Part and(Part other) {
      return new Part(tensors + other.tensors, Math.max(most, other.most));
    }
  }

  /**
   * Of the floating tensors of a file.
   *
   * @param here values by the names in the file; null for what is not compared
   */
  static TensorDifferences of(TensorSource there, Function<String, float @Nullable []> here) {
    Place first = null;
    SortedMap<String, Part> modules = new TreeMap<>();
    int compared = 0;
    for (String name : there.names()) {
      float[] own = there.dtype(name).isFloating() ? here.apply(name) : null;
      if (own != null) {
        compared++;
        float[] theirs = there.floats(name);
        int at = firstDifference(theirs, own);
        if (at >= 0) {
          first = first == null ? place(name, at, theirs, own) : first;
          modules.merge(module(name), new Part(1, most(theirs, own)), Part::and);
        }
      }
    }
    return new TensorDifferences(compared, first, modules);
  }

  /** Of all tensors that two files have by the same names and of the same shapes. */
  static TensorDifferences of(TensorSource there, TensorSource here) {
    return of(there, name -> isIn(here, there, name) ? here.floats(name) : null);
  }

  private static boolean isIn(TensorSource file, TensorSource other, String name) {
    return file.contains(name)
        && file.dtype(name).isFloating()
        && Arrays.equals(file.shape(name), other.shape(name));
  }

  /** Of a name with the prefix of a checkpoint. */
  private static String module(String name) {
    for (String prefix : PREFIXES) {
      if (name.startsWith(prefix)) {
        return prefix + WeightHashes.module(name.substring(prefix.length()));
      }
    }
    return WeightHashes.module(name);
  }

  private static Place place(String name, int at, float[] there, float[] here) {
    boolean inside = at < there.length && at < here.length;
    return new Place(name, at, inside ? there[at] : Float.NaN, inside ? here[at] : Float.NaN);
  }

  /** By bits, so that a NaN is itself and zeros have signs; -1 where all are equal. */
  static int firstDifference(float[] a, float[] b) {
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
        return i;
      }
    }
    return a.length == b.length ? -1 : Math.min(a.length, b.length);
  }

  private static double most(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      most = Math.max(most, Math.abs((double) a[i] - b[i]));
    }
    return most;
  }

  /** The first place, then a line for each module. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (first != null) {
      lines.add("first in the order of the file: " + first);
    }
    modules.forEach((name, part) ->
        lines.add(
            "module %s: %d tensors differ, by %s at most"
                .formatted(name, part.tensors(), part.most())));
    return lines;
  }
}
