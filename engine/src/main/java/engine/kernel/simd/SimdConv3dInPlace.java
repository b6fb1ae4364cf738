package engine.kernel.simd;

import static engine.kernel.simd.SimdConv3dTile.ROWS;
import static engine.kernel.simd.SimdConv3dTile.WIDTH;

import engine.kernel.Workers;
import engine.kernel.scalar.ScalarConv3d;
import org.jspecify.annotations.Nullable;

/**
 * A correlation of few output channels, whose positions are read where they lie: to copy them into
 * panels would cost what the products do.
 *
 * <p>Positions are numbered by the volume's own pitches, so a run of them is a run in memory; the
 * few that fall between rows are computed and dropped. Of runs along rows, planes or the whole
 * volume, the one with the fewest tiles is taken.
 */
final class SimdConv3dInPlace implements SimdConv3dCorrelation {
  private static final int SEGMENT = ScalarConv3d.SEGMENT;

  /** Floats of the sums that one task holds, so that they stay in the second-level cache. */
  private static final int SUMS = 1 << 16;

  private static final int MOST_TILES = 8;

  private final Products products;
  private final SimdConv3dVolume volume;
  private final Target target;
  private final int units;
  private final int run;

  /** Whether the positions of a run are neighbours in y, too. */
  private final boolean seamless;

  SimdConv3dInPlace(Products products, SimdConv3dVolume volume, Target target) {
    this.products = products;
    this.volume = volume;
    this.target = target;
    int alongPlane = (target.h() - 1) * volume.row + target.w();
    int alongVolume = (target.t() - 1) * volume.plane + alongPlane;
    int rows = target.t() * target.h() * Math.ceilDiv(target.w(), WIDTH);
    int planes = target.t() * Math.ceilDiv(alongPlane, WIDTH);
    int whole = Math.ceilDiv(alongVolume, WIDTH);
    if (rows <= planes && rows <= whole) {
      units = target.t() * target.h();
      run = target.w();
    } else if (planes <= whole) {
      units = target.t();
      run = alongPlane;
    } else {
      units = 1;
      run = alongVolume;
    }
    boolean rowsJoin =
        volume.row == target.w() && target.row() == target.w() && target.column() == 1;
    boolean planesJoin = volume.plane == target.h() * target.w() && target.plane() == volume.plane;
    seamless = rowsJoin && (planesJoin || units == target.t());
  }

  /** Rows of a group as tiles cover them. */
  private int paddedRows() {
    return Math.ceilDiv(products.rows(), 4) * 4;
  }

  private int tileRows(int row) {
    return Math.min(ROWS, paddedRows() - row);
  }

  @Override
  public int k() {
    return products.k();
  }

  @Override
  public boolean staysInside() {
    return run >= WIDTH;
  }

  /** [group][segment][tile of rows][k][row]. */
  @Override
  public void pack(Workers workers, float[] weight, float[] packed) {
    int k = products.k();
    int rows = paddedRows();
    int segments = Math.ceilDiv(k, SEGMENT);
    workers.ranges(
        products.groups() * segments,
        1,
        (from, to) -> {
          for (int s = from; s < to; s++) {
            int first = s % segments * SEGMENT;
            int last = Math.min(k, first + SEGMENT);
            int group = s / segments;
            packSegment(weight, group, first, last, packed, (group * k + first) * rows);
          }
        });
  }

  @Override
  public @Nullable Object form() {
    return null;
  }

  @Override
  public int packedSize() {
    return Math.multiplyExact(Math.multiplyExact(products.groups(), products.k()), paddedRows());
  }

  private void packSegment(float[] weight, int group, int from, int to, float[] packed, int at) {
    int out = at;
    for (int row = 0; row < paddedRows(); row += tileRows(row)) {
      int rows = tileRows(row);
      int real = Math.min(rows, products.rows() - row);
      int base = group * products.weightGroup() + row * products.weightRow();
      for (int k = from; k < to; k++) {
        int w = base + products.weightAt()[k];
        for (int i = 0; i < real; i++) {
          packed[out + i] = weight[w + i * products.weightRow()];
        }
        for (int i = real; i < rows; i++) {
          packed[out + i] = 0f;
        }
        out += rows;
      }
    }
  }

  @Override
  public void run(
      Workers workers, float[] packed, float[] x, int first, int count, Ending ending, float[] y) {
    int tiles = units * Math.ceilDiv(run, WIDTH);
    int fit = Math.clamp(SUMS / (paddedRows() * WIDTH), 1, MOST_TILES);
    int fair = Math.ceilDiv(count * products.groups() * tiles, 4 * workers.threads());
    int each = Math.max(1, Math.min(fit, fair));
    int blocks = Math.ceilDiv(tiles, each);
    workers.forEach(
        count * products.groups() * blocks,
        task -> {
          int from = task % blocks * each;
          int group = task / blocks % products.groups();
          int sample = task / (blocks * products.groups());
          Block block = new Block(from, Math.min(tiles, from + each), group, sample);
          block.sum(packed, x);
          block.store(y, (first + sample) * target.sample(), ending);
        });
  }

  /** Some neighbouring tiles of one group and sample: the work of one task. */
  private final class Block {
    private final int from;
    private final int to;
    private final int group;
    private final int sample;
    private final int tileSize = paddedRows() * WIDTH;
    private final float[] sums;
    private final float[] segment = new float[ROWS * WIDTH];

    Block(int from, int to, int group, int sample) {
      this.from = from;
      this.to = to;
      this.group = group;
      this.sample = sample;
      this.sums = new float[(to - from) * tileSize];
    }

    void sum(float[] packed, float[] x) {
      int k = products.k();
      int base = sample * volume.sample + group * products.sourceGroup();
      for (int first = 0; first < k; first += SEGMENT) {
        int last = Math.min(k, first + SEGMENT);
        int a = (group * k + first) * paddedRows();
        for (int tile = from; tile < to; tile++) {
          int at = base + unitStart(tile) + runStart(tile);
          int c = (tile - from) * tileSize;
          sumTile(packed, a, x, first, last, at, c);
        }
      }
    }

    private void sumTile(float[] packed, int a, float[] x, int first, int last, int at, int c) {
      int[] source = products.source();
      for (int row = 0; row < paddedRows(); row += tileRows(row)) {
        int rows = tileRows(row);
        int panel = a + row * (last - first);
        int out = c + row * WIDTH;
        if (first == 0) {
          SimdConv3dTile.run(rows, packed, panel, x, source, first, last, at, sums, out);
        } else {
          SimdConv3dTile.run(rows, packed, panel, x, source, first, last, at, segment, 0);
          SimdConv3dTile.add(sums, out, segment, rows * WIDTH);
        }
      }
    }

    void store(float[] y, int sampleAt, Ending ending) {
      int channelAt = sampleAt + target.base() + group * products.rows() * target.channel();
      for (int tile = from; tile < to; tile++) {
        int start = runStart(tile);
        int lane = runFirst(tile) - start;
        int end = Math.min(WIDTH, run - start);
        while (lane < end) {
          int q = unitStart(tile) + start + lane;
          int w = q % volume.row;
          int h = q % volume.plane / volume.row;
          if (w < target.w() && h < target.h()) {
            int n = Math.min(end - lane, seamless ? run : target.w() - w);
            int t = q / volume.plane;
            int to = channelAt + t * target.plane() + h * target.row() + w * target.column();
            storeRun((tile - from) * tileSize + lane, n, y, to, ending);
          }
          lane += seamless ? run : volume.row - w;
        }
      }
    }

    private void storeRun(int at, int n, float[] y, int to, Ending ending) {
      for (int m = 0; m < products.rows(); m++) {
        float b = ending.bias(group * products.rows() + m);
        int c = at + m * WIDTH;
        int o = to + m * target.channel();
        if (target.column() == 1) {
          SimdConv3dTile.store(sums, c, ending, b, y, o, n);
        } else {
          for (int i = 0; i < n; i++) {
            y[o + i * target.column()] = ending.of(sums[c + i], b);
          }
        }
      }
    }

    /** The position at which the tile's run begins: a row, a plane or the volume. */
    private int unitStart(int tile) {
      int unit = tile / Math.ceilDiv(run, WIDTH);
      return units == target.t() * target.h()
          ? unit / target.h() * volume.plane + unit % target.h() * volume.row
          : unit * volume.plane;
    }

    /** The tile's first own position in the run. */
    private int runFirst(int tile) {
      return tile % Math.ceilDiv(run, WIDTH) * WIDTH;
    }

    /** Where the tile begins: the last one begins early rather than read beyond the run. */
    private int runStart(int tile) {
      return Math.min(runFirst(tile), Math.max(0, run - WIDTH));
    }
  }
}
