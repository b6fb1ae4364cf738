package engine.kernel.simd;

import static engine.kernel.simd.SimdGemm.MR;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.Conv3dArgs;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarConv3d;
import engine.tensor.HeapStorage;

/**
 * The gradient of a convolution by its weight, with the bits of {@link ScalarConv3d}: the matrix
 * product of a group's output channels by its taps (ci,kt,kh,kw), summed over the outputs
 * (n,t',h',w'). Neither operand is ever written out: gradOutput is packed where it lies, the inputs
 * of the taps from the padded copy of x ({@link TapPacker}). Groups of few channels have a loop of
 * their own ({@link SimdConv3dGradInPlace}).
 */
final class SimdConv3dGradWeight {
  /**
   * Output channels of a group up to which panels of inputs do not pay. Measured with 256 bits:
   * 0.64 to 0.87 times as fast at 16 to 32 channels, 1.1 times at 64, 1.35 times at 256; not
   * measured with 512, where the loop in place stays.
   */
  private static final int FEW = L >= 16 ? Integer.MAX_VALUE : 6 * L;

  private SimdConv3dGradWeight() {}

  static void run(
      Workers workers, Conv3dArgs a, float[] x, float[] gradOutput, float[] gradWeight) {
    SimdConv3dVolume volume = SimdConv3dVolume.input(a);
    HeapStorage copy = null;
    float[] source = x;
    if (!volume.isIdentity()) {
      copy = HeapStorage.allocate(Math.multiplyExact(a.n(), volume.sample));
      source = HeapStorage.array(copy);
      volume.fill(workers, x, 0, a.n(), source);
    }
    if (a.groupOut() <= FEW) {
      SimdConv3dGradInPlace.run(workers, a, volume, source, gradOutput, gradWeight);
    } else {
      products(workers, a, volume, source, gradOutput, gradWeight);
    }
    if (copy != null) {
      copy.release();
    }
  }

  /** Many groups side by side, few one after the other. */
  private static void products(
      Workers workers,
      Conv3dArgs a,
      SimdConv3dVolume volume,
      float[] x,
      float[] gradOutput,
      float[] gradWeight) {
    int[] taps = SimdConv3d.tapOffsets(a, volume);
    int size = a.groupOut() * taps.length;
    boolean many = a.groups() >= workers.threads();
    Workers each = many ? Workers.SINGLE : workers;
    Workers all = many ? workers : Workers.SINGLE;
    all.forEach(
        a.groups(),
        group ->
            SimdGemm.run(
                each,
                new SimdGemm.Product(
                    a.groupOut(),
                    taps.length,
                    a.n() * a.positions(),
                    new Gradients(a, gradOutput, group),
                    new TapPacker(a, volume, taps, x, group),
                    null,
                    gradWeight,
                    group * size,
                    taps.length)));
  }

  /** The output channels of a group as rows; k runs over all samples, each a matrix of its own. */
  private record Gradients(Conv3dArgs args, float[] g, int group) implements PanelPacker {
    @Override
    public void pack(int k0, int k1, int from, int to, float[] panel, int at) {
      int positions = args.positions();
      for (int k = k0; k < k1; ) {
        int first = k % positions;
        int end = Math.min(positions, first + k1 - k);
        int channel = k / positions * args.co() + group * args.groupOut();
        MatrixPacker.of(g, channel * positions, args.groupOut(), positions, true, MR)
            .pack(first, end, from, to, panel, at + (k - k0) * MR);
        k += end - first;
      }
    }
  }
}
