package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.AttentionArgs;
import engine.kernel.WindowedAttentionKernels;
import engine.kernel.Workers;
import engine.numeric.NumericContract;
import engine.tensor.Storage;
import java.util.Arrays;

/**
 * The three products of windowed attention, each forward once and backward once or twice. All are
 * chains of N1 from +0, in segments of 512 operands counted from the first one present, segment
 * sums added in ascending order, the result scaled last. Absent keys are left out of a chain; for
 * finite values that is what +0 operands would give, except for the sign of a zero.
 */
public class ScalarWindowedAttention implements WindowedAttentionKernels {
  /** Operands of one chain (N1). */
  public static final int SEGMENT = NumericContract.SEGMENT;

  private static final int GRAIN = 4096;

  private final Workers workers;

  public ScalarWindowedAttention(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void apply(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    applyWith(
        ScalarWindowedAttention::combine, workers, args, scale, readOnly(a), readOnly(x), array(y));
  }

  @Override
  public void gather(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    gatherWith(
        ScalarWindowedAttention::combine, workers, args, scale, readOnly(a), readOnly(x), array(y));
  }

  /** scores[b,h,i,r] = scale * (chain over c of q[b,i,h,c] * k[b,j,h,c]), {@code absent} beside. */
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
    int slots = args.slots();
    workers.ranges(
        args.batch() * args.heads() * args.length(),
        Math.max(1, GRAIN / (slots * args.dim())),
        (from, to) -> {
          float[] chain = new float[slots];
          float[] total = new float[slots];
          for (int t = from; t < to; t++) {
            scoresOfQuery(args, q, k, t, chain, total);
            int i = t % args.length();
            int first = args.firstKey(i) - i + args.back();
            int end = args.endKey(i) - i + args.back();
            for (int r = 0; r < slots; r++) {
              scores[t * slots + r] = r >= first && r < end ? total[r] * scale : absent;
            }
          }
        });
  }

  private static void scoresOfQuery(
      AttentionArgs args, float[] q, float[] k, int t, float[] chain, float[] total) {
    int i = t % args.length();
    int h = t / args.length() % args.heads();
    int b = t / (args.length() * args.heads());
    int slotOfKey = args.back() - i;
    int queryAt = (b * args.length() + i) * args.width() + h * args.dim();
    for (int low = 0; low < args.dim(); low += SEGMENT) {
      int high = Math.min(args.dim(), low + SEGMENT);
      for (int j = args.firstKey(i); j < args.endKey(i); j++) {
        int keyAt = args.keyRow(b, i, j) + h * args.dim();
        float sum = 0f;
        for (int c = low; c < high; c++) {
          sum = Math.fma(q[queryAt + c], k[keyAt + c], sum);
        }
        chain[slotOfKey + j] = sum;
      }
      for (int r = 0; r < args.slots(); r++) {
        total[r] = low == 0 ? chain[r] : total[r] + chain[r];
      }
    }
  }

  /** How the backends share what lies around {@link #combine}. */
  @FunctionalInterface
  public interface Combine {
    void run(float[] weight, int[] row, int n, float[] x, int dim, float scale, float[] y, int at);
  }

  /**
   * y[b,i,h,c] = scale * (chain over keys j ascending of a[b,h,i,r] * x[b,j,h,c]), with {@link
   * #combine} or one of equal bits.
   */
  public static void applyWith(
      Combine combine,
      Workers workers,
      AttentionArgs args,
      float scale,
      float[] a,
      float[] x,
      float[] y) {
    int slots = args.slots();
    workers.ranges(
        args.batch() * args.heads() * args.length(),
        Math.max(1, GRAIN / (slots * args.dim())),
        (from, to) -> {
          float[] weight = new float[slots];
          int[] row = new int[slots];
          for (int t = from; t < to; t++) {
            int i = t % args.length();
            int h = t / args.length() % args.heads();
            int b = t / (args.length() * args.heads());
            int n = 0;
            for (int j = args.firstKey(i); j < args.endKey(i); j++) {
              weight[n] = a[t * slots + j - i + args.back()];
              row[n++] = args.keyRow(b, i, j) + h * args.dim();
            }
            int at = (b * args.length() + i) * args.width() + h * args.dim();
            combine.run(weight, row, n, x, args.dim(), scale, y, at);
          }
        });
  }

  /**
   * y[v,b,j,h,c] = scale * (chain over queries i ascending of a[b,h,i,r] * x[b,i,h,c]) over the
   * queries that see version v of key j; +0 where none does; with {@link #combine} or one of equal
   * bits.
   */
  public static void gatherWith(
      Combine combine,
      Workers workers,
      AttentionArgs args,
      float scale,
      float[] a,
      float[] x,
      float[] y) {
    int slots = args.slots();
    int items = args.batch() * args.heads() * args.length();
    workers.ranges(
        args.versions() * items,
        Math.max(1, GRAIN / (slots * args.dim())),
        (from, to) -> {
          float[] weight = new float[slots];
          int[] row = new int[slots];
          for (int t = from; t < to; t++) {
            int v = t / items;
            int j = t % args.length();
            int h = t / args.length() % args.heads();
            int b = t / (args.length() * args.heads()) % args.batch();
            int table = (b * args.heads() + h) * args.length();
            int n = 0;
            for (int i = args.firstQuery(v, j); i < args.endQuery(v, j); i++) {
              weight[n] = a[(table + i) * slots + j - i + args.back()];
              row[n++] = (b * args.length() + i) * args.width() + h * args.dim();
            }
            int at = ((v * args.batch() + b) * args.length() + j) * args.width() + h * args.dim();
            combine.run(weight, row, n, x, args.dim(), scale, y, at);
          }
        });
  }

  /** y[at + c] = scale * (chain over m of weight[m] * x[row[m] + c]), c below dim. */
  public static void combine(
      float[] weight, int[] row, int n, float[] x, int dim, float scale, float[] y, int at) {
    Arrays.fill(y, at, at + dim, 0f);
    chain(weight, row, 0, Math.min(n, SEGMENT), x, dim, y, at);
    if (n > SEGMENT) {
      float[] segment = new float[dim];
      for (int low = SEGMENT; low < n; low += SEGMENT) {
        Arrays.fill(segment, 0f);
        chain(weight, row, low, Math.min(n, low + SEGMENT), x, dim, segment, 0);
        for (int c = 0; c < dim; c++) {
          y[at + c] += segment[c];
        }
      }
    }
    for (int c = at; c < at + dim; c++) {
      y[c] *= scale;
    }
  }

  private static void chain(
      float[] weight, int[] row, int low, int high, float[] x, int dim, float[] y, int at) {
    for (int m = low; m < high; m++) {
      float w = weight[m];
      int from = row[m];
      for (int c = 0; c < dim; c++) {
        y[at + c] = Math.fma(w, x[from + c], y[at + c]);
      }
    }
  }
}
