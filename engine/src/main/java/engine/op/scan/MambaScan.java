package engine.op.scan;

import engine.autodiff.Op;
import engine.autodiff.Saved;
import engine.kernel.Binary;
import engine.kernel.BroadcastArgs;
import engine.kernel.CopyArgs;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.kernel.SsdArgs;
import engine.kernel.Unary;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scan of a Mamba-2 layer on rows as its convolution leaves them: {@link SsdScan} with dt =
 * softplus(raw + bias), where x, B, C and the raw dt are read where they lie, and their gradients
 * written there.
 *
 * <p>Inputs: rows [B,L,H*P + 2*G*N + H] in the order [x | B | C | raw dt], bias of dt [H], A [H]
 * (negative), D [H]. Result: y [B,L,H*P]. The bits are those of the scan and of the elementwise ops
 * that it stands for.
 *
 * @param heads H
 * @param groups G, a divisor of H
 * @param state N
 * @param chunk steps per chunk, 1 to 512
 */
public record MambaScan(int heads, int groups, int state, int chunk) implements Op {
  public MambaScan {
    SsdInputs.requireChunk(chunk);
    if (heads < 1 || groups < 1 || state < 1 || heads % groups != 0) {
      throw new IllegalArgumentException(
          "[mambaScan] wants groups that divide the heads and a state: heads=%d groups=%d state=%d"
              .formatted(heads, groups, state));
    }
  }

  @Override
  public String name() {
    return "mambaScan";
  }

  @Override
  public Shape infer(List<Shape> in) {
    Shape rows = in.get(0);
    ShapeException.require(
        rows.rank() == 3 && inner(rows) > 0 && inner(rows) % heads == 0,
        name(),
        "wants rows [batch,length,heads*headDim + %d]: heads=%d rows=%s",
        (2 * groups * state) + heads,
        heads,
        rows);
    for (int i = 1; i < 4; i++) {
      ShapeException.require(
          in.get(i).equals(Shape.of(heads)),
          name(),
          "wants bias, A and D [%d]: %s",
          heads,
          in.subList(1, 4));
    }
    return rows.with(2, inner(rows));
  }

  private int inner(Shape rows) {
    return rows.dim(2) - (2 * groups * state) - heads;
  }

  private SsdArgs args(Shape rows) {
    int headDim = inner(rows) / heads;
    return new SsdArgs(rows.dim(0), rows.dim(1), heads, headDim, groups, state, chunk, rows.dim(2));
  }

  @Override
  public Tensor forward(Kernels k, List<Tensor> in, Saved saved) {
    Shape rows = in.get(0).shape();
    Shape perHead = Shape.of(rows.dim(0), rows.dim(1), heads);
    Tensor biased = new Tensor(perHead, k.allocate(perHead.size()));
    Tensor dt = new Tensor(perHead, k.allocate(perHead.size()));
    Shape shape = infer(in.stream().map(Tensor::shape).toList());
    Tensor y = new Tensor(shape, k.allocate(shape.size()));
    if (perHead.size() > 0) {
      k.copies().strided(dtColumns(rows, true), in.get(0).storage(), dt.storage());
      BroadcastArgs broadcast = BroadcastArgs.of(perHead, in.get(1).shape(), perHead);
      k.elementwise()
          .binary(Binary.ADD, broadcast, dt.storage(), in.get(1).storage(), biased.storage());
      k.elementwise().unary(Unary.SOFTPLUS, biased.storage(), dt.storage(), perHead.size());
    }
    k.ssdScan().forward(args(rows), inputs(in, dt), y.storage());
    saved.keep(biased);
    saved.keep(dt);
    return y;
  }

  private static SsdArgs.Inputs inputs(List<Tensor> in, Tensor dt) {
    Storage rows = in.get(0).storage();
    return new SsdArgs.Inputs(
        rows, dt.storage(), in.get(2).storage(), rows, rows, in.get(3).storage(), null);
  }

  /** The raw dt, from its place in the rows to [B,L,H] or back. */
  private CopyArgs dtColumns(Shape rows, boolean out) {
    int width = rows.dim(2);
    int[] extents = {rows.size(0, 2), heads};
    int[] wide = {width, 1};
    int[] narrow = {heads, 1};
    return out
        ? new CopyArgs(extents, width - heads, wide, 0, narrow)
        : new CopyArgs(extents, 0, narrow, width - heads, wide);
  }

  @Override
  public List<Tensor> backward(Kernels k, Saved saved, Tensor g) {
    Shape rows = saved.input(0).shape();
    Tensor biased = saved.kept(0);
    Tensor dt = saved.kept(1);
    int n = dt.size();
    Tensor gradRows = new Tensor(rows, k.allocate(rows.size()));
    Storage gradDt = k.allocate(n);
    Tensor gradA = vector(k, saved, 2);
    Tensor gradD = vector(k, saved, 3);
    Storage packed = gradRows.storage();
    k.ssdScan()
        .gradient(
            args(rows),
            inputs(List.of(saved.input(0), saved.input(1), saved.input(2), saved.input(3)), dt),
            g.storage(),
            null,
            new SsdArgs.Gradients(
                packed, gradDt, storage(gradA), packed, packed, storage(gradD), null));
    Storage gradBiased = k.allocate(n);
    k.elementwise()
        .unaryGrad(Unary.SOFTPLUS, biased.storage(), biased.storage(), gradDt, gradBiased, n);
    if (n > 0) {
      k.copies().strided(dtColumns(rows, false), gradBiased, packed);
    }
    Tensor gradBias = vector(k, saved, 1);
    if (gradBias != null) {
      k.reduce().sum(new ReduceArgs(1, rows.size(0, 2), heads), gradBiased, gradBias.storage());
    }
    return Arrays.asList(saved.needs(0) ? gradRows : null, gradBias, gradA, gradD);
  }

  private @Nullable Tensor vector(Kernels k, Saved saved, int input) {
    return saved.needs(input) ? new Tensor(Shape.of(heads), k.allocate(heads)) : null;
  }

  private static @Nullable Storage storage(@Nullable Tensor tensor) {
    return tensor == null ? null : tensor.storage();
  }
}
