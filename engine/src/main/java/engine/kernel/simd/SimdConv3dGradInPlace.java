package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.Conv3dArgs;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarConv3d;
import engine.tensor.HeapStorage;
import jdk.incubator.vector.FloatVector;

/**
 * {@link SimdConv3dGradWeight} for groups of few output channels, where a product would spend its
 * time on its panels: vectors run across output channels, of which a copy of gradOutput with
 * channels innermost makes neighbours; the inputs of a tile's taps are read one by one where they
 * lie in the padded copy of x. Long sums and few outputs: tasks split the outputs only.
 */
final class SimdConv3dGradInPlace {
  private static final int SEGMENT = ScalarConv3d.SEGMENT;

  /** Sums of a tile: 4 taps by two vectors of channels, or 8 taps by one. */
  private static final int TILE = 8 * L;

  private static final int MOST_ROWS = 512;

  private final Conv3dArgs a;
  private final SimdConv3dVolume volume;
  private final int[] taps;

  /** Output channels of a block. */
  private final int width;

  private final int blocks;
  private final int sums;

  private SimdConv3dGradInPlace(Conv3dArgs a, SimdConv3dVolume volume) {
    this.a = a;
    this.volume = volume;
    this.taps = SimdConv3d.tapOffsets(a, volume);
    this.width = a.groupOut() <= L ? L : 2 * L;
    this.blocks = Math.ceilDiv(a.groupOut(), width);
    this.sums = a.n() * a.positions();
  }

  /**
   * The gradient.
   *
   * @param x in the layout of the volume
   */
  static void run(
      Workers workers,
      Conv3dArgs a,
      SimdConv3dVolume volume,
      float[] x,
      float[] gradOutput,
      float[] gradWeight) {
    SimdConv3dGradInPlace gradient = new SimdConv3dGradInPlace(a, volume);
    int channels = a.groups() * gradient.blocks * gradient.width;
    HeapStorage turned = HeapStorage.allocate(Math.multiplyExact(channels, gradient.sums));
    gradient.turn(workers, gradOutput, HeapStorage.array(turned));
    gradient.tasks(workers, x, HeapStorage.array(turned), gradWeight);
    turned.release();
  }

  /** gradOutput [n,co,positions] to [group][block][n,positions][width], zero beyond the group. */
  private void turn(Workers workers, float[] g, float[] out) {
    int positions = a.positions();
    workers.ranges(
        a.groups() * blocks * a.n(),
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int n = i % a.n();
            int block = i / a.n() % blocks;
            int group = i / (a.n() * blocks);
            int real = Math.min(width, a.groupOut() - block * width);
            int channel = n * a.co() + group * a.groupOut() + block * width;
            turnBlock(g, channel * positions, real, out, i * positions * width);
          }
        });
  }

  /** A few positions at a time: whole cache lines of every channel. */
  private void turnBlock(float[] g, int from, int real, float[] out, int to) {
    int positions = a.positions();
    for (int p = 0; p < positions; p += 16) {
      int end = Math.min(positions, p + 16);
      for (int c = 0; c < width; c++) {
        for (int i = p; i < end; i++) {
          out[to + i * width + c] = c < real ? g[from + c * positions + i] : 0f;
        }
      }
    }
  }

  private void tasks(Workers workers, float[] x, float[] turned, float[] gradWeight) {
    int rows = TILE / width;
    int fair = Math.ceilDiv(a.groups() * blocks * taps.length, 4 * workers.threads());
    int each = Math.clamp(Math.ceilDiv(fair, rows) * rows, rows, MOST_ROWS);
    int parts = Math.ceilDiv(taps.length, each);
    workers.forEach(
        a.groups() * blocks * parts,
        task -> {
          int from = task % parts * each;
          int to = Math.min(taps.length, from + each);
          int block = task / parts % blocks;
          int group = task / (parts * blocks);
          float[] c = sum(x, turned, group, block, from, to);
          store(c, group, block, from, to, gradWeight);
        });
  }

  /** The sums of taps [from, to) with the channels of a block, [tap][width]. */
  private float[] sum(float[] x, float[] turned, int group, int block, int from, int to) {
    int rows = TILE / width;
    float[] total = new float[Math.ceilDiv(to - from, rows) * TILE];
    float[] segment = new float[TILE];
    int[] position = new int[SEGMENT];
    int base = group * a.groupIn() * volume.channel;
    int g = (group * blocks + block) * sums * width;
    for (int first = 0; first < sums; first += SEGMENT) {
      int count = Math.min(SEGMENT, sums - first);
      positions(first, count, base, position);
      for (int row = from; row < to; row += rows) {
        int at = (row - from) * width;
        if (first == 0) {
          tile(turned, g, x, position, count, row, to - 1, total, at);
        } else {
          tile(turned, g + first * width, x, position, count, row, to - 1, segment, 0);
          SimdConv3dTile.add(total, at, segment, TILE);
        }
      }
    }
    return total;
  }

  private void tile(
      float[] g,
      int gAt,
      float[] x,
      int[] position,
      int count,
      int row,
      int last,
      float[] c,
      int cAt) {
    if (width == L) {
      narrow(g, gAt, x, position, count, row, last, c, cAt);
    } else {
      wide(g, gAt, x, position, count, row, last, c, cAt);
    }
  }

  /** Where the outputs [first, first + count) of (n,t',h',w') begin in the volume. */
  private void positions(int first, int count, int base, int[] position) {
    int wo = first % a.wo();
    int ho = first / a.wo() % a.ho();
    int to = first / (a.wo() * a.ho()) % a.to();
    int n = first / a.positions();
    for (int i = 0; i < count; i++) {
      position[i] = base + n * volume.sample + to * volume.plane + ho * volume.row + wo;
      if (++wo == a.wo()) {
        wo = 0;
        if (++ho == a.ho()) {
          ho = 0;
          if (++to == a.to()) {
            to = 0;
            n++;
          }
        }
      }
    }
  }

  private void store(float[] c, int group, int block, int from, int to, float[] gradWeight) {
    int real = Math.min(width, a.groupOut() - block * width);
    int channel = group * a.groupOut() + block * width;
    for (int i = 0; i < real; i++) {
      int at = (channel + i) * taps.length;
      for (int row = from; row < to; row++) {
        gradWeight[at + row] = c[(row - from) * width + i];
      }
    }
  }

  /**
   * c[i][j] = sum over p in [0, count) of x[position[p] + taps[row + i]] * g[p][j] for 4 taps and 2
   * L channels; taps from {@code last} on repeat.
   */
  private void wide(
      float[] g,
      int gAt,
      float[] x,
      int[] position,
      int count,
      int row,
      int last,
      float[] c,
      int cAt) {
    int o0 = taps[row];
    int o1 = taps[Math.min(row + 1, last)];
    int o2 = taps[Math.min(row + 2, last)];
    int o3 = taps[Math.min(row + 3, last)];
    FloatVector c00 = FloatVector.zero(F);
    FloatVector c01 = c00;
    FloatVector c10 = c00;
    FloatVector c11 = c00;
    FloatVector c20 = c00;
    FloatVector c21 = c00;
    FloatVector c30 = c00;
    FloatVector c31 = c00;
    int b = gAt;
    for (int p = 0; p < count; p++) {
      int at = position[p];
      FloatVector b0 = FloatVector.fromArray(F, g, b);
      FloatVector b1 = FloatVector.fromArray(F, g, b + L);
      FloatVector v = FloatVector.broadcast(F, x[at + o0]);
      c00 = v.fma(b0, c00);
      c01 = v.fma(b1, c01);
      v = FloatVector.broadcast(F, x[at + o1]);
      c10 = v.fma(b0, c10);
      c11 = v.fma(b1, c11);
      v = FloatVector.broadcast(F, x[at + o2]);
      c20 = v.fma(b0, c20);
      c21 = v.fma(b1, c21);
      v = FloatVector.broadcast(F, x[at + o3]);
      c30 = v.fma(b0, c30);
      c31 = v.fma(b1, c31);
      b += 2 * L;
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + L);
    c10.intoArray(c, cAt + 2 * L);
    c11.intoArray(c, cAt + 3 * L);
    c20.intoArray(c, cAt + 4 * L);
    c21.intoArray(c, cAt + 5 * L);
    c30.intoArray(c, cAt + 6 * L);
    c31.intoArray(c, cAt + 7 * L);
  }

  /** The same for 8 taps and half as many channels, where a group has no more. */
  private void narrow(
      float[] g,
      int gAt,
      float[] x,
      int[] position,
      int count,
      int row,
      int last,
      float[] c,
      int cAt) {
    int o0 = taps[row];
    int o1 = taps[Math.min(row + 1, last)];
    int o2 = taps[Math.min(row + 2, last)];
    int o3 = taps[Math.min(row + 3, last)];
    int o4 = taps[Math.min(row + 4, last)];
    int o5 = taps[Math.min(row + 5, last)];
    int o6 = taps[Math.min(row + 6, last)];
    int o7 = taps[Math.min(row + 7, last)];
    FloatVector c0 = FloatVector.zero(F);
    FloatVector c1 = c0;
    FloatVector c2 = c0;
    FloatVector c3 = c0;
    FloatVector c4 = c0;
    FloatVector c5 = c0;
    FloatVector c6 = c0;
    FloatVector c7 = c0;
    int b = gAt;
    for (int p = 0; p < count; p++) {
      int at = position[p];
      FloatVector v = FloatVector.fromArray(F, g, b);
      c0 = FloatVector.broadcast(F, x[at + o0]).fma(v, c0);
      c1 = FloatVector.broadcast(F, x[at + o1]).fma(v, c1);
      c2 = FloatVector.broadcast(F, x[at + o2]).fma(v, c2);
      c3 = FloatVector.broadcast(F, x[at + o3]).fma(v, c3);
      c4 = FloatVector.broadcast(F, x[at + o4]).fma(v, c4);
      c5 = FloatVector.broadcast(F, x[at + o5]).fma(v, c5);
      c6 = FloatVector.broadcast(F, x[at + o6]).fma(v, c6);
      c7 = FloatVector.broadcast(F, x[at + o7]).fma(v, c7);
      b += L;
    }
    c0.intoArray(c, cAt);
    c1.intoArray(c, cAt + L);
    c2.intoArray(c, cAt + 2 * L);
    c3.intoArray(c, cAt + 3 * L);
    c4.intoArray(c, cAt + 4 * L);
    c5.intoArray(c, cAt + 5 * L);
    c6.intoArray(c, cAt + 6 * L);
    c7.intoArray(c, cAt + 7 * L);
  }
}
