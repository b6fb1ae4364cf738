package engine.kernel.opencl;

import engine.kernel.Conv3dArgs;
import engine.kernel.Conv3dArgs.GradAxis;
import engine.kernel.Conv3dKernels;
import engine.kernel.Unary;
import engine.kernel.opencl.OpenClPanels.Bias;
import engine.kernel.opencl.OpenClPanels.Factor;
import engine.kernel.opencl.OpenClPanels.Sizes;
import engine.kernel.opencl.OpenClPanels.Target;
import engine.numeric.NumericContract;
import engine.tensor.Storage;

/**
 * Convolutions as panels of panels, with the order of N3: patches are copied a part at a time, so
 * that they never exist as a whole. Those of several groups have kernels of their own.
 */
final class OpenClConv3d extends OpenClFamily implements Conv3dKernels {
  /** Positions that one work-item of pack_patch_rows copies. */
  static final int PATCH_ROWS = 32;

  /** Neighbours of a row of results of one work-item, with several groups: a float16. */
  static final int STRIP = 16;

  /** Floats of patches that exist at once. */
  private static final int PART = 1 << 24;

  private final OpenClPanels panels;
  private final OpenClCopy copies;
  private final OpenClElementwise elementwise;

  OpenClConv3d(
      OpenClContext context,
      OpenClPanels panels,
      OpenClCopy copies,
      OpenClElementwise elementwise) {
    super(context, "convolutions");
    this.panels = panels;
    this.copies = copies;
    this.elementwise = elementwise;
  }

  private static int[] sizes(Conv3dArgs a) {
    return new int[] {a.n(), a.ci(), a.t(), a.h(), a.w(), a.co(), a.groups(), 0};
  }

  private static int[] kernels(Conv3dArgs a) {
    return new int[] {
      a.kt(),
      a.kh(),
      a.kw(),
      a.stride().t(),
      a.stride().h(),
      a.stride().w(),
      a.padding().front(),
      a.padding().top()
    };
  }

  private static int[] outs(Conv3dArgs a) {
    return new int[] {a.padding().left(), a.to(), a.ho(), a.wo(), 0, 0, 0, 0};
  }

  // ---- forward

  @Override
  public void forward(
      Conv3dArgs a, Storage x, Storage weight, Storage bias, boolean relu, Storage y) {
    linear(a, x, weight, bias, y);
    if (relu) {
      elementwise.unary(Unary.RELU, y, y, a.n() * a.co() * a.positions());
    }
  }

  private void linear(Conv3dArgs a, Storage x, Storage weight, Storage bias, Storage y) {
    if (a.groups() > 1) {
      int items = a.n() * a.co() * a.to() * a.ho() * Math.ceilDiv(a.wo(), STRIP);
      run(
          "conv3d",
          items,
          sizes(a),
          kernels(a),
          outs(a),
          flag(bias),
          in(x),
          in(weight),
          in(bias),
          out(y));
      return;
    }
    int k = a.ci() * a.taps();
    OpenClStorage w = panels.rows(Factor.plain(1, a.co(), k, 1, 0), 0, k, weight);
    Correlation c =
        new Correlation(
            a.n(),
            new Volume(a.ci(), a.t(), a.h(), a.w()),
            new Volume(a.co(), a.to(), a.ho(), a.wo()),
            new int[] {a.kt(), a.kh(), a.kw()},
            1,
            new int[] {a.stride().t(), a.stride().h(), a.stride().w()},
            new int[] {-a.padding().front(), -a.padding().top(), -a.padding().left()});
    correlate(c, x, w, bias, y);
    w.release();
  }

  /** Channels and what each has. */
  private record Volume(int channels, int t, int h, int w) {
    int positions() {
      return t * h * w;
    }
  }

  /**
   * Result (co, position) sums over (ci, tap) the weights times source at position * step + offset
   * + direction * tap.
   */
  private record Correlation(
      int n, Volume source, Volume result, int[] taps, int direction, int[] steps, int[] offsets) {
    int k() {
      return source.channels * taps[0] * taps[1] * taps[2];
    }
  }

  private void correlate(Correlation c, Storage x, Storage weights, Storage bias, Storage y) {
    int k = c.k();
    int m = c.result.channels;
    int all = c.result.positions();
    int part = panels.columnsWithin(PART, k, all);
    OpenClStorage patches = panels.columnPanels(1, part, k);
    Bias by = bias == null ? Bias.NONE : Bias.BY_ROW;
    for (int item = 0; item < c.n; item++) {
      for (int from = 0; from < all; from += part) {
        int n = Math.min(part, all - from);
        patches(c, item, from, n, x, patches);
        Target to = new Target(item * m * all + from, all, 0, false, by);
        panels.multiply(new Sizes(1, m, n, k, 1, 1), weights, patches, bias, to, y);
      }
    }
    patches.release();
  }

  private void patches(Correlation c, int item, int from, int n, Storage x, Storage out) {
    Volume s = c.source;
    int begin = item * s.channels * s.positions();
    run(
        "pack_patches",
        panels.columnLines(n, c.k()),
        new int[] {begin, s.t, s.h, s.w, from, n, c.result.h, c.result.w},
        new int[] {c.k(), c.taps[0], c.taps[1], c.taps[2], c.direction, 0, 0, 0},
        new int[] {
          c.steps[0], c.steps[1], c.steps[2], c.offsets[0], c.offsets[1], c.offsets[2], 0, 0
        },
        in(x),
        out(out));
  }

  // ---- gradient by the input

  @Override
  public void gradInput(Conv3dArgs a, Storage g, Storage weight, Storage gx) {
    gradInput(a, g, weight, null, gx);
  }

  /** With a bias per input channel, or null, added last: a transposed convolution. */
  void gradInput(Conv3dArgs a, Storage g, Storage weight, Storage bias, Storage gx) {
    if (a.groups() > 1) {
      run(
          "conv3d_grad_input",
          a.n() * a.ci() * a.t() * a.h() * a.w(),
          sizes(a),
          kernels(a),
          outs(a),
          flag(bias),
          in(g),
          in(weight),
          in(bias),
          out(gx));
      return;
    }
    for (int t = 0; t < a.stride().t(); t++) {
      for (int h = 0; h < a.stride().h(); h++) {
        for (int w = 0; w < a.stride().w(); w++) {
          gradClass(a, new int[] {t, h, w}, g, weight, bias, gx);
        }
      }
    }
  }

  /** Inputs of one residue class along each axis share their taps ({@link GradAxis}). */
  private void gradClass(
      Conv3dArgs a, int[] first, Storage g, Storage weight, Storage bias, Storage gx) {
    GradAxis[] axes = {a.gradT(), a.gradH(), a.gradW()};
    int[] taps = new int[3];
    int[] size = new int[3];
    int[] origin = new int[3];
    int[] residue = new int[3];
    for (int d = 0; d < 3; d++) {
      taps[d] = axes[d].count(first[d]);
      size[d] = axes[d].size(first[d]);
      origin[d] = axes[d].origin(first[d]);
      residue[d] = axes[d].residue(first[d]);
    }
    Volume result = new Volume(a.ci(), size[0], size[1], size[2]);
    if (a.n() * result.positions() == 0) {
      return;
    }
    Correlation c =
        new Correlation(
            a.n(),
            new Volume(a.co(), a.to(), a.ho(), a.wo()),
            result,
            taps,
            -1,
            new int[] {1, 1, 1},
            origin);
    OpenClStorage weights = classWeights(a, c, residue, weight);
    boolean whole = a.stride().t() * a.stride().h() * a.stride().w() == 1;
    if (whole) {
      correlate(c, g, weights, bias, gx);
    } else {
      OpenClStorage part = scratch(a.n() * a.ci() * result.positions());
      correlate(c, g, weights, bias, part);
      spread(a, result, first, part, gx);
      part.release();
    }
    weights.release();
  }

  /** The taps of a class, [ci, (co, kt, kh, kw)] as panels of rows. */
  private OpenClStorage classWeights(Conv3dArgs a, Correlation c, int[] residue, Storage weight) {
    int each = c.taps[0] * c.taps[1] * c.taps[2];
    int pairs = a.co() * a.ci();
    OpenClStorage dense = scratch(pairs * each);
    int[] strides = {
      a.taps(), a.stride().t() * a.kh() * a.kw(), a.stride().h() * a.kw(), a.stride().w()
    };
    int first = (residue[0] * a.kh() + residue[1]) * a.kw() + residue[2];
    copies.strided4(
        new int[] {pairs, c.taps[0], c.taps[1], c.taps[2]},
        new OpenClCopy.View(first, strides),
        weight,
        new OpenClCopy.View(0, each, c.taps[1] * c.taps[2], c.taps[2], 1),
        dense);
    Factor rows = new Factor(1, a.ci(), Math.max(1, each), each, a.ci() * each, 1, 0);
    OpenClStorage packed = panels.rows(rows, 0, c.k(), dense);
    dense.release();
    return packed;
  }

  private void spread(Conv3dArgs a, Volume part, int[] first, Storage from, Storage gx) {
    int planes = a.n() * a.ci();
    int plane = a.h() * a.w();
    int[] strides = {a.t() * plane, a.stride().t() * plane, a.stride().h() * a.w(), a.stride().w()};
    copies.strided4(
        new int[] {planes, part.t, part.h, part.w},
        new OpenClCopy.View(0, part.positions(), part.h * part.w, part.w, 1),
        from,
        new OpenClCopy.View((first[0] * a.h() + first[1]) * a.w() + first[2], strides),
        gx);
  }

  // ---- gradient by the weights

  @Override
  public void gradWeight(Conv3dArgs a, Storage x, Storage g, Storage gw) {
    int n = a.groupIn() * a.taps();
    if (a.groups() > 1) {
      run("conv3d_grad_weight", a.co() * n, sizes(a), kernels(a), outs(a), in(x), in(g), out(gw));
      return;
    }
    int k = a.n() * a.positions();
    int segments = Math.max(1, PART / Math.max(1, n) / NumericContract.SEGMENT);
    int part = (int) Math.min(Math.max(1, k), (long) segments * NumericContract.SEGMENT);
    Factor gradients =
        new Factor(1, a.co(), a.positions(), a.positions(), a.co() * a.positions(), 1, 0);
    OpenClStorage patches = panels.columnPanels(1, n, part);
    int from = 0;
    do {
      int steps = Math.min(part, k - from);
      OpenClStorage rows = panels.rows(gradients, from, steps, g);
      run(
          "pack_patch_rows",
          panels.columnLines(n, Math.ceilDiv(steps, PATCH_ROWS)),
          sizes(a),
          kernels(a),
          outs(a),
          from,
          steps,
          in(x),
          out(patches));
      Target to = new Target(0, n, 0, from > 0, Bias.NONE);
      Sizes sizes = new Sizes(1, a.co(), n, steps, 1, 1);
      panels.multiply(sizes, rows, patches, null, to, gw);
      rows.release();
      from += part;
    } while (from < k);
    patches.release();
  }
}
