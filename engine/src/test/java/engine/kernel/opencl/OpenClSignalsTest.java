package engine.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.kernel.Engine;
import engine.op.linalg.Linalg;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.ChildMachine;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;

/** Drivers take the machine's signals when their devices are listed, and when they compile. */
class OpenClSignalsTest {
  /** Lists, compiles and computes; then asks whether Java still hears what it lives from. */
  static final class Program {
    private static final Tensor ONES = Tensor.generate(Shape.of(3, 3), i -> 1f);

    private Program() {}

    public static void main(String[] args) throws Exception {
      CountDownLatch heard = new CountDownLatch(1);
      Signal.handle(new Signal("TERM"), signal -> heard.countDown());
      try {
        System.out.println(OpenClDevices.list().size() + " devices");
      } catch (OpenClException e) {
        System.out.println("none: " + e.getMessage());
        return;
      }
      say("after listing");
      try (Engine engine = Engine.open("opencl", 1)) {
        engine.run(() -> Linalg.matmul(ONES, ONES));
      }
      say("after computing");
      Signal.raise(new Signal("TERM"));
      System.out.println("SIGTERM " + (heard.await(30, TimeUnit.SECONDS) ? "heard" : "lost"));
    }

    private static void say(String when) {
      int zero = Integer.parseInt("0");
      System.out.println(when + " 7/0 " + thrown(() -> 7 / zero));
      System.out.println(when + " 7%0 " + thrown(() -> 7 % zero));
      System.out.println(when + " null " + thrown(() -> nothing().length));
    }

    private static int[] nothing() {
      return null;
    }

    private static String thrown(java.util.function.IntSupplier body) {
      try {
        return "is " + body.getAsInt();
      } catch (ArithmeticException | NullPointerException e) {
        return "throws " + e.getClass().getSimpleName();
      }
    }
  }

  @Test
  void theMachineKeepsItsSignals() throws Exception {
    // Without the cache the driver compiles.
    String said =
        new ChildMachine(
                Map.of("POCL_KERNEL_CACHE", "0"),
                "--add-modules",
                "jdk.incubator.vector",
                "-Dengine.opencl.cache=none")
            .run(Program.class);
    assumeTrue(!said.contains("none: "), said);
    for (String when : new String[] {"after listing", "after computing"}) {
      assertTrue(said.contains(when + " 7/0 throws ArithmeticException"), said);
      assertTrue(said.contains(when + " 7%0 throws ArithmeticException"), said);
      assertTrue(said.contains(when + " null throws NullPointerException"), said);
    }
    assertTrue(said.contains("SIGTERM heard"), said);
  }
}
