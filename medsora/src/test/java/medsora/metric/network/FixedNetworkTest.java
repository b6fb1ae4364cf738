package medsora.metric.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.conv.Conv;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Weights that are folded and packed once give what they give anew at each use. */
class FixedNetworkTest {
  private static Tensor drawn(Shape shape, int seed) {
    return Tensor.generate(shape, i -> ((i * 7919L + seed * 104729L) % 1009) / 504.5 - 1);
  }

  private static float[] run(I3dMixed network, Tensor x) {
    try (Tape scope = Tape.noGrad()) {
      return network.forward(x).toArray();
    }
  }

  @Test
  void fixedUnitsHaveTheSameBits() {
    I3dMixed network = new I3dMixed(48, new I3dMixed.Widths(40, 33, 36, 16, 32, 32), I3d.EPS);
    network.initialize(3);
    for (int side : new int[] {7, 14}) {
      Tensor x = drawn(Shape.of(2, 48, 3, side, side), side);
      float[] anew = run(network, x);
      FoldedUnit.fix(network);
      assertArrayEquals(anew, run(network, x));
      assertArrayEquals(anew, run(network, x));
    }
  }

  /** A form that was kept is dropped when the weights are written. */
  @Test
  void aWrittenConstantIsReadAnew() {
    Tensor x = drawn(Shape.of(1, 40, 1, 14, 14), 1);
    Tensor before = drawn(Shape.of(33, 40, 1, 3, 3), 2);
    Tensor after = drawn(Shape.of(33, 40, 1, 3, 3), 5);
    Tensor constant = Tensor.constant(before.shape(), before.toArray());
    Padding3 padding = Padding3.both(0, 1, 1);
    try (Tape scope = Tape.noGrad()) {
      for (Tensor now : new Tensor[] {before, after}) {
        constant.storage().write(now.toArray());
        for (int again = 0; again < 2; again++) {
          assertArrayEquals(
              Conv.conv3d(x, now, null, Stride3.ONE, padding, 1).toArray(),
              Conv.conv3d(x, constant, null, Stride3.ONE, padding, 1).toArray());
          assertArrayEquals(
              Conv.winogradConv3d(x, now, null, padding, false).toArray(),
              Conv.winogradConv3d(x, constant, null, padding, false).toArray());
        }
      }
    }
  }
}
