package engine.kernel.simd;

import static engine.kernel.WinogradArgs.POINTS;
import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.kernel.simd.SimdGemm.KC;
import static engine.kernel.simd.SimdGemm.MR;
import static engine.kernel.simd.SimdGemm.NR;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.WinogradArgs;
import engine.kernel.WinogradConv3dKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarWinogradConv3d;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/**
 * Winograd's F(2x2,3x3) with the bits of {@link ScalarWinogradConv3d}. The weights are transformed
 * once, into panels of the matrix micro-kernels. Then each task takes some tiles of some frames
 * ({@link SimdWinogradBlock}): their 16 products are matrix products of output channels by tiles,
 * whose operand of inputs lies in panels of tiles with k = (frame, channel) in one run, so that the
 * products of the next frame begin one frame further in the same panel and every frame is
 * transformed once.
 */
final class SimdWinogradConv3d implements WinogradConv3dKernels {
  /**
   * Columns of the products of one task. They share one passage over the transformed weights, which
   * come from memory; and whole rows of tiles make long runs of the input and of the result, whose
   * planes lie pages apart (measured: 128 columns take a fifth longer).
   */
  private static final int COLUMNS = 512;

  /**
   * Most floats of transformed inputs of one task: 12 MB. The products read them point by point.
   */
  private static final int VALUES = 3 << 20;

  /** Frames of one task; two more are transformed where the kernel has three time taps. */
  private static final int FRAMES = 8;

  /** Where the parts of the packed weights lie, and how the work is cut. */
  record Plan(WinogradArgs args, int frames, int runs, int panels, int blockPanels, int blocks) {
    static Plan of(WinogradArgs a, int threads) {
      int runs = Math.ceilDiv(a.to(), FRAMES);
      int frames = Math.ceilDiv(a.to(), runs);
      int panels = Math.ceilDiv(a.tiles(), NR);
      int values = POINTS * NR * (frames + a.kt() - 1) * a.ci();
      int most = Math.clamp(Math.min(COLUMNS / (NR * frames), VALUES / values), 1, panels);
      int fair = a.n() * runs * panels / (2 * threads);
      int each = Math.clamp(fair, 1, most);
      return new Plan(a, frames, runs, panels, each, Math.ceilDiv(panels, each));
    }

    /** Output channels as tiles of the products cover them. */
    int paddedRows() {
      return Math.ceilDiv(args.co(), MR) * MR;
    }

    int rowPanels() {
      return Math.ceilDiv(args.co(), MR);
    }

    /** Distance of two points in the packed weights. */
    int pointPitch() {
      return Math.multiplyExact(paddedRows(), args.k());
    }

    /** The panel of weights of some rows for the segment that begins at k0, within a point. */
    int weightPanel(int k0, int rowPanel) {
      int depth = Math.min(KC, args.k() - k0);
      return k0 * paddedRows() + rowPanel * depth * MR;
    }
  }

  private final Workers workers;

  SimdWinogradConv3d(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(
      WinogradArgs a, Storage input, Storage weights, Storage shift, Storage output) {
    float[] x = readOnly(input);
    float[] weight = readOnly(weights);
    float[] bias = readOnlyOrNull(shift);
    float[] y = array(output);
    Plan plan = Plan.of(a, workers.threads());
    int size = Math.multiplyExact(POINTS, plan.pointPitch());
    HeapStorage scratch = HeapStorage.keepsForms(weights) ? null : HeapStorage.allocate(size);
    float[] u =
        scratch == null
            ? HeapStorage.form(
                weights,
                new Form(a.co(), a.ci(), a.kt(), a.mirrored()),
                () -> packed(plan, weight, new float[size]))
            : packed(plan, weight, array(scratch));
    workers.forEach(
        a.n() * plan.runs * plan.blocks,
        task -> {
          int block = task % plan.blocks;
          int run = task / plan.blocks % plan.runs;
          int sample = task / (plan.blocks * plan.runs);
          new SimdWinogradBlock(plan, sample, run, block).compute(x, u, bias, y);
        });
    if (scratch != null) {
      scratch.release();
    }
  }

  /** What the transformed weights depend on. */
  private record Form(int co, int ci, int kt, boolean mirrored) {}

  private float[] packed(Plan plan, float[] weight, float[] u) {
    workers.forEach(plan.rowPanels(), panel -> pack(plan, weight, panel, u));
    return u;
  }

  /** The transformed weights as [point][segment][panel of rows][k][row]. */
  private static void pack(Plan plan, float[] weight, int panel, float[] u) {
    WinogradArgs a = plan.args;
    float[] points = new float[POINTS];
    int pitch = plan.pointPitch();
    for (int k = 0; k < a.k(); k++) {
      int k0 = k / KC * KC;
      int at = plan.weightPanel(k0, panel) + (k - k0) * MR;
      for (int r = 0; r < MR; r++) {
        int co = Math.min(panel * MR + r, a.co() - 1);
        ScalarWinogradConv3d.weight(a, weight, co, k % a.ci(), k / a.ci(), points);
        for (int p = 0; p < POINTS; p++) {
          u[p * pitch + at + r] = points[p];
        }
      }
    }
  }
}
