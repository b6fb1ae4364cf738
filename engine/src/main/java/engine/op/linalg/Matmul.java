package engine.op.linalg;

import static engine.tensor.ShapeException.require;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.CopyArgs;
import engine.kernel.Kernels;
import engine.kernel.MatmulArgs;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Batched matrix product (PyTorch: matmul) {@code y = op(a) op(b)}, where op transposes the last
 * two axes if asked. a {@code [..., m, k]} ({@code [..., k, m]} if transA), b {@code [..., k, n]}
 * ({@code [..., n, k]} if transB), y {@code [..., m, n]}. The leading axes are equal, or one
 * operand has rank 2 and is used for the whole batch. Gradients: {@code op(a): g op(b)^T}, {@code
 * op(b): op(a)^T g}; for an operand of rank 2 used by a batch, one sum over the batch and the rows
 * (or columns) of g, the batch outermost. Order of all sums: numeric contract N1.
 */
public record Matmul(boolean transA, boolean transB) implements Op {
  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape a = in.get(0);
    Shape b = in.get(1);
    require(a.rank() >= 2 && b.rank() >= 2, name(), "wants matrices, rank >= 2: a=%s b=%s", a, b);
    int ka = a.dim(transA ? -2 : -1);
    int kb = b.dim(transB ? -1 : -2);
    require(
        ka == kb,
        name(),
        "inner dimensions differ, %d and %d: a=%s%s b=%s%s",
        ka,
        kb,
        a,
        transA ? "^T" : "",
        b,
        transB ? "^T" : "");
    int[] leadA = leading(a);
    int[] leadB = leading(b);
    require(
        a.rank() == 2 || b.rank() == 2 || Arrays.equals(leadA, leadB),
        name(),
        "batch axes differ (equal, or one operand of rank 2): a=%s b=%s",
        a,
        b);
    int[] lead = a.rank() == 2 ? leadB : leadA;
    int[] y = Arrays.copyOf(lead, lead.length + 2);
    y[lead.length] = a.dim(transA ? -1 : -2);
    y[lead.length + 1] = b.dim(transB ? -2 : -1);
    return Shape.of(y);
  }

  private static int[] leading(Shape s) {
    return Arrays.copyOf(s.dims(), s.rank() - 2);
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Tensor a = in.get(0);
    Tensor b = in.get(1);
    Shape shape = infer(List.of(a.shape(), b.shape()));
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    Extents e = extents(a.shape(), b.shape());
    k.matmul()
        .multiply(
            new MatmulArgs(e.batch, e.m, e.n, e.k, transA, transB, e.strideA(), e.strideB()),
            a.storage(),
            b.storage(),
            null,
            y.storage());
    return y;
  }

  @Override
  public boolean readsInput(int i, Saved saved) {
    return i < 2 && saved.needs(1 - i);
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Tensor a = saved.input(0);
    Tensor b = saved.input(1);
    Extents e = extents(a.shape(), b.shape());
    return Arrays.asList(
        saved.needs(0) ? gradA(k, a, b, g, e) : null, saved.needs(1) ? gradB(k, a, b, g, e) : null);
  }

  /** A batch of products; rows of a that lie together are folded into one product, batch 1. */
  private record Extents(int batch, int m, int n, int k, boolean repeatsA, boolean repeatsB) {
    int strideA() {
      return repeatsA ? 0 : m * k;
    }

    int strideB() {
      return repeatsB ? 0 : k * n;
    }
  }

  private Extents extents(Shape a, Shape b) {
    int m = a.dim(transA ? -1 : -2);
    int k = a.dim(transA ? -2 : -1);
    int n = b.dim(transB ? -2 : -1);
    int batchA = a.size(0, a.rank() - 2);
    int batchB = b.size(0, b.rank() - 2);
    if (b.rank() == 2 && !transA) {
      return new Extents(1, batchA * m, n, k, false, false);
    }
    boolean single = a.rank() == 2 && b.rank() == 2;
    return new Extents(
        a.rank() == 2 ? batchB : batchA,
        m,
        n,
        k,
        !single && a.rank() == 2,
        !single && b.rank() == 2);
  }

  private Tensor gradA(Kernels k, Tensor a, Tensor b, Tensor g, Extents e) {
    Tensor grad = new Tensor(a.shape(), k.allocate(a.size()));
    if (e.repeatsA) {
      Tensor columnsG = turned(k, g, e.batch, e.m, e.n);
      Tensor columnsB = transB ? b : turned(k, b, e.batch, e.k, e.n);
      MatmulArgs args =
          transA
              ? MatmulArgs.single(e.k, e.m, e.batch * e.n, true, false)
              : MatmulArgs.single(e.m, e.k, e.batch * e.n, true, false);
      k.matmul()
          .multiply(
              args,
              transA ? columnsB.storage() : columnsG.storage(),
              transA ? columnsG.storage() : columnsB.storage(),
              null,
              grad.storage());
    } else if (transA) {
      k.matmul()
          .multiply(
              new MatmulArgs(e.batch, e.k, e.m, e.n, transB, true, e.strideB(), e.m * e.n),
              b.storage(),
              g.storage(),
              null,
              grad.storage());
    } else {
      k.matmul()
          .multiply(
              new MatmulArgs(e.batch, e.m, e.k, e.n, false, !transB, e.m * e.n, e.strideB()),
              g.storage(),
              b.storage(),
              null,
              grad.storage());
    }
    return grad;
  }

  private Tensor gradB(Kernels k, Tensor a, Tensor b, Tensor g, Extents e) {
    Tensor grad = new Tensor(b.shape(), k.allocate(b.size()));
    boolean storedTurned = transA;
    Tensor left = a;
    Extents x = e;
    if (e.repeatsB) {
      left = turned(k, a, e.batch, e.k, e.m);
      storedTurned = false;
      x = new Extents(1, e.batch * e.m, e.n, e.k, false, false);
    }
    int strideG = x.m * x.n;
    MatmulArgs args =
        transB
            ? new MatmulArgs(x.batch, x.n, x.k, x.m, true, storedTurned, strideG, x.strideA())
            : new MatmulArgs(x.batch, x.k, x.n, x.m, !storedTurned, false, x.strideA(), strideG);
    k.matmul()
        .multiply(
            args,
            transB ? g.storage() : left.storage(),
            transB ? left.storage() : g.storage(),
            null,
            grad.storage());
    return grad;
  }

  /** x [batch, r, c] as [batch * c, r]. */
  private static Tensor turned(Kernels k, Tensor x, int batch, int r, int c) {
    Tensor y = new Tensor(Shape.of(batch * c, r), k.allocate(x.size()));
    if (y.size() > 0) {
      int[] extents = {batch, c, r};
      int[] from = {r * c, 1, c};
      int[] to = {r * c, r, 1};
      k.copies().strided(CopyArgs.merged(extents, 0, from, 0, to), x.storage(), y.storage());
    }
    return y;
  }
}
