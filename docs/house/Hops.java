import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.attention.Attention;
import engine.op.attention.WindowSpec;
import engine.op.conv.Conv;
import engine.op.linalg.Linalg;
import engine.op.norm.Norm;
import engine.op.scan.Scan;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints for five ops the calls from the user's down to where the time goes, as a thread that
 * repeats the op is met at work, again and again: {@code op frame frame ...}, the user's call
 * first. House starts it with the classes of the checkout that it measures.
 */
final class Hops {
  private static final int LOOKS = 200;
  private static final int PAUSE_MS = 2;

  private Hops() {}

  public static void main(String[] args) throws InterruptedException {
    Tensor x = tensor(1, 8, 4, 18, 18);
    Tensor kernel = tensor(16, 8, 3, 3, 3);
    print("conv3d", () -> Conv.conv3d(x, kernel, null, Stride3.ONE, Padding3.both(1, 1, 1), 1));
    Tensor square = tensor(256, 256);
    print("matmul", () -> Linalg.matmul(square, square));
    Tensor row = tensor(256);
    print("layerNorm", () -> Norm.layerNorm(square, row, row, 1e-5f));
    Tensor u = tensor(1, 256, 4, 32);
    Tensor dt = tensor(1, 256, 4);
    Tensor a = Tensor.generate(Shape.of(4), i -> -1);
    Tensor bc = tensor(1, 256, 1, 32);
    print("ssdScan", () -> Scan.ssdScan(u, dt, a, bc, bc, null, null, 64));
    Tensor q = tensor(2, 256, 64);
    WindowSpec.Sliding window = new WindowSpec.Sliding(4, 8);
    print("windowedAttention", () -> Attention.windowed(q, q, q, window));
    System.exit(0);
  }

  private static Tensor tensor(int... extents) {
    return Tensor.generate(Shape.of(extents), i -> 0.01 * (i % 7));
  }

  private static void print(String name, Runnable op) throws InterruptedException {
    op.run();
    Thread worker =
        new Thread(() -> {
          while (!Thread.currentThread().isInterrupted()) {
            op.run();
          }
        });
    worker.setDaemon(true);
    worker.start();
    for (int i = 0; i < LOOKS; i++) {
      Thread.sleep(PAUSE_MS);
      List<String> frames = atWork(worker);
      if (!frames.isEmpty()) {
        System.out.println(name + " " + String.join(" ", frames));
      }
    }
    worker.interrupt();
    worker.join();
  }

  /** The engine's frames, the user's call first; none unless a backend is among them. */
  private static List<String> atWork(Thread worker) {
    List<String> frames = new ArrayList<>();
    boolean isInBackend = false;
    for (StackTraceElement frame : worker.getStackTrace()) {
      String type = frame.getClassName();
      if (type.startsWith("engine.")) {
        frames.add(0, type.replace('$', '.') + "#" + frame.getMethodName());
        isInBackend |= type.matches("engine\\.kernel\\.(scalar|simd)\\..*");
      }
    }
    return isInBackend ? frames : List.of();
  }
}
