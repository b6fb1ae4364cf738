package engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.kernel.AdamArgs;
import engine.kernel.AdamState;
import engine.kernel.Backends;
import engine.kernel.EmaArgs;
import engine.kernel.InterceptedKernels;
import engine.kernel.InterceptedKernels.Call;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.random.RandomKey;
import engine.tensor.DeviceCopy;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.SplitMix;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Kernels on the CPU leave a device's copies of what they only read good, and make those of what
 * they write stale. Every kernel is watched in cases of every op: what it changes and what it asks
 * for to be written must be the same arguments.
 */
class ReadViewsTest {
  private static final int DRAWS = 30;

  /** A copy that counts how often it was made anew. */
  private static final class Counted extends DeviceCopy {
    private int uploads;

    @Override
    protected void upload(float[] array) {
      uploads++;
    }

    @Override
    protected void download(float[] array) {
      throw new AssertionError("nobody writes on this device");
    }

    @Override
    protected void release() {}
  }

  /** An array that a kernel is given, before the call. */
  private record Watched(String place, HeapStorage storage, float[] before, Counted copy) {
    static Watched of(String place, HeapStorage storage) {
      Counted copy = new Counted();
      storage.deviceReads(copy);
      float[] before = new float[storage.size()];
      storage.read(before);
      return new Watched(place, storage, before, copy);
    }

    boolean isChanged() {
      float[] after = new float[storage.size()];
      storage.read(after);
      for (int i = 0; i < after.length; i++) {
        if (Float.floatToRawIntBits(after[i]) != Float.floatToRawIntBits(before[i])) {
          return true;
        }
      }
      return false;
    }

    /** Whether a device that reads it needs a transfer. */
    boolean isStale() {
      int before = copy.uploads;
      storage.deviceReads(copy);
      return copy.uploads > before;
    }
  }

  /** Arguments that were changed by a call, and that were asked for to be written. */
  private final Set<String> changed = new TreeSet<>();

  private final Set<String> stale = new TreeSet<>();
  private final Set<String> called = new TreeSet<>();

  private Kernels watched(Kernels kernels) {
    return InterceptedKernels.of(call -> {
      Map<String, HeapStorage> storages = new TreeMap<>();
      for (int i = 0; i < call.arguments().length; i++) {
        find(kernel(call.method()) + " " + i, call.arguments()[i], storages);
      }
      return watch(call, kernels, storages);
    });
  }

  private static String kernel(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  /** Storages among the arguments, those in records too. */
  private static void find(String place, Object argument, Map<String, HeapStorage> found) {
    if (argument instanceof HeapStorage storage) {
      found.put(place, storage);
    } else if (argument instanceof Record) {
      for (RecordComponent part : argument.getClass().getRecordComponents()) {
        if (Storage.class.isAssignableFrom(part.getType())) {
          find(place + "." + part.getName(), component(part, argument), found);
        }
      }
    }
  }

  private static Object component(RecordComponent part, Object record) {
    try {
      return part.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private Object watch(Call call, Kernels kernels, Map<String, HeapStorage> storages) {
    if (storages.isEmpty()) {
      return call.on(kernels);
    }
    called.add(kernel(call.method()));
    List<Watched> all = new ArrayList<>();
    storages.forEach((place, storage) -> all.add(Watched.of(place, storage)));
    Object result = call.on(kernels);
    for (Watched w : all) {
      boolean isChanged = w.isChanged();
      boolean isStale = w.isStale();
      assertTrue(isStale || !isChanged, w.place + " is changed behind a read view");
      // One array in two places: which of them is read and which written cannot be told.
      boolean isAlone = all.stream().filter(o -> o.storage == w.storage).count() == 1;
      if (isAlone && isChanged) {
        changed.add(w.place);
      }
      if (isAlone && isStale) {
        stale.add(w.place);
      }
      w.storage.leave(w.copy);
    }
    return result;
  }

  private static void run(OpCase c, long seed, Kernels kernels) {
    float[][] in = OpContract.draw(c, seed);
    Backends.with(
        kernels,
        () -> {
          try (Tape tape = Tape.open()) {
            Tensor[] inputs = new Tensor[in.length];
            for (int i = 0; i < in.length; i++) {
              Tensor t = Tensor.of(c.shapes().get(i), in[i]);
              inputs[i] = c.gradients().get(i) ? t.asParameter() : t;
            }
            Tensor y = Tape.apply(c.op(), inputs);
            if (c.gradients().contains(true)) {
              tape.backward(List.of(y), List.of(Tensor.of(y.shape(), noise(y.size(), seed))));
            }
          }
          return null;
        });
  }

  private static float[] noise(int n, long seed) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (SplitMix.unit(seed, i) - 0.5);
    }
    return x;
  }

  private static Storage stored(int n, long seed) {
    return HeapStorage.wrap(noise(n, seed));
  }

  /** Kernels that are not called by an op. */
  private static void runOthers(Kernels k) {
    int n = 300;
    AdamArgs adam = new AdamArgs(0.9f, 0.1f, 0.999f, 0.001f, 0.3f, 1e-8f, 2e-3f, 0.99f, 0.5f);
    AdamState state =
        new AdamState(stored(n, 1), stored(n, 2), stored(n, 3), HeapStorage.wrap(new float[n]));
    k.optimiser().adam(adam, state, n);
    k.optimiser()
        .ema(new EmaArgs(EmaArgs.Form.WEIGHTED, 0.9f, 0.1f), stored(n, 4), stored(n, 5), n);
    k.optimiser()
        .adamEma(adam, state, new EmaArgs(EmaArgs.Form.WEIGHTED, 0.9f, 0.1f), stored(n, 6), n);
    k.elementwise().addInto(stored(n, 7), stored(n, 8), n);
    k.copies().copy(stored(n, 9), stored(n, 10), n);
    k.copies().fill(stored(n, 11), 2, n);
    k.reduce().sumSquares(stored(n, 12), n, stored(3, 13), 1);
    k.random().uniform(new RandomKey(1, 2, 3), stored(n, 16), n);
    k.random().normal(new RandomKey(1, 2, 3), stored(n, 17), n);
    k.reduce().max(new ReduceArgs(2, 50, 3), stored(n, 14), stored(6, 15));
  }

  private static Set<String> kernels() {
    return Arrays.stream(Kernels.class.getMethods())
        .map(Method::getReturnType)
        .filter(Class::isInterface)
        .flatMap(family -> Stream.of(family.getMethods()))
        .map(ReadViewsTest::kernel)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatIsWrittenIsAskedForAndNothingElse() {
    OpContract.backends()
        .forEach((name, kernels) -> {
          if (name.startsWith("opencl")) {
            return;
          }
          changed.clear();
          stale.clear();
          called.clear();
          Kernels all = watched(kernels);
          for (String op : OpCases.ALL.keySet()) {
            for (int i = 0; i < DRAWS; i++) {
              run(OpCases.ALL.get(op).apply(Drawn.of(i)), i, all);
            }
          }
          runOthers(all);
          assertEquals(kernels(), called, name);
          assertEquals(changed, stale, name);
        });
  }
}
