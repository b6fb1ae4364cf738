package engine.kernel.opencl;

import engine.kernel.Fft2Kernels;
import engine.kernel.FftArgs;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarFft2;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/** The Fourier transforms come back to the host, where JTransforms does them: one copy each way. */
final class OpenClFft2 implements Fft2Kernels {
  private final Fft2Kernels host;

  OpenClFft2(Workers workers) {
    this.host = new ScalarFft2(workers);
  }

  @Override
  public void forward(FftArgs args, Storage x, Storage y) {
    HeapStorage to = blank(y);
    host.forward(args, fetched(x), to);
    y.write(HeapStorage.array(to));
  }

  @Override
  public void gradient(FftArgs args, Storage gradOutput, Storage gradInput) {
    HeapStorage to = blank(gradInput);
    host.gradient(args, fetched(gradOutput), to);
    gradInput.write(HeapStorage.array(to));
  }

  private static HeapStorage fetched(Storage x) {
    float[] values = new float[x.size()];
    x.read(values);
    return HeapStorage.wrap(values);
  }

  private static HeapStorage blank(Storage y) {
    return HeapStorage.wrap(new float[y.size()]);
  }
}
