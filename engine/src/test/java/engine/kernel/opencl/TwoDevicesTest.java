package engine.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.AdamArgs;
import engine.kernel.AdamState;
import engine.kernel.Backends;
import engine.kernel.Engine;
import engine.op.elementwise.Elementwise;
import engine.op.linalg.Linalg;
import engine.op.reduce.Reduce;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.Bits;
import engine.testing.ChildMachine;
import engine.testing.OpenClBackends;
import engine.testing.SplitMix;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** One set of weights that serves two devices at once, and is trained on both in turn. */
class TwoDevicesTest {
  private static final int WIDTH = 96;
  private static final int PASSES = 20;
  private static final int STEPS = 6;
  private static final AdamArgs ADAM =
      new AdamArgs(0.9f, 0.1f, 0.999f, 0.001f, 0.5f, 1e-8f, 1e-2f, 1, 1);

  private static Tensor drawn(long seed, int rows) {
    return Tensor.generate(Shape.of(rows, WIDTH), i -> SplitMix.unit(seed, i) - 0.5);
  }

  private static Tensor forward(Tensor x, Tensor weights) {
    return Elementwise.silu(Linalg.matmul(x, weights));
  }

  /** As many passes as there are, each with its own input. */
  private static float[] passes(Tensor weights) {
    float[] last = {};
    for (int i = 0; i < PASSES; i++) {
      try (Tape scope = Tape.noGrad()) {
        last = forward(drawn(10 + i, 32), weights).toArray();
      }
    }
    return last;
  }

  /** The state of a training with Adam. */
  private record Training(Tensor weights, Tensor m, Tensor v) {
    static Training begun() {
      Shape shape = Shape.of(WIDTH, WIDTH);
      return new Training(drawn(1, WIDTH).asParameter(), Tensor.zeros(shape), Tensor.zeros(shape));
    }

    /** A step wherever this thread computes. */
    Void step(int number) {
      try (Tape tape = Tape.open()) {
        Tensor y = forward(drawn(100 + number, 32), weights);
        Gradients g = tape.backward(Reduce.sum(Elementwise.square(y)));
        Backends.current()
            .optimiser()
            .adam(
                ADAM,
                new AdamState(weights.storage(), g.of(weights).storage(), m.storage(), v.storage()),
                weights.size());
      }
      return null;
    }
  }

  /** Both at once, each with the bits of the processor, and the weights sent once to each. */
  static void serveBoth(Engine a, Engine b) throws InterruptedException, ExecutionException {
    Tensor weights = drawn(1, WIDTH);
    float[] expected;
    try (Engine processor = Engine.open("scalar", 1)) {
      expected = processor.run(() -> passes(weights));
    }
    CountDownLatch both = new CountDownLatch(2);
    try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
      Future<Transfers> first = callers.submit(served(a, weights, expected, both));
      Future<Transfers> second = callers.submit(served(b, weights, expected, both));
      for (Transfers t : List.of(first.get(), second.get())) {
        assertEquals(PASSES + 1, t.uploads(), t.toString());
        assertEquals(PASSES, t.downloads(), t.toString());
      }
    }
  }

  private static Callable<Transfers> served(
      Engine engine, Tensor weights, float[] expected, CountDownLatch both) {
    OpenClKernels kernels = (OpenClKernels) engine.kernels();
    return () -> {
      both.countDown();
      both.await();
      Transfers before = kernels.transfers();
      Bits.assertEqual(expected, engine.run(() -> passes(weights)), kernels.device().line());
      return kernels.transfers().since(before);
    };
  }

  /** A step here, a step there: the weights travel, and end as on the processor. */
  static void trainInTurn(Engine a, Engine b) {
    Training expected = Training.begun();
    try (Engine processor = Engine.open("scalar", 1)) {
      for (int i = 0; i < STEPS; i++) {
        int step = i;
        processor.run(() -> expected.step(step));
      }
    }
    Training got = Training.begun();
    for (int i = 0; i < STEPS; i++) {
      int step = i;
      (i % 2 == 0 ? a : b).run(() -> got.step(step));
    }
    Bits.assertEqual(expected.weights().toArray(), got.weights().toArray(), "weights");
    Bits.assertEqual(expected.v().toArray(), got.v().toArray(), "second moments");
  }

  private static Engine engine(OpenClDevice device) {
    return Engine.open(1, team -> new OpenClKernels(device, team));
  }

  private static void onBoth(OpenClDevice first, OpenClDevice second)
      throws InterruptedException, ExecutionException {
    try (Engine a = engine(first);
        Engine b = engine(second)) {
      serveBoth(a, b);
      trainInTurn(a, b);
    }
  }

  @Test
  void twoContextsOnOneDeviceShareWeights() throws Exception {
    assumeTrue(OpenClBackends.DEVICE.isPresent(), "no OpenCL device");
    OpenClDevice device = OpenClBackends.DEVICE.orElseThrow();
    onBoth(device, device);
  }

  /** Run where PoCL shows two. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) throws InterruptedException, ExecutionException {
      List<OpenClDevice> all = OpenClDevices.list();
      if (all.size() == 2) {
        onBoth(all.get(0), all.get(1));
      }
      System.out.println(all.size() + " devices: " + all.stream().map(OpenClDevice::name).toList());
    }
  }

  @Test
  void twoDevicesShareWeights() throws IOException, InterruptedException {
    assumeTrue(
        OpenClBackends.DEVICE.filter(d -> d.platform().contains("Portable")).isPresent(),
        "no PoCL, which can be told to show two devices");
    String said =
        new ChildMachine(
                Map.of("POCL_DEVICES", "basic pthread"), "--enable-native-access=ALL-UNNAMED")
            .run(Program.class);
    assertTrue(said.contains("2 devices: ["), said);
    assertTrue(said.contains("basic") && said.contains("pthread"), said);
  }
}
