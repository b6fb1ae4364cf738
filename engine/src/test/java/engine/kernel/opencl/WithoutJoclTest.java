package engine.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Backends;
import engine.kernel.Engine;
import engine.op.elementwise.Elementwise;
import engine.op.linalg.Linalg;
import engine.op.spectral.Spectral;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.ChildMachine;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** JOCL is an optional dependency: machines without its jar, and without the Vector API. */
class WithoutJoclTest {
  private static final String JOCL =
      "needs JOCL: add the jar of org.jocl:jocl to the class path, an optional dependency of"
          + " engine";

  /** What such a machine does. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      say("classes", loads("org.jocl.CL") ? "with JOCL" : "without JOCL");
      say("auto", Backends.current().name() + " " + Backends.fidelity());
      Tensor x = Tensor.generate(Shape.of(8, 8), i -> i);
      Tensor y = Linalg.matmul(Elementwise.scale(x, 0.5f), x);
      say("result", y.toArray()[63] + " " + Spectral.fft2(x, true).shape());
      try (Engine engine = Engine.open("scalar", 2)) {
        say("scalar", engine.kernels().name());
      }
      refused("simd", () -> Engine.open("simd", 1).close());
      refused("opencl", () -> Engine.open("opencl", 1).close());
      refused("devices", OpenClDevices::list);
      refused("choice", () -> OpenClDevices.choose("0"));
    }

    private static boolean loads(String name) {
      try {
        Class.forName(name);
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }

    private static void refused(String what, Runnable use) {
      try {
        use.run();
        say(what, "works");
      } catch (RuntimeException e) {
        say(what, e.getClass().getSimpleName() + " " + e.getMessage());
      }
    }

    private static void say(String what, String how) {
      System.out.println(what + ": " + how);
    }
  }

  private static void says(String said, String line) {
    assertTrue(said.lines().anyMatch(line::equals), () -> line + "\nis not in\n" + said);
  }

  @Test
  void allButOpenClWorksAndThatNamesTheJar() throws IOException, InterruptedException {
    String said =
        new ChildMachine(Map.of(), "--add-modules", "jdk.incubator.vector")
            .without("jocl")
            .run(Program.class);
    says(said, "classes: without JOCL");
    says(said, "auto: simd exact");
    says(said, "scalar: scalar");
    says(said, "simd: works");
    says(said, "opencl: IllegalArgumentException [backend] opencl " + JOCL);
    says(said, "devices: OpenClException [opencl] " + JOCL);
    says(said, "choice: OpenClException [opencl] " + JOCL);
  }

  @Test
  void withoutTheVectorApiAutoSaysSoAndTakesScalarLoops() throws IOException, InterruptedException {
    String remedy = "add --add-modules jdk.incubator.vector to the java command";
    String said = new ChildMachine(Map.of()).without("jocl").run(Program.class);
    says(said, "auto: scalar exact");
    says(said, "simd: IllegalArgumentException [backend] simd needs the Vector API: " + remedy);
    String warning = "scalar loops: the Vector API is absent; for SIMD " + remedy;
    assertEquals(1, said.lines().filter(line -> line.endsWith(warning)).count(), said);
  }
}
