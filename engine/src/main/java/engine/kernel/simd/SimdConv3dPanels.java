package engine.kernel.simd;

import static engine.kernel.simd.SimdGemm.KC;
import static engine.kernel.simd.SimdGemm.MR;
import static engine.kernel.simd.SimdGemm.NR;

import engine.kernel.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A correlation as a matrix product of output channels by positions, tiled as {@link SimdGemm} is:
 * weights and positions lie in panels, k-major. The matrix of positions exists panel by panel only:
 * each task copies those of its block ({@link SimdConv3dRuns}), for one segment of k, into its own
 * second-level cache. Positions are numbered across rows, frames and samples, so that small maps
 * fill tiles too.
 */
final class SimdConv3dPanels implements SimdConv3dCorrelation {
  /**
   * Positions that a task copies at once: with {@link SimdGemm#KC} of k 384 KiB with 512 bits, 192
   * KiB with 256 (measured there: with twice as many a twentieth slower at 17x17).
   */
  private static final int BLOCK = 6 * NR;

  private static final int START = PanelScratch.START;

  private static final ThreadLocal<PanelScratch> SCRATCH =
      ThreadLocal.withInitial(PanelScratch::new);

  private final Products products;
  private final SimdConv3dVolume volume;
  private final Target target;

  /** The largest offset of a tap. */
  private final int reach;

  /** Panels of rows of one group. */
  private final int rowPanels;

  /** Whether the weights of a channel lie in the order of k. */
  private final boolean inOrder;

  SimdConv3dPanels(Products products, SimdConv3dVolume volume, Target target) {
    this.products = products;
    this.volume = volume;
    this.target = target;
    this.reach = Arrays.stream(products.source()).max().orElse(0);
    this.rowPanels = Math.ceilDiv(products.rows(), MR);
    boolean ascending = true;
    int[] at = products.weightAt();
    for (int k = 1; k < at.length; k++) {
      ascending &= at[k] == at[0] + k;
    }
    this.inOrder = ascending;
  }

  @Override
  public int k() {
    return products.k();
  }

  @Override
  public boolean staysInside() {
    return true;
  }

  /** Of weights in the order of k. */
  private record Form(int groups, int rows, int k) {}

  @Override
  public @Nullable Object form() {
    return inOrder ? new Form(products.groups(), products.rows(), k()) : null;
  }

  @Override
  public int packedSize() {
    return Math.multiplyExact(Math.multiplyExact(products.groups(), k()), rowPanels * MR);
  }

  /** [group][segment][panel of rows][k][row]. */
  @Override
  public void pack(Workers workers, float[] weight, float[] packed) {
    int segments = Math.ceilDiv(k(), KC);
    workers.forEach(
        products.groups() * segments * rowPanels,
        task -> {
          int panel = task % rowPanels;
          int k0 = task / rowPanels % segments * KC;
          int group = task / (rowPanels * segments);
          packPanel(weight, group, panel, k0, packed);
        });
  }

  private void packPanel(float[] weight, int group, int panel, int k0, float[] packed) {
    int k1 = Math.min(k(), k0 + KC);
    int row = panel * MR;
    int rows = Math.min(MR, products.rows() - row);
    int base = group * products.weightGroup();
    int at = weightPanel(group, panel, k0, k1 - k0);
    if (inOrder) {
      int first = base + products.weightAt()[0];
      MatrixPacker.of(weight, first, products.rows(), products.weightRow(), true, MR)
          .pack(k0, k1, row, row + rows, packed, at);
      return;
    }
    for (int k = k0; k < k1; k++, at += MR) {
      int from = base + row * products.weightRow() + products.weightAt()[k];
      for (int r = 0; r < rows; r++) {
        packed[at + r] = weight[from + r * products.weightRow()];
      }
    }
  }

  private int weightPanel(int group, int panel, int k0, int length) {
    return (group * k() + k0) * rowPanels * MR + panel * length * MR;
  }

  @Override
  public void run(
      Workers workers, float[] packed, float[] x, int first, int count, Ending ending, float[] y) {
    int columns = count * target.t() * target.h() * target.w();
    int panels = Math.ceilDiv(columns, NR);
    int wanted = workers.threads() == 1 ? 1 : 4 * workers.threads();
    int each = Math.clamp(panels * products.groups() / wanted, 1, BLOCK / NR);
    int blocks = Math.ceilDiv(panels, each);
    int fair = Math.ceilDiv(panels, blocks) * NR;
    int chunk = Math.ceilDiv(rowPanels, Math.ceilDiv(wanted, blocks * products.groups()));
    int chunks = Math.ceilDiv(rowPanels, chunk);
    workers.forEach(
        products.groups() * blocks * chunks,
        task -> {
          int from = task / chunks % blocks * fair;
          int row = task % chunks * chunk;
          int end = Math.min(rowPanels, row + chunk);
          int group = task / (chunks * blocks);
          new Block(group, row, end, from, Math.min(columns, from + fair), first)
              .compute(packed, x, ending, y);
        });
  }

  /** Some panels of rows by some of positions: the work of one task. */
  private final class Block {
    private final int group;
    private final int row0;
    private final int row1;
    private final SimdConv3dRuns[] runs;

    Block(int group, int row0, int row1, int from, int to, int firstSample) {
      this.group = group;
      this.row0 = row0;
      this.row1 = row1;
      this.runs = new SimdConv3dRuns[Math.ceilDiv(Math.max(0, to - from), NR)];
      int source = group * products.sourceGroup();
      int result = target.base() + group * products.rows() * target.channel();
      for (int p = 0; p < runs.length; p++) {
        int start = from + p * NR;
        runs[p] = new SimdConv3dRuns(volume, target, reach, start, Math.min(to, start + NR));
        runs[p].shift(source, result + firstSample * target.sample());
      }
    }

    void compute(float[] packed, float[] x, Ending ending, float[] y) {
      PanelScratch scratch = SCRATCH.get();
      float[] b = scratch.b(runs.length * NR * Math.min(KC, k()));
      float[] sums = scratch.a(k() > KC ? (row1 - row0) * runs.length * MR * NR : 0);
      float[] tile = scratch.tile;
      int first = group * products.rows();
      int pitch = target.channel();
      // Once also for a sum over nothing, of inputs that no tap of a stride meets: it is +0.
      for (int k0 = 0; k0 == 0 || k0 < k(); k0 += KC) {
        int length = Math.min(KC, k() - k0);
        for (int p = 0; p < runs.length; p++) {
          runs[p].pack(x, products.source(), k0, length, b, START + p * length * NR);
        }
        boolean last = k0 + length == k();
        for (int panel = row0; panel < row1; panel++) {
          int rows = Math.min(MR, products.rows() - panel * MR);
          int a = weightPanel(group, panel, k0, length);
          for (int p = 0; p < runs.length; p++) {
            int at = START + p * length * NR;
            SimdGemm.multiply(rows, runs[p].columns(), length, packed, a, b, at, tile);
            int sum = START + ((panel - row0) * runs.length + p) * MR * NR;
            collect(tile, sums, sum, rows * NR, k0 == 0, last);
            if (last) {
              runs[p].store(tile, rows, ending, first + panel * MR, y, panel * pitch * MR, pitch);
            }
          }
        }
      }
    }
  }

  /** Sums of segments so far: kept after the first, added to after others, in the tile at last. */
  private static void collect(
      float[] tile, float[] sums, int at, int n, boolean first, boolean last) {
    if (first && !last) {
      System.arraycopy(tile, 0, sums, at, n);
    } else if (!first && last) {
      SimdConv3dTile.addTo(sums, at, tile, n);
    } else if (!first) {
      SimdConv3dTile.add(sums, at, tile, n);
    }
  }
}
