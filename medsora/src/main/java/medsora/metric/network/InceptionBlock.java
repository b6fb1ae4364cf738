package medsora.metric.network;

import static engine.op.elementwise.Elementwise.relu;
import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.op.conv.Conv;
import engine.op.conv.Padding2;
import engine.op.conv.Stride2;
import engine.op.elementwise.Elementwise;
import engine.op.resample.Resample;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import nn.Module;
import nn.layer.BatchNorm;
import nn.layer.Kernel2;
import org.jspecify.annotations.Nullable;

/**
 * Branches side by side, in the order in which their channels follow each other. Several begin with
 * a 1x1 convolution of the block's input; these heads are computed as one, which reads it once.
 */
final class InceptionBlock extends FoldedUnit {
  private static final int SIDE = 3;

  /**
   * A branch.
   *
   * @param head its first unit, 1x1, or null
   * @param averaged whether the head's ReLU comes behind an average, which is of {@code rest}
   * @param rest what follows the head, or all there is
   */
  private record Branch(
      @Nullable InceptionUnit head, boolean averaged, UnaryOperator<Tensor> rest) {}

  private final List<Branch> branches = new ArrayList<>();

  private InceptionBlock() {}

  private List<InceptionUnit> heads() {
    return branches.stream().map(Branch::head).filter(Objects::nonNull).toList();
  }

  @Override
  BatchNorm.Folded fold() {
    return join(heads());
  }

  @Override
  Collection<? extends Module> below() {
    List<InceptionUnit> joined = heads();
    return children().values().stream().filter(unit -> !joined.contains(unit)).toList();
  }

  /** [N,in,H,W] -> [N,out,H',W']. */
  Tensor forward(Tensor x) {
    BatchNorm.Folded f = folded();
    boolean linear = branches.stream().anyMatch(Branch::averaged);
    Tensor all =
        linear
            ? Conv.conv2d(x, f.weight(), f.bias(), Stride2.ONE, Padding2.NONE, 1)
            : Conv.conv2dRelu(x, f.weight(), f.bias(), Stride2.ONE, Padding2.NONE);
    List<Tensor> parts = new ArrayList<>();
    int from = 0;
    for (Branch branch : branches) {
      if (branch.head == null) {
        parts.add(Tape.scoped(() -> branch.rest.apply(x)));
        continue;
      }
      int to = from + branch.head.out();
      Tensor part = slice(all, 1, from, to);
      boolean late = linear && !branch.averaged;
      parts.add(Tape.consume(late ? Tape.consume(part, Elementwise::relu) : part, branch.rest));
      from = to;
    }
    Tape.discard(all);
    return concat(1, parts);
  }

  /** A branch that is a unit. */
  private InceptionUnit unit(String name, int in, int out, Kernel2 kernel) {
    return child(name, new InceptionUnit(in, out, kernel));
  }

  /** A head and the units behind it. */
  private void branch(InceptionUnit head, InceptionUnit... chain) {
    branches.add(new Branch(head, false, x -> chain(x, chain)));
  }

  /** What lies between is given back at once. */
  private static Tensor chain(Tensor x, InceptionUnit... chain) {
    Tensor y = x;
    for (InceptionUnit unit : chain) {
      y = y == x ? unit.forward(x) : Tape.consume(y, unit::forward);
    }
    return y;
  }

  /** A chain behind a head, whose last result goes through two units. */
  private void fork(
      InceptionUnit left, InceptionUnit right, InceptionUnit head, InceptionUnit... chain) {
    branches.add(
        new Branch(
            head,
            false,
            x -> {
              Tensor y = chain(x, chain);
              return concat(1, left.forward(y), right.forward(y));
            }));
  }

  /** A unit that is not 1x1. */
  private void headless(InceptionUnit unit) {
    branches.add(new Branch(null, false, unit::forward));
  }

  /**
   * A 1x1 unit behind an average of neighbours, which is taken of the unit's own, fewer, channels:
   * a 1x1 convolution and a mean of weights that add up to 1 may change places.
   */
  private void averageBranch(int in, int out) {
    InceptionUnit unit = unit("branch_pool", in, out, Kernel2.of(1));
    branches.add(new Branch(unit, true, x -> relu(average(x))));
  }

  /** Over the 4, 6 or 9 pixels that there are. */
  private static Tensor average(Tensor x) {
    return Resample.averageAround(Resample.averageAround(x, -1, SIDE), -2, SIDE);
  }

  private void maxBranch(int in, int out) {
    InceptionUnit unit = unit("branch_pool", in, out, Kernel2.of(1));
    branches.add(
        new Branch(null, false, x -> unit.forward(Resample.maxPool2d(x, SIDE, 1, Padding2.of(1)))));
  }

  private void maxBranch() {
    branches.add(new Branch(null, false, x -> Resample.maxPool2d(x, SIDE, 2)));
  }

  private static Kernel2 halving() {
    return Kernel2.of(SIDE).stride(2);
  }

  private static Kernel2 wide() {
    return Kernel2.same(1, 7);
  }

  private static Kernel2 high() {
    return Kernel2.same(7, 1);
  }

  /** Mixed_5b, 5c, 5d: out = 224 + pool. */
  static InceptionBlock of5(int in, int pool) {
    InceptionBlock b = new InceptionBlock();
    b.branch(b.unit("branch1x1", in, 64, Kernel2.of(1)));
    b.branch(
        b.unit("branch5x5_1", in, 48, Kernel2.of(1)),
        b.unit("branch5x5_2", 48, 64, Kernel2.same(5)));
    b.branch(
        b.unit("branch3x3dbl_1", in, 64, Kernel2.of(1)),
        b.unit("branch3x3dbl_2", 64, 96, Kernel2.same(SIDE)),
        b.unit("branch3x3dbl_3", 96, 96, Kernel2.same(SIDE)));
    b.averageBranch(in, pool);
    return b;
  }

  /** Mixed_6a: out = 480 + in. */
  static InceptionBlock of6a(int in) {
    InceptionBlock b = new InceptionBlock();
    b.headless(b.unit("branch3x3", in, 384, halving()));
    b.branch(
        b.unit("branch3x3dbl_1", in, 64, Kernel2.of(1)),
        b.unit("branch3x3dbl_2", 64, 96, Kernel2.same(SIDE)),
        b.unit("branch3x3dbl_3", 96, 96, halving()));
    b.maxBranch();
    return b;
  }

  /**
   * Mixed_6b to 6e: out = 768.
   *
   * @param c channels between the convolutions
   */
  static InceptionBlock of6(int in, int c) {
    InceptionBlock b = new InceptionBlock();
    b.branch(b.unit("branch1x1", in, 192, Kernel2.of(1)));
    b.branch(
        b.unit("branch7x7_1", in, c, Kernel2.of(1)),
        b.unit("branch7x7_2", c, c, wide()),
        b.unit("branch7x7_3", c, 192, high()));
    b.branch(
        b.unit("branch7x7dbl_1", in, c, Kernel2.of(1)),
        b.unit("branch7x7dbl_2", c, c, high()),
        b.unit("branch7x7dbl_3", c, c, wide()),
        b.unit("branch7x7dbl_4", c, c, high()),
        b.unit("branch7x7dbl_5", c, 192, wide()));
    b.averageBranch(in, 192);
    return b;
  }

  /** Mixed_7a: out = 512 + in. */
  static InceptionBlock of7a(int in) {
    InceptionBlock b = new InceptionBlock();
    b.branch(
        b.unit("branch3x3_1", in, 192, Kernel2.of(1)), b.unit("branch3x3_2", 192, 320, halving()));
    b.branch(
        b.unit("branch7x7x3_1", in, 192, Kernel2.of(1)),
        b.unit("branch7x7x3_2", 192, 192, wide()),
        b.unit("branch7x7x3_3", 192, 192, high()),
        b.unit("branch7x7x3_4", 192, 192, halving()));
    b.maxBranch();
    return b;
  }

  /**
   * Mixed_7b and 7c: out = 2048.
   *
   * @param max whether the pool takes the largest, as in 7c alone
   */
  static InceptionBlock of7(int in, boolean max) {
    InceptionBlock b = new InceptionBlock();
    b.branch(b.unit("branch1x1", in, 320, Kernel2.of(1)));
    InceptionUnit first = b.unit("branch3x3_1", in, 384, Kernel2.of(1));
    b.fork(
        b.unit("branch3x3_2a", 384, 384, Kernel2.same(1, SIDE)),
        b.unit("branch3x3_2b", 384, 384, Kernel2.same(SIDE, 1)),
        first);
    InceptionUnit one = b.unit("branch3x3dbl_1", in, 448, Kernel2.of(1));
    InceptionUnit two = b.unit("branch3x3dbl_2", 448, 384, Kernel2.same(SIDE));
    b.fork(
        b.unit("branch3x3dbl_3a", 384, 384, Kernel2.same(1, SIDE)),
        b.unit("branch3x3dbl_3b", 384, 384, Kernel2.same(SIDE, 1)),
        one,
        two);
    if (max) {
      b.maxBranch(in, 192);
    } else {
      b.averageBranch(in, 192);
    }
    return b;
  }
}
