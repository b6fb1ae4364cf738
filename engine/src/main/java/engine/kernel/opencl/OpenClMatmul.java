package engine.kernel.opencl;

import engine.kernel.MatmulArgs;
import engine.kernel.MatmulKernels;
import engine.kernel.opencl.OpenClPanels.Bias;
import engine.kernel.opencl.OpenClPanels.Factor;
import engine.kernel.opencl.OpenClPanels.Sizes;
import engine.kernel.opencl.OpenClPanels.Target;
import engine.tensor.Storage;

/**
 * Matrix products as products of panels: {@code c[i,j] = sum over p of a[i,p] b[p,j] + bias[j]}.
 */
final class OpenClMatmul implements MatmulKernels {
  private final OpenClPanels panels;

  OpenClMatmul(OpenClPanels panels) {
    this.panels = panels;
  }

  @Override
  public void multiply(MatmulArgs args, Storage a, Storage b, Storage bias, Storage c) {
    int m = args.m();
    int n = args.n();
    int k = args.k();
    int itemsA = args.strideA() == 0 ? 1 : Math.max(1, args.batch());
    int itemsB = args.strideB() == 0 ? 1 : Math.max(1, args.batch());
    Factor left =
        Factor.plain(itemsA, m, args.transA() ? 1 : k, args.transA() ? m : 1, args.strideA());
    Factor right =
        Factor.plain(itemsB, n, args.transB() ? k : 1, args.transB() ? 1 : n, args.strideB());
    OpenClStorage x = panels.rows(left, 0, k, a);
    OpenClStorage z = panels.columns(right, 0, k, b);
    Target to = new Target(0, n, m * n, false, bias == null ? Bias.NONE : Bias.BY_COLUMN);
    Sizes sizes = new Sizes(args.batch(), m, n, k, itemsA, itemsB);
    panels.multiply(sizes, x, z, bias, to, c);
    x.release();
    z.release();
  }
}
