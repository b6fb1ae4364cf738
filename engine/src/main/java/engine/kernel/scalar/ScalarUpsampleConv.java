package engine.kernel.scalar;

import static engine.kernel.UpsampleConvArgs.SPREAD;
import static engine.kernel.UpsampleConvArgs.TAPS;
import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.UpsampleConvArgs;
import engine.kernel.UpsampleConvKernels;
import engine.kernel.Workers;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/**
 * Upsampling by nearest neighbours and a 3x3 convolution in sub-pixel form. An output pixel of an
 * even row sees, of the doubled image, row i-1 once and row i twice, one of an odd row sees i twice
 * and i+1 once: two rows of the small image each, with the weights of equal rows summed. The same
 * along the width. So instead of nine products on four times the pixels there are four, and the
 * doubled image is never made: 2.25 times fewer multiply-adds, forward and in both gradients.
 *
 * <p>The summed weights s of a line w0 w1 w2 are {@code w2, w1+w2, w0+w1, w0}, first down the
 * height, then along the width, each sum rounded. With them the four small convolutions are the
 * gradient by the input of a 4x4 convolution of stride 2 ({@link UpsampleConvArgs#transposed}), and
 * their sums are those of {@link ScalarConv3d#gradInput}: k = (ci,tap,tap) over the two by two taps
 * on the grid, ascending in the 4x4 kernel; bias last. The gradient by x is that convolution. The
 * gradient by the summed weights d is its gradWeight; it goes back by {@code dw(k) = d(2-k) +
 * d(3-k)}, first down the height, then along the width.
 */
public class ScalarUpsampleConv implements UpsampleConvKernels {
  private static final int LINE = 3;
  private static final int WIDE = 4;

  /** Input channels whose weights are summed together, so that memory is read in runs. */
  private static final int BLOCK = 8;

  private final Workers workers;

  public ScalarUpsampleConv(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(UpsampleConvArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    HeapStorage spread = spread(workers, args, readOnly(weight));
    float[] sums = array(spread);
    ScalarConv3d.gradInput(
        workers, args.transposed(), readOnly(x), sums, readOnlyOrNull(bias), array(y));
    spread.release();
  }

  @Override
  public void gradInput(
      UpsampleConvArgs args, Storage gradOutput, Storage weight, Storage gradInput) {
    HeapStorage spread = spread(workers, args, readOnly(weight));
    float[] sums = array(spread);
    ScalarConv3d.forward(
        workers, args.transposed(), readOnly(gradOutput), sums, null, array(gradInput));
    spread.release();
  }

  @Override
  public void gradWeight(UpsampleConvArgs args, Storage x, Storage gradOutput, Storage gradWeight) {
    HeapStorage spread = HeapStorage.allocate(args.ci() * args.co() * SPREAD);
    float[] sums = array(spread);
    ScalarConv3d.gradWeight(workers, args.transposed(), readOnly(gradOutput), readOnly(x), sums);
    gather(workers, args, sums, array(gradWeight));
    spread.release();
  }

  /** The summed weights [ci,co,4,4]. */
  public static HeapStorage spread(Workers workers, UpsampleConvArgs a, float[] weight) {
    HeapStorage storage = HeapStorage.allocate(a.ci() * a.co() * SPREAD);
    float[] out = HeapStorage.readOnly(storage);
    workers.forEach(
        Math.ceilDiv(a.ci(), BLOCK),
        block -> {
          int last = Math.min(a.ci(), (block + 1) * BLOCK);
          for (int co = 0; co < a.co(); co++) {
            for (int ci = block * BLOCK; ci < last; ci++) {
              spread(weight, (co * a.ci() + ci) * TAPS, out, (ci * a.co() + co) * SPREAD);
            }
          }
        });
    return storage;
  }

  /** The summed weights 4x4 of nine. */
  public static void spread(float[] weight, int from, float[] out, int to) {
    for (int j = 0; j < LINE; j++) {
      sums(weight, from + j, LINE, out, to + j, WIDE);
    }
    for (int i = 0; i < WIDE; i++) {
      sums(out, to + i * WIDE, 1, out, to + i * WIDE, 1);
    }
  }

  private static void sums(float[] w, int at, int step, float[] out, int to, int stride) {
    float w0 = w[at];
    float w1 = w[at + step];
    float w2 = w[at + 2 * step];
    out[to] = w2;
    out[to + stride] = w1 + w2;
    out[to + 2 * stride] = w0 + w1;
    out[to + 3 * stride] = w0;
  }

  /** The gradient of the weights from that of their sums. */
  public static void gather(
      Workers workers, UpsampleConvArgs a, float[] spread, float[] gradWeight) {
    workers.forEach(
        Math.ceilDiv(a.ci(), BLOCK),
        block -> {
          float[] tall = new float[LINE * WIDE];
          int last = Math.min(a.ci(), (block + 1) * BLOCK);
          for (int co = 0; co < a.co(); co++) {
            for (int ci = block * BLOCK; ci < last; ci++) {
              int from = (ci * a.co() + co) * SPREAD;
              gather(spread, from, tall, gradWeight, (co * a.ci() + ci) * TAPS);
            }
          }
        });
  }

  private static void gather(float[] spread, int from, float[] tall, float[] out, int to) {
    for (int j = 0; j < WIDE; j++) {
      uses(spread, from + j, WIDE, tall, j, WIDE);
    }
    for (int i = 0; i < LINE; i++) {
      uses(tall, i * WIDE, 1, out, to + i * LINE, 1);
    }
  }

  private static void uses(float[] d, int at, int step, float[] out, int to, int stride) {
    out[to] = d[at + 2 * step] + d[at + 3 * step];
    out[to + stride] = d[at + step] + d[at + 2 * step];
    out[to + 2 * stride] = d[at] + d[at + step];
  }
}
