package engine.op.conv;

import static engine.op.layout.Layout.gather;
import static engine.op.layout.Layout.pad;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.kernel.Padding3;
import engine.kernel.Stride3;
import engine.op.elementwise.Elementwise;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions whose taps stand apart, by convolutions whose taps are neighbours. Along an axis of
 * stride s and dilation d, output o = P q + p with P = d / gcd(s, d) and p in [0, P) meets in tap k
 * the input
 *
 * <pre>o s + k d - before = (q s / gcd(s, d) + k) d + p s - before
 * </pre>
 *
 * so that each phase p is a convolution of stride s / gcd(s, d) of every d-th input. The phases
 * become samples, (n, pt, ph, pw) in this order, and go back to their places behind it. Every
 * output sums what the formula says in the order of {@link Conv3d}, and so does the gradient of the
 * input; that of the weight runs over (n, pt, ph, pw, t', h', w') of the phases (N3).
 */
final class DilatedConv {
  private final List<Axis> axes;
  private final int groups;

  /**
   * @param outputPadding of a transposed convolution, else none
   */
  DilatedConv(Stride3 s, Padding3 p, OutputPadding3 outputPadding, Dilation3 dilation, int groups) {
    this.axes =
        List.of(
            new Axis(2, s.t(), dilation.t(), p.front(), p.back(), outputPadding.t()),
            new Axis(3, s.h(), dilation.h(), p.top(), p.bottom(), outputPadding.h()),
            new Axis(4, s.w(), dilation.w(), p.left(), p.right(), outputPadding.w()));
    this.groups = groups;
  }

  /** See {@link Conv#conv3d(Tensor, Tensor, Tensor, Stride3, Padding3, Dilation3, int)}. */
  Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias) {
    int[] outputs = new int[axes.size()];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = axes.get(i).outputs("conv3d", x.shape(), weight.shape());
    }
    Tensor phases = x;
    for (int i = 0; i < outputs.length; i++) {
      Axis a = axes.get(i);
      phases = a.isDilated() ? a.inputPhases(phases, outputs[i], weight.dim(a.at)) : phases;
    }
    Conv3d op = new Conv3d(steps(), rims(), groups);
    Tensor y = bias == null ? Tape.apply(op, phases, weight) : Tape.apply(op, phases, weight, bias);
    for (int i = outputs.length - 1; i >= 0; i--) {
      Axis a = axes.get(i);
      y = a.isDilated() ? a.joined(y, outputs[i]) : y;
    }
    return y;
  }

  /** See {@link Conv#convTranspose3d}. */
  Tensor transposed(Tensor x, Tensor weight, @Nullable Tensor bias) {
    Tensor phases = x;
    for (Axis a : axes) {
      phases = a.isDilated() ? a.split(phases) : phases;
    }
    OutputPadding3 added = new OutputPadding3(extra(0), extra(1), extra(2));
    Tensor y = Tape.apply(new ConvTranspose3d(steps(), rims(), added, groups), phases, weight);
    for (int i = axes.size() - 1; i >= 0; i--) {
      Axis a = axes.get(i);
      y = a.isDilated() ? a.spread(y, x.dim(a.at), weight.dim(a.at)) : y;
    }
    return bias == null ? y : Elementwise.add(y, reshape(bias, -1, 1, 1, 1));
  }

  private Stride3 steps() {
    return new Stride3(axes.get(0).step(), axes.get(1).step(), axes.get(2).step());
  }

  /** The padding of the axes that are not cut into phases. */
  private Padding3 rims() {
    int[] p = new int[2 * axes.size()];
    for (int i = 0; i < axes.size(); i++) {
      Axis a = axes.get(i);
      p[2 * i] = a.isDilated() ? 0 : a.before;
      p[2 * i + 1] = a.isDilated() ? 0 : a.after;
    }
    return new Padding3(p[0], p[1], p[2], p[3], p[4], p[5]);
  }

  private int extra(int i) {
    return axes.get(i).isDilated() ? 0 : axes.get(i).extra;
  }

  /** An axis of x: where it is, and how the window moves along it. */
  private record Axis(int at, int stride, int dilation, int before, int after, int extra) {
    boolean isDilated() {
      return dilation > 1;
    }

    private int gcd() {
      int a = stride;
      int b = dilation;
      while (b != 0) {
        int rest = a % b;
        a = b;
        b = rest;
      }
      return a;
    }

    int phases() {
      return dilation / gcd();
    }

    /** The stride within a phase. */
    int step() {
      return stride / gcd();
    }

    /** From the first tap to the last one. */
    private int reach(int taps) {
      return dilation * (taps - 1) + 1;
    }

    int outputs(String op, Shape x, Shape weight) {
      int reach = reach(weight.dim(at));
      int extent = x.dim(at) + before + after;
      ShapeException.require(
          x.dim(at) > 0 && extent >= reach,
          op,
          "kernel of %d with dilation %d is larger than axis %d of x: %d + %d + %d padding:"
              + " x=%s weight=%s",
          weight.dim(at),
          dilation,
          at,
          x.dim(at),
          before,
          after,
          x,
          weight);
      return (extent - reach) / stride + 1;
    }

    /** What the taps of each phase meet: every dilation-th input, zeros outside. */
    Tensor inputPhases(Tensor x, int outputs, int taps) {
      int each = (Math.ceilDiv(outputs, phases()) - 1) * step() + taps;
      return folded(x, each, i -> i / each * stride + i % each * dilation - before);
    }

    /** Input P q + p to index q of phase p; zeros where the last ones are shorter. */
    Tensor split(Tensor x) {
      int each = Math.ceilDiv(x.dim(at), phases());
      return folded(x, each, i -> i % each * phases() + i / each);
    }

    /** [N,C,..,L,..] -> [N P,C,..,each,..]; index i of the phases in a row is that of x. */
    private Tensor folded(Tensor x, int each, IntUnaryOperator source) {
      Tensor rows = rows(x, phases() * each, source);
      int[] d = rows.shape().dims();
      int inner = rows.shape().size(at + 1, 5);
      int outer = rows.shape().size(2, at);
      Tensor apart = reshape(rows, d[0], d[1], outer, phases(), each * inner);
      d[0] *= phases();
      d[at] = each;
      return reshape(permute(apart, 0, 3, 1, 2, 4), d);
    }

    /** [N P,C,..,Q,..] -> [N,C,..,P Q,..], phase after phase. */
    private Tensor unfolded(Tensor y) {
      int[] d = y.shape().dims();
      int inner = y.shape().size(at, 5);
      int outer = y.shape().size(2, at);
      d[0] /= phases();
      Tensor apart = reshape(y, d[0], phases(), d[1], outer, inner);
      d[at] *= phases();
      return reshape(permute(apart, 0, 2, 3, 1, 4), d);
    }

    /** Output P q + p from index q of phase p. */
    Tensor joined(Tensor y, int outputs) {
      int each = y.dim(at);
      Tensor rows = unfolded(y);
      return rows(rows, outputs, o -> o % phases() * each + o / phases());
    }

    /** Each phase to every dilation-th place of a transposed convolution's result. */
    Tensor spread(Tensor y, int inputs, int taps) {
      ShapeException.require(
          extra < Math.max(stride, dilation),
          "convTranspose3d",
          "axis %d: output padding %d wants a stride or dilation above it",
          at,
          extra);
      int each = y.dim(at);
      int outputs = (inputs - 1) * stride + reach(taps) - before - after + extra;
      ShapeException.require(
          outputs > 0,
          "convTranspose3d",
          "padding of %d leaves nothing of axis %d",
          before + after,
          at);
      Tensor rows = unfolded(y);
      return rows(rows, outputs, o -> source(o + before, each));
    }

    /** Where a place, counted from the uncut result's first, lies in the phases in a row. */
    private int source(int place, int each) {
      for (int p = 0; p < phases(); p++) {
        int rest = place - p * stride;
        if (rest >= 0 && rest % dilation == 0 && rest / dilation < each) {
          return p * each + rest / dilation;
        }
      }
      return -1;
    }

    /** Rows of the axis by their source; +0 where it lies outside. */
    private Tensor rows(Tensor x, int count, IntUnaryOperator source) {
      int[] index = new int[count];
      boolean outside = false;
      for (int i = 0; i < count; i++) {
        int from = source.applyAsInt(i);
        index[i] = from >= 0 && from < x.dim(at) ? from : -1;
        outside |= index[i] < 0;
      }
      if (!outside) {
        return gather(x, at, index);
      }
      for (int i = 0; i < count; i++) {
        index[i]++;
      }
      return gather(pad(x, at, 1, 0), at, index);
    }
  }
}
