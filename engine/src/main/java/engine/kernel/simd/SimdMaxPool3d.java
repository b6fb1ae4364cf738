package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.MaxPoolArgs;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarMaxPool3d;
import engine.tensor.Storage;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * {@link ScalarMaxPool3d} with vectors along rows; the gradient is the twin's. A row is held with
 * its padding, -infinity, and apart by its places modulo the stride, so that what a tap reads for
 * neighbouring outputs are neighbours.
 */
final class SimdMaxPool3d extends ScalarMaxPool3d {
  private static final int GRAIN = 8192;

  private final Workers workers;

  SimdMaxPool3d(Workers workers) {
    super(workers);
    this.workers = workers;
  }

  @Override
  public void forward(MaxPoolArgs args, Storage input, Storage output) {
    float[] x = readOnly(input);
    float[] y = array(output);
    workers.ranges(
        args.volumes() * args.outT(),
        Math.max(1, GRAIN / (args.h() * args.w())),
        (from, to) -> {
          Frame frame = new Frame(args);
          for (int i = from; i < to; i++) {
            frame.pool(x, i, y);
          }
        });
  }

  /** Computes frames of the result; its arrays serve one after the other. */
  private static final class Frame {
    private final MaxPoolArgs a;
    private final int size;
    private final float[] overTime;

    /** A row as the windows see it: its padding, its values, the padding behind. */
    private final float[] line;

    /** The same as [place modulo stride][place / stride]. */
    private final float[] phases;

    private final int pitch;

    /** Results of a row that is shorter than a vector. */
    private final float[] few = new float[L];

    Frame(MaxPoolArgs a) {
      this.a = a;
      this.size = a.h() * a.w();
      this.overTime = new float[a.kernel().t() > 1 ? size : 0];
      int step = a.stride().w();
      this.pitch = Math.ceilDiv(a.outW() + (a.kernel().w() - 1) / step + L, L) * L;
      this.line = new float[Math.max(step * pitch, a.padding().left() + a.w()) + 2 * L];
      this.phases = step == 1 ? line : new float[step * pitch];
      Arrays.fill(line, Float.NEGATIVE_INFINITY);
    }

    /** Frame i of all volumes' results. */
    void pool(float[] x, int i, float[] y) {
      int begin = i % a.outT() * a.stride().t() - a.padding().front();
      int from = Math.max(begin, 0);
      int n = Math.min(begin + a.kernel().t(), a.t()) - from;
      int at = (i / a.outT() * a.t() + from) * size;
      if (n == 1) {
        rows(x, at, y, i);
      } else {
        largest(x, at, size, n, overTime, 0, size);
        rows(overTime, 0, y, i);
      }
    }

    private void rows(float[] plane, int at, float[] y, int i) {
      for (int j = 0; j < a.outH(); j++) {
        int begin = j * a.stride().h() - a.padding().top();
        int from = Math.max(begin, 0);
        int n = Math.min(begin + a.kernel().h(), a.h()) - from;
        largest(plane, at + from * a.w(), a.w(), n, line, a.padding().left(), a.w());
        split();
        overWidth(y, (i * a.outH() + j) * a.outW());
      }
    }

    /**
     * out[to + i] = the largest of the n values x[at + i], x[at + pitch + i], ...; length such. The
     * last vector ends with them and repeats some of the one before, which is faster than a mask.
     */
    private static void largest(
        float[] x, int at, int pitch, int n, float[] out, int to, int length) {
      for (int begin = 0; begin < length && length >= L; begin += L) {
        int i = Math.min(begin, length - L);
        FloatVector most = FloatVector.fromArray(F, x, at + i);
        for (int k = 1; k < n; k++) {
          most = most.max(FloatVector.fromArray(F, x, at + k * pitch + i));
        }
        most.intoArray(out, to + i);
      }
      for (int i = 0; i < length && length < L; i++) {
        float most = x[at + i];
        for (int k = 1; k < n; k++) {
          most = Math.max(most, x[at + k * pitch + i]);
        }
        out[to + i] = most;
      }
    }

    private void split() {
      int step = a.stride().w();
      if (step == 2) {
        for (int j = 0; j < pitch; j += L) {
          FloatVector low = FloatVector.fromArray(F, line, 2 * j);
          FloatVector high = FloatVector.fromArray(F, line, 2 * j + L);
          Lanes.evens(low, high).intoArray(phases, j);
          Lanes.odds(low, high).intoArray(phases, pitch + j);
        }
      } else if (step > 2) {
        for (int p = 0; p < step * pitch; p++) {
          phases[p % step * pitch + p / step] = line[p];
        }
      }
    }

    private void overWidth(float[] y, int to) {
      int taps = a.kernel().w();
      int step = a.stride().w();
      boolean whole = a.outW() >= L;
      for (int begin = 0; begin < a.outW(); begin += L) {
        int i = whole ? Math.min(begin, a.outW() - L) : 0;
        FloatVector most = FloatVector.fromArray(F, phases, i);
        for (int tap = 1; tap < taps; tap++) {
          int at = tap % step * pitch + tap / step + i;
          most = most.max(FloatVector.fromArray(F, phases, at));
        }
        // A zero is +0, whatever the order.
        most = most.add(0f);
        if (whole) {
          most.intoArray(y, to + i);
        } else {
          most.intoArray(few, 0);
          System.arraycopy(few, 0, y, to, a.outW());
        }
      }
    }
  }
}
