package engine.kernel.opencl;

import engine.kernel.RotaryArgs;
import engine.kernel.RotaryKernels;
import engine.tensor.Storage;

/** Rotary embedding. */
final class OpenClRotary extends OpenClFamily implements RotaryKernels {
  OpenClRotary(OpenClContext context) {
    super(context, "attention");
  }

  private static int[] sizes(RotaryArgs a) {
    return new int[] {
      a.batch(), a.length(), a.heads(), a.dim(), a.window(), a.offset(), a.versions(), a.positions()
    };
  }

  @Override
  public void forward(RotaryArgs a, Storage table, Storage x, Storage y) {
    int items = a.versions() * a.batch() * a.length() * a.heads() * (a.dim() / 2);
    run("rotary", items, sizes(a), a.scale(), in(table), in(x), out(y));
  }

  @Override
  public void gradient(RotaryArgs a, Storage table, Storage gradOutput, Storage gradInput) {
    int items = a.batch() * a.length() * a.heads() * (a.dim() / 2);
    run("rotary_grad", items, sizes(a), a.scale(), in(table), in(gradOutput), out(gradInput));
  }
}
