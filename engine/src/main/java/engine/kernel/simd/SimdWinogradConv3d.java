package engine.kernel.simd;

import static engine.kernel.WinogradArgs.POINTS;
import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
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
import org.jspecify.annotations.Nullable;

/**
 * Winograd's F(4x4,3x3) with the bits of {@link ScalarWinogradConv3d}. The weights are transformed
 * once, into panels of the matrix micro-kernels. Then each task takes some tiles of some frames
 * ({@link SimdWinogradBlock}): their 36 products are matrix products of output channels by tiles,
 * whose operand of inputs lies in panels of tiles with k = (frame, channel) in one run, so that the
 * products of the next frame begin one frame further in the same panel and every frame is
 * transformed once. Where a frame has half a panel of tiles or less, the tiles of neighbouring
 * frames share panels.
 */
final class SimdWinogradConv3d implements WinogradConv3dKernels {
  /**
   * Columns of the products of one task. They share one passage over the transformed weights, which
   * come from memory; and whole rows of tiles make long runs of the input and of the result, whose
   * planes lie pages apart (measured: 512 columns take up to a tenth longer).
   */
  private static final int COLUMNS = 1024;

  /**
   * Most floats of transformed inputs of one task, and of their products: 24 MB each. The products
   * read and write them point by point.
   */
  private static final int VALUES = 6 << 20;

  /**
   * The same for weights that stay in the third-level cache: 1 MB each, which stays nearer still.
   * Fewer columns cost nothing there, for the weights need not come from memory for them (measured:
   * 1.2 to 1.8 times as fast as blocks of 1024 columns with 32 to 80 channels of 73 to 149 squared;
   * no difference at 35x35).
   */
  private static final int VALUES_NEAR = 1 << 18;

  /** Floats of transformed weights up to which {@link #VALUES_NEAR} holds: 4 MB. */
  private static final int WEIGHTS_NEAR = 1 << 20;

  /** Frames of one task; two more are transformed where the kernel has three time taps. */
  private static final int FRAMES = 8;

  /** Most columns of a block whose inputs all threads share. */
  private static final int SHARED_COLUMNS = 64;

  /** Floats of weights that one task transforms for itself: 8 MB. */
  private static final int WEIGHTS = 1 << 21;

  /** Input channels that a thread transforms at once. */
  private static final int CHANNELS = 16;

  private static final int START = PanelScratch.START;

  /**
   * Where the parts of the packed weights lie, and how the work is cut.
   *
   * @param group frames whose tiles lie side by side in one panel: several where a frame has few
   * @param frames of one task, whole groups
   */
  record Plan(
      WinogradArgs args, int group, int frames, int runs, int panels, int blockPanels, int blocks) {
    /**
     * Tasks that share nothing but the weights: of at most {@link #COLUMNS} columns and {@link
     * #VALUES} or {@link #VALUES_NEAR} floats each, two for each thread or more where there are so
     * many panels, else one.
     */
    static Plan of(WinogradArgs a, int threads) {
      int group = Math.clamp(NR / a.tiles(), 1, a.to());
      int step = POINTS * NR * a.ci();
      int panels = Math.ceilDiv(a.tiles(), NR);
      int values = WinogradPanels.all(a).size() <= WEIGHTS_NEAR ? VALUES_NEAR : VALUES;
      int most = Math.clamp(values / step + 1 - a.kt(), 1, FRAMES);
      int wanted = Math.ceilDiv(threads, Math.max(1, a.n()) * panels);
      int parts = Math.max(Math.ceilDiv(a.to(), most), wanted);
      int groups = Math.ceilDiv(Math.ceilDiv(a.to(), parts), group);
      int columns = Math.min(COLUMNS, values / (POINTS * a.co())) / (NR * groups);
      int steps = values / (step * steps(a, group, groups));
      int runs = Math.ceilDiv(a.to(), groups * group);
      int fair = a.n() * runs * panels / (2 * threads);
      int each = Math.clamp(fair, 1, Math.clamp(Math.min(columns, steps), 1, panels));
      return new Plan(a, group, groups * group, runs, panels, each, Math.ceilDiv(panels, each));
    }

    /** A sample as one block, which its threads share; null where it has too many tiles for it. */
    static @Nullable Plan shared(WinogradArgs a) {
      int group = Math.clamp(NR / a.tiles(), 1, a.to());
      int groups = Math.ceilDiv(a.to(), group);
      boolean few = a.n() == 1 && a.tiles() <= NR && groups * NR <= SHARED_COLUMNS;
      return few ? new Plan(a, group, groups * group, 1, 1, 1, 1) : null;
    }

    /** Frames at which a panel of inputs begins. */
    static int steps(WinogradArgs a, int group, int groups) {
      return (groups - 1) * group + a.kt();
    }
  }

  private final Workers workers;

  SimdWinogradConv3d(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(
      WinogradArgs a, Storage input, Storage weights, Storage shift, boolean relu, Storage output) {
    float[] x = readOnly(input);
    float[] weight = readOnly(weights);
    Ending ending = Ending.of(readOnlyOrNull(shift), relu);
    float[] y = array(output);
    WinogradPanels all = WinogradPanels.all(a);
    if (HeapStorage.keepsForms(weights)) {
      Form form = new Form(a.co(), a.ci(), a.kt(), a.mirrored());
      float[] u = HeapStorage.form(weights, form, () -> packed(all, weight, new float[all.size()]));
      blocks(a, x, all, u, ending, y);
      return;
    }
    Plan shared = Plan.shared(a);
    if (shared != null) {
      rows(shared, x, weight, ending, y);
    } else {
      HeapStorage scratch = HeapStorage.allocate(all.size());
      blocks(a, x, all, packed(all, weight, array(scratch)), ending, y);
      scratch.release();
    }
  }

  /** What the transformed weights depend on. */
  private record Form(int co, int ci, int kt, boolean mirrored) {}

  private float[] packed(WinogradPanels all, float[] weight, float[] u) {
    workers.ranges(
        all.count(),
        1,
        (from, to) -> {
          WinogradWeights weights = new WinogradWeights(all, weight, u, 0);
          for (int panel = from; panel < to; panel++) {
            weights.pack(panel);
          }
        });
    return u;
  }

  private void blocks(
      WinogradArgs a, float[] x, WinogradPanels weights, float[] u, Ending ending, float[] y) {
    Plan plan = Plan.of(a, workers.threads());
    workers.forEach(
        a.n() * plan.runs * plan.blocks,
        task -> {
          int block = task % plan.blocks;
          int run = task / plan.blocks % plan.runs;
          int sample = task / (plan.blocks * plan.runs);
          new SimdWinogradBlock(plan, sample, run, block).compute(x, weights, u, ending, y);
        });
  }

  /**
   * Where there are few tiles, the weights are the most of what passes through memory. So each task
   * transforms those of some output channels in its own scratch and multiplies at once; the inputs
   * are shared.
   */
  private void rows(Plan plan, float[] x, float[] weight, Ending ending, float[] y) {
    WinogradArgs a = plan.args;
    HeapStorage scratch = HeapStorage.allocate(SimdWinogradBlock.size(plan));
    float[] v = array(scratch);
    WinogradPanels all = WinogradPanels.all(a);
    int fair = Math.max(1, all.count() / (2 * workers.threads()));
    int each = Math.clamp(WEIGHTS / (POINTS * MR * a.k()), 1, fair);
    SimdWinogradBlock block = new SimdWinogradBlock(plan, 0, 0, 0, v);
    workers.ranges(a.ci(), CHANNELS, (from, to) -> block.inputs(x, from, to));
    workers.forEach(
        Math.ceilDiv(all.count(), each),
        task -> {
          int first = task * each;
          int count = Math.min(each, all.count() - first);
          WinogradPanels some = new WinogradPanels(a, first, count);
          float[] u = SimdWinogradBlock.scratch(some.size());
          WinogradWeights transformed = new WinogradWeights(some, weight, u, START);
          for (int panel = first; panel < some.last(); panel++) {
            transformed.pack(panel);
          }
          block.rows(first, some.last(), some, u, START, ending, y);
        });
    scratch.release();
  }
}
