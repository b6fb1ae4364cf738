package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.MaxPool2dKernels;
import engine.kernel.MaxPoolArgs;
import engine.kernel.Workers;
import engine.tensor.Storage;
import java.util.Arrays;

/**
 * The largest of each window, and its gradient: each output's goes to the place that it was taken
 * from, in the order that {@link MaxPoolArgs} states; a plane adds its outputs in ascending order.
 */
public class ScalarMaxPool2d implements MaxPool2dKernels {
  private static final int GRAIN = 2048;

  private final Workers workers;

  public ScalarMaxPool2d(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(MaxPoolArgs args, Storage input, Storage output) {
    float[] x = readOnly(input);
    float[] y = array(output);
    int size = args.outHeight() * args.outWidth();
    workers.ranges(
        args.planes() * size,
        GRAIN,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            y[i] = x[largest(args, x, i / size, i % size)];
          }
        });
  }

  @Override
  public void gradInput(MaxPoolArgs args, Storage input, Storage gradOutput, Storage gradX) {
    float[] x = readOnly(input);
    float[] g = readOnly(gradOutput);
    float[] gradInput = array(gradX);
    int in = args.height() * args.width();
    int out = args.outHeight() * args.outWidth();
    workers.ranges(
        args.planes(),
        Math.max(1, GRAIN / in),
        (from, to) -> {
          Arrays.fill(gradInput, from * in, to * in, 0f);
          for (int i = from * out; i < to * out; i++) {
            gradInput[largest(args, x, i / out, i % out)] += g[i];
          }
        });
  }

  /** Where in x the value of an output of a plane is. */
  private static int largest(MaxPoolArgs args, float[] x, int plane, int output) {
    int top = output / args.outWidth() * args.stride();
    int left = output % args.outWidth() * args.stride();
    int bottom = Math.min(top + args.kernel(), args.height());
    int right = Math.min(left + args.kernel(), args.width());
    int first = plane * args.height() * args.width();
    int best = first + top * args.width() + left;
    for (int row = top; row < bottom; row++) {
      for (int column = left; column < right; column++) {
        int at = first + row * args.width() + column;
        if (x[at] > x[best] || Float.isNaN(x[at])) {
          best = at;
        }
      }
    }
    return best;
  }
}
