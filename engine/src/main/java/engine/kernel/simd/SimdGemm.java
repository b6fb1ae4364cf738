package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.Workers;
import engine.numeric.NumericContract;
import org.jspecify.annotations.Nullable;

/**
 * The blocked matrix product under every kernel that is one: matmul, linear layers, convolutions.
 * {@code C[m,n] = sum over k of A[m,k] B[k,n]}, in the order of numeric contract N1: segments of
 * {@link #KC}, one chain of fma each, segment sums added ascending, bias last. Only outputs are
 * split between threads, so neither their number nor any block size shows in the result.
 *
 * <p>The scheme is Goto's, mirrored. Both operands come as panels, k-major, that a tile of MR by NR
 * outputs reads front to back. A is packed once for some rows and segments by all threads together;
 * then each thread takes blocks of columns, packs the block of B for one segment into its own
 * second-level cache, and walks over A, whose panel of one tile height stays in the first level
 * while B's panels stream by.
 */
final class SimdGemm {
  /** The segment of k of N1, which is also the depth of a block. */
  static final int KC = NumericContract.SEGMENT;

  /** Rows of a full tile: as many as the registers hold (32 where vectors have 512 bits). */
  static final int MR = F.vectorBitSize() == 512 ? 12 : 6;

  /** Columns of a full tile: two vectors. */
  static final int NR = 2 * L;

  /** Columns of B that one thread packs at once: with KC rows 384 KiB. */
  private static final int BLOCK_COLUMNS = 192;

  /** Floats of A packed at once if that many segments exist: 1 MiB. */
  private static final int GROUP_FLOATS = 1 << 18;

  /** Most floats of A packed at once for one segment, which bounds scratch memory: 8 MiB. */
  private static final int SEGMENT_FLOATS = 1 << 21;

  /** Panels of A that one task packs. */
  private static final int PACK_PANELS = 8;

  /** Multiply-adds below which a second thread costs more than it brings. */
  private static final long SERIAL = 1 << 18;

  private static final int START = PanelScratch.START;

  private static final ThreadLocal<PanelScratch> SCRATCH =
      ThreadLocal.withInitial(PanelScratch::new);

  private SimdGemm() {}

  /** What is added last: one value per column of C, or one per row. */
  record Bias(float[] values, boolean perRow) {}

  /**
   * One product.
   *
   * @param a panels of MR rows
   * @param b panels of NR columns
   * @param bias added last, or null
   * @param c C[i,j] is written to {@code c[offset + i * ldc + j]}
   */
  record Product(
      int m,
      int n,
      int k,
      PanelPacker a,
      PanelPacker b,
      @Nullable Bias bias,
      float[] c,
      int offset,
      int ldc) {
    long multiplyAdds() {
      return (long) m * n * k;
    }
  }

  /** Computes a product with all workers. */
  static void run(Workers workers, Product product) {
    if (product.m == 0 || product.n == 0) {
      return;
    }
    if (product.k == 0) {
      empty(product);
      return;
    }
    Workers team = product.multiplyAdds() < SERIAL ? Workers.SINGLE : workers;
    int depth = Math.min(KC, product.k);
    int most = Math.max(MR, SEGMENT_FLOATS / depth / MR * MR);
    for (int m0 = 0; m0 < product.m; m0 += most) {
      new Rows(team, product, m0, Math.min(product.m, m0 + most)).run();
    }
  }

  /** Computes a product on the calling thread alone; allowed within a task of a team. */
  static void run(Product product) {
    run(Workers.SINGLE, product);
  }

  /** The sum over no k at all is +0. */
  private static void empty(Product p) {
    float[] tile = new float[MR * NR];
    for (int i = 0; i < p.m; i += MR) {
      for (int j = 0; j < p.n; j += NR) {
        Tile.merge(tile, p, i, Math.min(MR, p.m - i), j, Math.min(NR, p.n - j), true, true);
      }
    }
  }

  /** The product for some rows: all of its threads share one packed copy of A. */
  private static final class Rows {
    private final Workers workers;
    private final Product product;
    private final int m0;
    private final int m1;
    private final int panels;
    private final int blockPanels;
    private final int blocks;
    private final int chunkPanels;
    private final int chunks;

    Rows(Workers workers, Product product, int m0, int m1) {
      this.workers = workers;
      this.product = product;
      this.m0 = m0;
      this.m1 = m1;
      this.panels = ceil(m1 - m0, MR);
      int wanted = workers.threads() == 1 ? 1 : 4 * workers.threads();
      int columnPanels = ceil(product.n, NR);
      this.blockPanels = Math.max(1, Math.min(BLOCK_COLUMNS / NR, columnPanels / wanted));
      this.blocks = ceil(columnPanels, blockPanels);
      this.chunkPanels = Math.max(1, ceil(panels, ceil(wanted, blocks)));
      this.chunks = ceil(panels, chunkPanels);
    }

    void run() {
      int segments = ceil(product.k, KC);
      int rows = panels * MR;
      int group = Math.min(segments, Math.max(1, GROUP_FLOATS / (rows * KC)));
      int depth = Math.min(product.k, group * KC);
      float[] packed = SCRATCH.get().a(rows * depth);
      for (int s = 0; s < segments; s += group) {
        int first = s;
        int count = Math.min(group, segments - s);
        int parts = ceil(panels, PACK_PANELS);
        workers.forEach(parts * count, t -> packA(packed, first, first + t / parts, t % parts));
        workers.forEach(
            blocks * chunks, t -> compute(packed, first, count, t / chunks, t % chunks));
      }
    }

    /** Where a panel of A of some segment begins; segments before it in the group are full. */
    private int at(int first, int segment, int panel, int depth) {
      return START + (segment - first) * KC * panels * MR + panel * depth * MR;
    }

    private void packA(float[] packed, int first, int segment, int part) {
      int k0 = segment * KC;
      int k1 = Math.min(product.k, k0 + KC);
      int panel = part * PACK_PANELS;
      int from = m0 + panel * MR;
      int to = Math.min(m1, from + PACK_PANELS * MR);
      product.a.packAll(k0, k1, from, to, MR, packed, at(first, segment, panel, k1 - k0));
    }

    private void compute(float[] packedA, int first, int count, int block, int chunk) {
      PanelScratch scratch = SCRATCH.get();
      int n0 = block * blockPanels * NR;
      int n1 = Math.min(product.n, n0 + blockPanels * NR);
      float[] packedB = scratch.b(ceil(n1 - n0, NR) * NR * Math.min(KC, product.k));
      for (int segment = first; segment < first + count; segment++) {
        int k0 = segment * KC;
        int k1 = Math.min(product.k, k0 + KC);
        product.b.packAll(k0, k1, n0, n1, NR, packedB, START);
        int last = Math.min(panels, (chunk + 1) * chunkPanels);
        for (int panel = chunk * chunkPanels; panel < last; panel++) {
          int atA = at(first, segment, panel, k1 - k0);
          tiles(panel, k0, k1, packedA, atA, n0, n1, packedB, scratch.tile);
        }
      }
    }

    /** One panel of A with every panel of the block of B. */
    private void tiles(
        int panel, int k0, int k1, float[] a, int atA, int n0, int n1, float[] b, float[] tile) {
      int i = m0 + panel * MR;
      int rows = Math.min(MR, m1 - i);
      for (int j = n0; j < n1; j += NR) {
        int columns = Math.min(NR, n1 - j);
        multiply(rows, columns, k1 - k0, a, atA, b, START + (j - n0) * (k1 - k0), tile);
        Tile.merge(tile, product, i, rows, j, columns, k0 == 0, k1 == product.k);
      }
    }
  }

  /** One tile over one segment, by the smallest micro-kernel that covers its rows and columns. */
  static void multiply(
      int rows, int columns, int k, float[] a, int atA, float[] b, int atB, float[] tile) {
    if (columns <= L) {
      half(rows, k, a, atA, b, atB, tile);
    } else if (rows <= 2) {
      MicroKernel2.run(k, a, atA, b, atB, tile);
    } else if (rows <= 6) {
      MicroKernel6.run(k, a, atA, b, atB, tile);
    } else {
      MicroKernel12.run(k, a, atA, b, atB, tile);
    }
  }

  private static void half(int rows, int k, float[] a, int atA, float[] b, int atB, float[] tile) {
    if (rows <= 2) {
      MicroKernel2.half(k, a, atA, b, atB, tile);
    } else if (rows <= 6) {
      MicroKernel6.half(k, a, atA, b, atB, tile);
    } else {
      MicroKernel12.half(k, a, atA, b, atB, tile);
    }
  }

  private static int ceil(int n, int unit) {
    return (n + unit - 1) / unit;
  }
}
