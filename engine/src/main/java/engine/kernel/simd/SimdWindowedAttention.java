package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.AttentionArgs;
import engine.kernel.WindowedAttentionKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarWindowedAttention;
import engine.tensor.Storage;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The products of windowed attention in vectors. Scores: vectors run across queries; with queries
 * and keys transposed to [channel, row], slot r of neighbouring queries i is neighbouring keys i +
 * r - back, so that one load serves a vector of scores. Sums over keys or queries: vectors run
 * across channels.
 */
final class SimdWindowedAttention implements WindowedAttentionKernels {
  private static final int SEGMENT = ScalarWindowedAttention.SEGMENT;

  /** Queries of one task; never across two buckets. */
  private static final int CHUNK = 32;

  /** Channels that are transposed at once: small enough for the nearest cache, divides 512. */
  private static final int CHANNELS = 128;

  /** Slots that share a load of the queries: 9 accumulators, and 9 and 17 are common widths. */
  private static final int GROUP = 9;

  private final Workers workers;

  SimdWindowedAttention(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void apply(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    ScalarWindowedAttention.applyWith(
        SimdWindowedAttention::combine, workers, args, scale, readOnly(a), readOnly(x), array(y));
  }

  @Override
  public void gather(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    ScalarWindowedAttention.gatherWith(
        SimdWindowedAttention::combine, workers, args, scale, readOnly(a), readOnly(x), array(y));
  }

  @Override
  public void scores(
      AttentionArgs args,
      float scale,
      float absent,
      Storage queries,
      Storage keys,
      Storage output) {
    float[] q = readOnly(queries);
    float[] k = readOnly(keys);
    float[] scores = array(output);
    int perBucket = (args.window() + CHUNK - 1) / CHUNK;
    int buckets = (args.length() + args.window() - 1) / args.window();
    int chunks = buckets * perBucket;
    workers.ranges(
        args.batch() * args.heads() * chunks,
        1,
        (from, to) -> {
          ScoreTile tile = new ScoreTile(args);
          for (int t = from; t < to; t++) {
            int chunk = t % chunks;
            int bucketEnd = Math.min(args.length(), (chunk / perBucket + 1) * args.window());
            int low = chunk / perBucket * args.window() + chunk % perBucket * CHUNK;
            int high = Math.min(bucketEnd, low + CHUNK);
            if (low < high) {
              int h = t / chunks % args.heads();
              tile.compute(q, k, t / (chunks * args.heads()), h, low, high);
              tile.write(scores, scale, absent);
            }
          }
        });
  }

  /** The scores of one chunk of queries, and the memory to compute them in. */
  private static final class ScoreTile {
    private final AttentionArgs args;
    private final int queryStride;
    private final int slotStride;
    private final int keyStride;
    private final float[] queries;
    private final float[] keys;
    private final float[] chain;
    private final float[] total;
    private final int[] keyRows;
    private final int[] queryRows = new int[CHUNK];
    private int table;
    private int low;
    private int high;

    ScoreTile(AttentionArgs args) {
      this.args = args;
      queryStride = roundUp(Math.min(CHUNK, args.window()), L);
      slotStride = roundUp(args.slots(), GROUP);
      keyStride = queryStride + slotStride;
      int channels = Math.min(CHANNELS, args.dim());
      queries = new float[channels * queryStride];
      keys = new float[channels * keyStride];
      chain = new float[slotStride * queryStride];
      total = new float[slotStride * queryStride];
      keyRows = new int[keyStride];
    }

    private static int roundUp(int n, int step) {
      return (n + step - 1) / step * step;
    }

    /** Lanes without a query and slots without a key are computed from leftovers, never written. */
    void compute(float[] q, float[] k, int b, int h, int from, int to) {
      low = from;
      high = to;
      table = (b * args.heads() + h) * args.length();
      int firstKey = args.firstKey(low);
      int endKey = args.endKey(high - 1);
      for (int j = firstKey; j < endKey; j++) {
        keyRows[j - firstKey] = args.keyRow(b, low, j) + h * args.dim();
      }
      for (int i = low; i < high; i++) {
        queryRows[i - low] = (b * args.length() + i) * args.width() + h * args.dim();
      }
      int keyShift = firstKey - low + args.back();
      for (int c = 0; c < args.dim(); c += CHANNELS) {
        int n = Math.min(CHANNELS, args.dim() - c);
        transpose(q, queryRows, high - low, c, n, queries, 0, queryStride);
        transpose(k, keyRows, endKey - firstKey, c, n, keys, keyShift, keyStride);
        if (c % SEGMENT == 0) {
          closeSegment(c);
        }
        for (int i = 0; i < high - low; i += L) {
          for (int r = 0; r < slotStride; r += GROUP) {
            products(n, i, r);
          }
        }
      }
      closeSegment(args.dim());
    }

    /** Adds the finished chains, which end before channel c, and starts new ones. */
    private void closeSegment(int c) {
      if (c > 0 && c <= SEGMENT) {
        System.arraycopy(chain, 0, total, 0, chain.length);
      } else if (c > 0) {
        for (int n = 0; n < chain.length; n++) {
          total[n] += chain[n];
        }
      }
      Arrays.fill(chain, 0f);
    }

    /** Continues the chains of slots r to r + 8 for the queries of one vector by n channels. */
    private void products(int n, int i, int r) {
      int at = r * queryStride + i;
      FloatVector s0 = FloatVector.fromArray(F, chain, at);
      FloatVector s1 = FloatVector.fromArray(F, chain, at + queryStride);
      FloatVector s2 = FloatVector.fromArray(F, chain, at + 2 * queryStride);
      FloatVector s3 = FloatVector.fromArray(F, chain, at + 3 * queryStride);
      FloatVector s4 = FloatVector.fromArray(F, chain, at + 4 * queryStride);
      FloatVector s5 = FloatVector.fromArray(F, chain, at + 5 * queryStride);
      FloatVector s6 = FloatVector.fromArray(F, chain, at + 6 * queryStride);
      FloatVector s7 = FloatVector.fromArray(F, chain, at + 7 * queryStride);
      FloatVector s8 = FloatVector.fromArray(F, chain, at + 8 * queryStride);
      float[] queries = this.queries;
      float[] keys = this.keys;
      int kAt = i + r;
      int qAt = i;
      for (int c = 0; c < n; c++) {
        FloatVector q = FloatVector.fromArray(F, queries, qAt);
        s0 = q.fma(FloatVector.fromArray(F, keys, kAt), s0);
        s1 = q.fma(FloatVector.fromArray(F, keys, kAt + 1), s1);
        s2 = q.fma(FloatVector.fromArray(F, keys, kAt + 2), s2);
        s3 = q.fma(FloatVector.fromArray(F, keys, kAt + 3), s3);
        s4 = q.fma(FloatVector.fromArray(F, keys, kAt + 4), s4);
        s5 = q.fma(FloatVector.fromArray(F, keys, kAt + 5), s5);
        s6 = q.fma(FloatVector.fromArray(F, keys, kAt + 6), s6);
        s7 = q.fma(FloatVector.fromArray(F, keys, kAt + 7), s7);
        s8 = q.fma(FloatVector.fromArray(F, keys, kAt + 8), s8);
        qAt += queryStride;
        kAt += keyStride;
      }
      s0.intoArray(chain, at);
      s1.intoArray(chain, at + queryStride);
      s2.intoArray(chain, at + 2 * queryStride);
      s3.intoArray(chain, at + 3 * queryStride);
      s4.intoArray(chain, at + 4 * queryStride);
      s5.intoArray(chain, at + 5 * queryStride);
      s6.intoArray(chain, at + 6 * queryStride);
      s7.intoArray(chain, at + 7 * queryStride);
      s8.intoArray(chain, at + 8 * queryStride);
    }

    void write(float[] scores, float scale, float absent) {
      int slots = args.slots();
      for (int i = low; i < high; i++) {
        int first = args.firstKey(i) - i + args.back();
        int end = args.endKey(i) - i + args.back();
        int out = (table + i) * slots;
        Arrays.fill(scores, out, out + first, absent);
        for (int r = first; r < end; r++) {
          scores[out + r] = total[r * queryStride + i - low] * scale;
        }
        Arrays.fill(scores, out + end, out + slots, absent);
      }
    }
  }

  /** out[c * stride + to + m] = x[row[m] + from + c] for m below count, c below n. */
  private static void transpose(
      float[] x, int[] row, int count, int from, int n, float[] out, int to, int stride) {
    int m = 0;
    for (; m + 4 <= count; m += 4) {
      int r0 = row[m] + from;
      int r1 = row[m + 1] + from;
      int r2 = row[m + 2] + from;
      int r3 = row[m + 3] + from;
      int at = to + m;
      for (int c = 0; c < n; c++) {
        out[at] = x[r0 + c];
        out[at + 1] = x[r1 + c];
        out[at + 2] = x[r2 + c];
        out[at + 3] = x[r3 + c];
        at += stride;
      }
    }
    for (; m < count; m++) {
      for (int c = 0; c < n; c++) {
        out[to + m + c * stride] = x[row[m] + from + c];
      }
    }
  }

  /** {@link ScalarWindowedAttention#combine} with vectors across channels. */
  static void combine(
      float[] weight, int[] row, int n, float[] x, int dim, float scale, float[] y, int at) {
    if (n > SEGMENT) {
      ScalarWindowedAttention.combine(weight, row, n, x, dim, scale, y, at);
      return;
    }
    int c = 0;
    for (; c + 8 * L <= dim; c += 8 * L) {
      combineEight(weight, row, n, x, c, scale, y, at + c);
    }
    for (; c + L <= dim; c += L) {
      FloatVector sum = FloatVector.zero(F);
      for (int m = 0; m < n; m++) {
        FloatVector w = FloatVector.broadcast(F, weight[m]);
        sum = w.fma(FloatVector.fromArray(F, x, row[m] + c), sum);
      }
      sum.mul(scale).intoArray(y, at + c);
    }
    for (; c < dim; c++) {
      float sum = 0f;
      for (int m = 0; m < n; m++) {
        sum = Math.fma(weight[m], x[row[m] + c], sum);
      }
      y[at + c] = sum * scale;
    }
  }

  private static void combineEight(
      float[] weight, int[] row, int n, float[] x, int c, float scale, float[] y, int at) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int m = 0; m < n; m++) {
      FloatVector w = FloatVector.broadcast(F, weight[m]);
      int from = row[m] + c;
      s0 = w.fma(FloatVector.fromArray(F, x, from), s0);
      s1 = w.fma(FloatVector.fromArray(F, x, from + L), s1);
      s2 = w.fma(FloatVector.fromArray(F, x, from + 2 * L), s2);
      s3 = w.fma(FloatVector.fromArray(F, x, from + 3 * L), s3);
      s4 = w.fma(FloatVector.fromArray(F, x, from + 4 * L), s4);
      s5 = w.fma(FloatVector.fromArray(F, x, from + 5 * L), s5);
      s6 = w.fma(FloatVector.fromArray(F, x, from + 6 * L), s6);
      s7 = w.fma(FloatVector.fromArray(F, x, from + 7 * L), s7);
    }
    s0.mul(scale).intoArray(y, at);
    s1.mul(scale).intoArray(y, at + L);
    s2.mul(scale).intoArray(y, at + 2 * L);
    s3.mul(scale).intoArray(y, at + 3 * L);
    s4.mul(scale).intoArray(y, at + 4 * L);
    s5.mul(scale).intoArray(y, at + 5 * L);
    s6.mul(scale).intoArray(y, at + 6 * L);
    s7.mul(scale).intoArray(y, at + 7 * L);
  }
}
