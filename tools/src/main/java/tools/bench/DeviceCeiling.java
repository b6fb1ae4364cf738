package tools.bench;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.kernel.opencl.OpenClKernels;
import engine.kernel.opencl.OpenClPeak;
import engine.tensor.Storage;

/** What the OpenCL device of the backend can do at most, measured like any row. */
public record DeviceCeiling(Kind kind) implements Ceiling {
  /** Floats of an array: 256 MiB each. */
  private static final int SIZE = 1 << 26;

  /** Whether the backend computes on a device. */
  static boolean isThere() {
    return Backends.current() instanceof OpenClKernels;
  }

  private static OpenClKernels device() {
    if (Backends.current() instanceof OpenClKernels device) {
      return device;
    }
    throw new IllegalStateException("[bench] this ceiling wants --backend opencl");
  }

  @Override
  public String rowName() {
    return switch (kind) {
      case FMA -> "device-fma";
      case COPY -> "device-copy";
      case TRIAD -> "device-triad";
    };
  }

  @Override
  public boolean suits(int threads) {
    return true;
  }

  @Override
  public Work work() {
    return switch (kind) {
      case FMA -> Work.products(new OpenClPeak(device()).multiplyAdds(), 0);
      case COPY -> Work.moving(2L * SIZE);
      case TRIAD -> Work.moving(3L * SIZE);
    };
  }

  @Override
  public Task open(Task.Tensors tensors) {
    OpenClPeak peak = new OpenClPeak(device());
    if (kind == Kind.FMA) {
      return () -> Task.time(peak::fma);
    }
    Kernels k = device();
    Storage a = filled(k);
    Storage b = filled(k);
    if (kind == Kind.COPY) {
      return () -> Task.time(() -> k.copies().copy(a, b, SIZE));
    }
    Storage c = filled(k);
    return () -> Task.time(() -> peak.triad(b, c, 0.5f, a, SIZE));
  }

  private static Storage filled(Kernels k) {
    Storage array = k.allocate(SIZE);
    k.copies().fill(array, 1f, SIZE);
    return array;
  }
}
