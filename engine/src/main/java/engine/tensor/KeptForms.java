package engine.tensor;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The forms in which kernels read the elements of a storage, such as panels of a product, kept for
 * the next call. Whoever writes the elements drops them. Only lookups touch the map; its order is
 * never seen.
 */
final class KeptForms {
  private final Map<Object, float[]> forms = new HashMap<>();

  /** The form under a key, made where there is none. */
  synchronized float[] get(Object key, Supplier<float[]> make) {
    float[] found = forms.get(key);
    if (found == null) {
      found = make.get();
      forms.put(key, found);
    }
    return found;
  }

  synchronized void drop() {
    forms.clear();
  }
}
