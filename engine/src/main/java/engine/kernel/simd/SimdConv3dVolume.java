package engine.kernel.simd;

import static engine.kernel.simd.SimdSpecies.F;
import static engine.kernel.simd.SimdSpecies.L;

import engine.kernel.Conv3dArgs;
import engine.kernel.Conv3dArgs.GradAxis;
import engine.kernel.Workers;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * A volume [n,channels,t,h,w] copied so that a convolution over it is plain arithmetic on indices:
 * with its zeros around it, and split by the stride into phases (all even columns, then all odd
 * ones), so that the neighbouring positions of any tap are neighbours in memory. A tap is then one
 * offset, a position another, and their sum is the element.
 *
 * <p>Layout [n][channel][phase][t][h][w]. Where the volume would be copied as it is, it is used in
 * place instead ({@link #isIdentity}).
 */
final class SimdConv3dVolume {
  /** Channels whose distance is a multiple of this many floats would fight for one cache set. */
  private static final int CONFLICT = 256;

  private static final int CACHE_LINE = 16;

  /** Elements of a row up to which a loop of vectors is faster than a call that copies. */
  private static final int SHORT = 64;

  private final int channels;
  private final Axis t;
  private final Axis h;
  private final Axis w;

  /** Distance of two rows, planes, phases, channels and samples, in floats. */
  final int row;

  final int plane;
  private final int phase;
  final int channel;
  final int sample;

  /**
   * One axis: padded index q = i + lead belongs to phase q mod step and is number q / step in it.
   *
   * @param extent elements of the volume
   * @param lead zeros before them; negative: elements that nobody needs
   * @param size elements of one phase
   */
  private record Axis(int extent, int step, int lead, int size) {
    int phaseOf(int q) {
      return q % step;
    }

    int within(int q) {
      return q / step;
    }

    /** The first element of a phase that the volume has; those before it are zeros. */
    int first(int phase) {
      return Math.clamp(Math.ceilDiv(lead - phase, step), 0, size);
    }

    /** The end of those elements. */
    int end(int phase) {
      return Math.clamp(Math.ceilDiv(extent + lead - phase, step), first(phase), size);
    }

    boolean isIdentity() {
      return step == 1 && lead == 0 && size == extent;
    }
  }

  private SimdConv3dVolume(int channels, Axis t, Axis h, Axis w) {
    this.channels = channels;
    this.t = t;
    this.h = h;
    this.w = w;
    this.row = w.size;
    this.plane = Math.multiplyExact(h.size, row);
    this.phase = Math.multiplyExact(t.size, plane);
    int exact = Math.multiplyExact(t.step * h.step * w.step, phase);
    boolean conflict = exact % CONFLICT == 0;
    this.channel = conflict ? exact + CACHE_LINE : exact;
    this.sample = Math.multiplyExact(channels, channel);
  }

  /** The input of a forward convolution. */
  static SimdConv3dVolume input(Conv3dArgs a) {
    return new SimdConv3dVolume(
        a.ci(),
        window(a.t(), a.stride().t(), a.padding().front(), a.to(), a.kt()),
        window(a.h(), a.stride().h(), a.padding().top(), a.ho(), a.kh()),
        window(a.w(), a.stride().w(), a.padding().left(), a.wo(), a.kw()));
  }

  private static Axis window(int extent, int step, int lead, int outputs, int taps) {
    return new Axis(extent, step, lead, outputs + (taps - 1) / step);
  }

  /** The gradient of the output, wide enough for every residue class of gradInput. */
  static SimdConv3dVolume gradOutput(Conv3dArgs a) {
    return new SimdConv3dVolume(
        a.co(), window(a.gradT(), a.to()), window(a.gradH(), a.ho()), window(a.gradW(), a.wo()));
  }

  private static Axis window(GradAxis axis, int outputs) {
    int low = 0;
    int high = 0;
    for (int first = 0; first < Math.min(axis.stride(), axis.extent()); first++) {
      if (axis.count(first) > 0) {
        low = Math.min(low, axis.origin(first) - axis.count(first) + 1);
        high = Math.max(high, axis.origin(first) + axis.size(first) - 1);
      }
    }
    return new Axis(outputs, 1, -low, high - low + 1);
  }

  /** Whether the volume itself already has this layout. */
  boolean isIdentity() {
    return t.isIdentity()
        && h.isIdentity()
        && w.isIdentity()
        && channel == t.extent * h.extent * w.extent;
  }

  /** The offset of an element within its channel, by padded indices. */
  int offset(int qt, int qh, int qw) {
    int which = (t.phaseOf(qt) * h.step + h.phaseOf(qh)) * w.step + w.phaseOf(qw);
    return which * phase + t.within(qt) * plane + h.within(qh) * row + w.within(qw);
  }

  /** The padded index of element (0,0,0). */
  int leadT() {
    return t.lead;
  }

  int leadH() {
    return h.lead;
  }

  int leadW() {
    return w.lead;
  }

  /** Copies samples [first, first + count) of x to the start of out. */
  void fill(Workers workers, float[] x, int first, int count, float[] out) {
    int elements = t.extent * h.extent * w.extent;
    workers.ranges(
        count * channels,
        1,
        (from, to) -> {
          for (int c = from; c < to; c++) {
            copyChannel(x, (first * channels + c) * elements, out, c * channel);
          }
        });
  }

  private void copyChannel(float[] x, int from, float[] out, int to) {
    int at = to;
    for (int pt = 0; pt < t.step; pt++) {
      for (int ph = 0; ph < h.step; ph++) {
        for (int pw = 0; pw < w.step; pw++) {
          copyPhase(x, from, out, at, pt, ph, pw);
          at += phase;
        }
      }
    }
  }

  private void copyPhase(float[] x, int from, float[] out, int to, int pt, int ph, int pw) {
    int top = h.first(ph);
    int bottom = h.end(ph);
    Line line = new Line(w.first(pw), w.end(pw), pw - w.lead);
    for (int jt = 0; jt < t.size; jt++) {
      int it = jt * t.step + pt - t.lead;
      int at = to + jt * plane;
      if (it < 0 || it >= t.extent) {
        Arrays.fill(out, at, at + plane, 0f);
        continue;
      }
      Arrays.fill(out, at, at + top * row, 0f);
      Arrays.fill(out, at + bottom * row, at + plane, 0f);
      int source = from + (it * h.extent + top * h.step + ph - h.lead) * w.extent;
      if (w.isIdentity() && h.step == 1) {
        System.arraycopy(x, source, out, at + top * row, (bottom - top) * row);
      } else {
        for (int jh = top; jh < bottom; jh++, source += h.step * w.extent) {
          copyRow(x, source, line, out, at + jh * row);
        }
      }
    }
  }

  /** Of one row: out[low, high) = x[j * step + shift], zeros around it. */
  private record Line(int low, int high, int shift) {}

  private void copyRow(float[] x, int from, Line line, float[] out, int at) {
    int low = line.low;
    int n = line.high - low;
    if (n < row) {
      clearEnds(out, at, low, row - line.high);
    }
    int source = from + line.shift + low * w.step;
    if (w.step == 1 && n >= L && n <= SHORT) {
      copy(x, source, n, out, at + low);
    } else if (w.step == 1) {
      System.arraycopy(x, source, out, at + low, n);
    } else if (w.step == 2 && n >= L && source + 2 * n <= x.length) {
      copyEvens(x, source, n, out, at + low);
    } else {
      for (int j = 0; j < n; j++) {
        out[at + low + j] = x[source + j * w.step];
      }
    }
  }

  /** Zeros at both ends of a row; the elements between them may be cleared as well. */
  private void clearEnds(float[] out, int at, int before, int behind) {
    if (row >= L && before <= L && behind <= L) {
      FloatVector zero = FloatVector.zero(F);
      zero.intoArray(out, at);
      zero.intoArray(out, at + row - L);
    } else {
      Arrays.fill(out, at, at + before, 0f);
      Arrays.fill(out, at + row - behind, at + row, 0f);
    }
  }

  /** At least a vector; the last one may begin early. */
  private static void copy(float[] x, int from, int n, float[] out, int to) {
    for (int j = 0; j < n; j += L) {
      int i = Math.min(j, n - L);
      FloatVector.fromArray(F, x, from + i).intoArray(out, to + i);
    }
  }

  /** Every second element, likewise; 2n are read. */
  private static void copyEvens(float[] x, int from, int n, float[] out, int to) {
    for (int j = 0; j < n; j += L) {
      int i = Math.min(j, n - L);
      FloatVector low = FloatVector.fromArray(F, x, from + 2 * i);
      FloatVector high = FloatVector.fromArray(F, x, from + 2 * i + L);
      Lanes.evens(low, high).intoArray(out, to + i);
    }
  }
}
