package engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.kernel.scalar.ScalarKernels;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever counts or watches kernels meets every call, of every family. */
class InterceptedKernelsTest {
  private static final Kernels SCALAR = new ScalarKernels(Workers.SINGLE);

  @Test
  void callsOfAllFamiliesComeByAndMayBePassedOn() {
    List<String> seen = new ArrayList<>();
    Kernels k =
        InterceptedKernels.of(call -> {
          seen.add(call.name());
          return call.on(SCALAR);
        });
    Storage x = HeapStorage.wrap(new float[] {1, 2, 3, 4});
    Storage y = k.allocate(4);
    k.elementwise().affine(x, 2f, 1f, y, 4);
    Storage sum = k.allocate(1);
    k.reduce().sum(new ReduceArgs(1, 4, 1), y, sum);
    k.matmul().multiply(MatmulArgs.single(2, 2, 2, false, false), x, x, null, y);
    assertEquals("scalar", k.name());
    float[] product = new float[4];
    y.read(product);
    assertArrayEquals(new float[] {7, 10, 15, 22}, product);
    float[] total = new float[1];
    sum.read(total);
    assertArrayEquals(new float[] {24}, total);
    assertEquals(List.of("allocate", "affine", "allocate", "sum", "multiply", "name"), seen);
  }

  @Test
  void everyFamilyIsThere() throws ReflectiveOperationException {
    Kernels k = InterceptedKernels.of(call -> null);
    int families = 0;
    for (Method accessor : Kernels.class.getMethods()) {
      if (accessor.getReturnType().getSimpleName().endsWith("Kernels")) {
        assertNotNull(Proxy.getInvocationHandler(accessor.invoke(k)), accessor.getName());
        families++;
      }
    }
    assertEquals(24, families);
  }

  @Test
  void errorsOfAKernelComeAsTheyAre() {
    Kernels k = InterceptedKernels.of(call -> call.on(SCALAR));
    Storage one = HeapStorage.wrap(new float[1]);
    assertThrows(
        ArrayIndexOutOfBoundsException.class, () -> k.elementwise().affine(one, 1f, 0f, one, 2));
  }

  @Test
  void theyEqualThemselvesAlone() {
    Kernels a = InterceptedKernels.of(call -> null);
    Kernels b = InterceptedKernels.of(call -> null);
    assertEquals(a, a);
    assertNotEquals(a, b);
    assertEquals("Kernels that are intercepted", a.toString());
    assertEquals(a.hashCode(), a.hashCode());
  }
}
