package engine.op.scan;

import engine.autodiff.Saved;
import engine.kernel.Kernels;
import engine.kernel.SsdArgs;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of the scan's ops by name. In their lists come x, dt, A, B, for y also C, and then
 * what is optional, told apart by rank: D has one axis, the initial state four.
 */
record SsdInputs(
    Tensor x,
    Tensor dt,
    Tensor a,
    Tensor b,
    @Nullable Tensor c,
    @Nullable Tensor d,
    @Nullable Tensor initial) {
  static void requireChunk(int chunk) {
    if (chunk < 1 || chunk > SsdArgs.LONGEST_CHUNK) {
      throw new IllegalArgumentException(
          "[ssdScan] chunks have 1 to " + SsdArgs.LONGEST_CHUNK + " steps, got " + chunk);
    }
  }

  static SsdInputs of(List<Tensor> in, boolean withC) {
    Tensor d = null;
    Tensor initial = null;
    for (Tensor t : in.subList(withC ? 5 : 4, in.size())) {
      if (t.shape().rank() == 1) {
        d = t;
      } else {
        initial = t;
      }
    }
    return new SsdInputs(
        in.get(0), in.get(1), in.get(2), in.get(3), withC ? in.get(4) : null, d, initial);
  }

  static SsdInputs of(Saved saved, boolean withC) {
    List<Tensor> in = new ArrayList<>();
    for (int i = 0; i < saved.inputCount(); i++) {
      in.add(saved.input(i));
    }
    return of(in, withC);
  }

  static void check(String op, List<Shape> in, boolean withC) {
    Shape x = in.get(0);
    Shape b = in.get(3);
    String all =
        "x="
            + x
            + " dt="
            + in.get(1)
            + " A="
            + in.get(2)
            + " B="
            + b
            + " further="
            + in.subList(4, in.size());
    ShapeException.require(
        x.rank() == 4 && x.dim(3) > 0, op, "x wants [batch,length,heads,headDim]: %s", all);
    Shape dt = Shape.of(x.dim(0), x.dim(1), x.dim(2));
    ShapeException.require(in.get(1).equals(dt), op, "dt wants %s: %s", dt, all);
    Shape perHead = Shape.of(x.dim(2));
    ShapeException.require(in.get(2).equals(perHead), op, "A wants %s: %s", perHead, all);
    ShapeException.require(
        b.rank() == 4 && b.dim(0) == x.dim(0) && b.dim(1) == x.dim(1) && b.dim(3) > 0,
        op,
        "B wants [%d,%d,groups,state]: %s",
        x.dim(0),
        x.dim(1),
        all);
    ShapeException.require(
        b.dim(2) > 0 && x.dim(2) % b.dim(2) == 0,
        op,
        "%d groups do not divide %d heads: %s",
        b.dim(2),
        x.dim(2),
        all);
    if (withC) {
      ShapeException.require(in.get(4).equals(b), op, "C wants the shape of B: %s", all);
    }
    Shape state = stateShape(x, b);
    for (Shape s : in.subList(withC ? 5 : 4, in.size())) {
      ShapeException.require(
          s.equals(state) || (withC && s.equals(perHead)),
          op,
          "further inputs are %san initial state %s: %s",
          withC ? "D " + perHead + " and " : "",
          state,
          all);
    }
  }

  /** [B,H,P,N]. */
  static Shape stateShape(Shape x, Shape b) {
    return Shape.of(x.dim(0), x.dim(2), x.dim(3), b.dim(3));
  }

  SsdArgs args(int chunk) {
    return new SsdArgs(x.dim(0), x.dim(1), x.dim(2), x.dim(3), b.dim(2), b.dim(3), chunk, 0);
  }

  SsdArgs.Inputs storages() {
    return new SsdArgs.Inputs(
        x.storage(),
        dt.storage(),
        a.storage(),
        b.storage(),
        storage(c),
        storage(d),
        storage(initial));
  }

  /** The gradients, in the order of the op's inputs, from that of y or of the final state. */
  List<Tensor> backward(
      Kernels k, Saved saved, int chunk, @Nullable Storage gradY, @Nullable Storage gradState) {
    List<Tensor> gradients = new ArrayList<>();
    for (int i = 0; i < saved.inputCount(); i++) {
      // The kernel works in the gradients of x and dt, wanted or not.
      Shape shape = saved.input(i).shape();
      boolean there = i < 2 || saved.needs(i);
      gradients.add(there ? new Tensor(shape, k.allocate(shape.size())) : null);
    }
    k.ssdScan().gradient(args(chunk), storages(), gradY, gradState, targets(gradients));
    for (int i = 0; i < 2; i++) {
      if (!saved.needs(i)) {
        gradients.get(i).storage().release();
        gradients.set(i, null);
      }
    }
    return gradients;
  }

  private SsdArgs.Gradients targets(List<Tensor> gradients) {
    int at = 4;
    Tensor gradC = c == null ? null : gradients.get(at++);
    Tensor gradD = null;
    Tensor gradInitial = null;
    for (Tensor gradient : gradients.subList(at, gradients.size())) {
      if (gradient != null && gradient.shape().rank() == 1) {
        gradD = gradient;
      } else if (gradient != null) {
        gradInitial = gradient;
      }
    }
    return new SsdArgs.Gradients(
        gradients.get(0).storage(),
        gradients.get(1).storage(),
        storage(gradients.get(2)),
        storage(gradients.get(3)),
        storage(gradC),
        storage(gradD),
        storage(gradInitial));
  }

  private static @Nullable Storage storage(@Nullable Tensor tensor) {
    return tensor == null ? null : tensor.storage();
  }
}
