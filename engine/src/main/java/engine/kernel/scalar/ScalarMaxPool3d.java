package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.MaxPool3dKernels;
import engine.kernel.MaxPoolArgs;
import engine.kernel.Workers;
import engine.tensor.Storage;
import java.util.Arrays;

/**
 * The largest of each window, one axis after the other since the order is nothing to it; and its
 * gradient: each output's goes to the place that {@link MaxPoolArgs} states, and a volume adds its
 * outputs in ascending order.
 */
public class ScalarMaxPool3d implements MaxPool3dKernels {
  private static final int GRAIN = 8192;

  private final Workers workers;

  public ScalarMaxPool3d(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(MaxPoolArgs args, Storage input, Storage output) {
    float[] x = readOnly(input);
    float[] y = array(output);
    int plane = args.h() * args.w();
    workers.ranges(
        args.volumes() * args.outT(),
        Math.max(1, GRAIN / plane),
        (from, to) -> {
          float[] overTime = new float[plane];
          float[] row = new float[args.w()];
          for (int i = from; i < to; i++) {
            overTime(args, x, i, overTime);
            for (int j = 0; j < args.outH(); j++) {
              overHeight(args, overTime, j, row);
              overWidth(args, row, y, (i * args.outH() + j) * args.outW());
            }
          }
        });
  }

  private static void overTime(MaxPoolArgs a, float[] x, int output, float[] most) {
    int begin = output % a.outT() * a.stride().t() - a.padding().front();
    int first = output / a.outT() * a.t();
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    for (int t = Math.max(begin, 0); t < Math.min(begin + a.kernel().t(), a.t()); t++) {
      larger(x, (first + t) * most.length, most);
    }
  }

  private static void overHeight(MaxPoolArgs a, float[] plane, int output, float[] most) {
    int begin = output * a.stride().h() - a.padding().top();
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    for (int h = Math.max(begin, 0); h < Math.min(begin + a.kernel().h(), a.h()); h++) {
      larger(plane, h * most.length, most);
    }
  }

  private static void larger(float[] x, int at, float[] most) {
    for (int i = 0; i < most.length; i++) {
      most[i] = Math.max(most[i], x[at + i]);
    }
  }

  private static void overWidth(MaxPoolArgs a, float[] row, float[] y, int to) {
    int step = a.stride().w();
    int left = a.padding().left();
    Arrays.fill(y, to, to + a.outW(), Float.NEGATIVE_INFINITY);
    for (int tap = 0; tap < a.kernel().w(); tap++) {
      int shift = tap - left;
      int begin = Math.max(0, (step - 1 - shift) / step);
      int end = Math.min(a.outW(), (a.w() - 1 - shift) / step + 1);
      for (int i = begin; i < end; i++) {
        y[to + i] = Math.max(y[to + i], row[i * step + shift]);
      }
    }
    for (int i = to; i < to + a.outW(); i++) {
      y[i] += 0f;
    }
  }

  @Override
  public void gradInput(MaxPoolArgs args, Storage input, Storage gradOutput, Storage gradX) {
    float[] x = readOnly(input);
    float[] g = readOnly(gradOutput);
    float[] gradInput = array(gradX);
    int in = args.t() * args.h() * args.w();
    int out = args.outT() * args.outH() * args.outW();
    workers.ranges(
        args.volumes(),
        Math.max(1, GRAIN / in),
        (from, to) -> {
          Arrays.fill(gradInput, from * in, to * in, 0f);
          for (int i = from * out; i < to * out; i++) {
            gradInput[largest(args, x, i / out * in, i % out)] += g[i];
          }
        });
  }

  /** Where in x the value of an output of the volume that begins at {@code first} is. */
  private static int largest(MaxPoolArgs a, float[] x, int first, int output) {
    int column = output % a.outW() * a.stride().w() - a.padding().left();
    int row = output / a.outW() % a.outH() * a.stride().h() - a.padding().top();
    int time = output / a.outW() / a.outH() * a.stride().t() - a.padding().front();
    int best = -1;
    for (int t = Math.max(time, 0); t < Math.min(time + a.kernel().t(), a.t()); t++) {
      for (int h = Math.max(row, 0); h < Math.min(row + a.kernel().h(), a.h()); h++) {
        for (int w = Math.max(column, 0); w < Math.min(column + a.kernel().w(), a.w()); w++) {
          int at = first + (t * a.h() + h) * a.w() + w;
          if (best < 0 || x[at] > x[best] || Float.isNaN(x[at])) {
            best = at;
          }
        }
      }
    }
    return best;
  }
}
