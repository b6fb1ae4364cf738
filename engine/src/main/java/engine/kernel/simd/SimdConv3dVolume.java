package engine.kernel.simd;

import engine.kernel.Conv3dArgs;
import engine.kernel.Conv3dArgs.GradAxis;
import engine.kernel.Workers;
import java.util.Arrays;

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
    for (int jt = 0; jt < t.size; jt++) {
      int it = jt * t.step + pt - t.lead;
      for (int jh = 0; jh < h.size; jh++) {
        int ih = jh * h.step + ph - h.lead;
        int at = to + jt * plane + jh * row;
        if (it >= 0 && it < t.extent && ih >= 0 && ih < h.extent) {
          copyRow(x, from + (it * h.extent + ih) * w.extent, out, at, pw - w.lead);
        } else {
          Arrays.fill(out, at, at + row, 0f);
        }
      }
    }
  }

  /** out[at + j] = x[line + shift + j*step], zero where that lies outside of the line. */
  private void copyRow(float[] x, int line, float[] out, int at, int shift) {
    int low = Math.min(row, Math.max(0, Math.ceilDiv(-shift, w.step)));
    int high = Math.max(low, Math.min(row, Math.ceilDiv(w.extent - shift, w.step)));
    Arrays.fill(out, at, at + low, 0f);
    if (w.step == 1) {
      System.arraycopy(x, line + shift + low, out, at + low, high - low);
    } else {
      for (int j = low; j < high; j++) {
        out[at + j] = x[line + shift + j * w.step];
      }
    }
    Arrays.fill(out, at + high, at + row, 0f);
  }
}
