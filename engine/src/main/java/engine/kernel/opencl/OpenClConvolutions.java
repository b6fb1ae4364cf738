package engine.kernel.opencl;

import engine.kernel.Conv3dArgs;
import engine.kernel.Conv3dArgs.GradAxis;
import engine.kernel.UpsampleConvArgs;
import engine.kernel.WinogradArgs;
import engine.kernel.opencl.OpenClProducts.Bias;
import engine.kernel.opencl.OpenClProducts.Factor;
import engine.kernel.opencl.OpenClProducts.Overlap;
import engine.kernel.opencl.OpenClProducts.Target;
import engine.tensor.Storage;

/**
 * Convolutions as products of panels, with the order of N3: patches are copied a part at a time, so
 * that they never exist as a whole. Those of several groups have kernels of their own.
 */
final class OpenClConvolutions extends OpenClFamily {
  /** Positions that one work-item of pack_patch_rows copies. */
  private static final int PATCH_ROWS = 32;

  /** Floats of patches that exist at once. */
  private static final int PART = 1 << 24;

  /**
   * Floats of transformed tiles that exist at once: on a processor what its caches hold, on others
   * enough to keep all units at work.
   */
  private static final int CACHED_TILES = 1 << 20;

  private static final int TILES = 1 << 24;

  private final OpenClProducts products;

  OpenClConvolutions(OpenClContext context, OpenClProducts products) {
    super(context, "convolutions");
    this.products = products;
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

  void conv3d(Conv3dArgs a, Storage x, Storage weight, Storage bias, Storage y) {
    if (a.groups() > 1) {
      int items = a.n() * a.co() * a.to() * a.ho() * Math.ceilDiv(a.wo(), 16);
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
    OpenClStorage w = products.rows(Factor.plain(1, a.co(), k, 1, 0), 0, k, weight);
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
    int part = products.columnsWithin(PART, k, all);
    OpenClStorage patches = products.columnPanels(1, part, k);
    Bias by = bias == null ? Bias.NONE : Bias.BY_ROW;
    for (int item = 0; item < c.n; item++) {
      for (int from = 0; from < all; from += part) {
        int n = Math.min(part, all - from);
        patches(c, item, from, n, x, patches);
        Target to = new Target(item * m * all + from, all, 0, false, by);
        products.multiply(1, m, n, k, 1, 1, weights, patches, bias, to, y);
      }
    }
    patches.release();
  }

  private void patches(Correlation c, int item, int from, int n, Storage x, Storage out) {
    Volume s = c.source;
    int begin = item * s.channels * s.positions();
    run(
        "pack_patches",
        products.columnLines(n, c.k()),
        new int[] {begin, s.t, s.h, s.w, from, n, c.result.h, c.result.w},
        new int[] {c.k(), c.taps[0], c.taps[1], c.taps[2], c.direction, 0, 0, 0},
        new int[] {
          c.steps[0], c.steps[1], c.steps[2], c.offsets[0], c.offsets[1], c.offsets[2], 0, 0
        },
        in(x),
        out(out));
  }

  // ---- gradient by the input

  void gradInput(Conv3dArgs a, Storage g, Storage weight, Storage gx) {
    gradInput(a, g, weight, null, gx);
  }

  private void gradInput(Conv3dArgs a, Storage g, Storage weight, Storage bias, Storage gx) {
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
    context()
        .run(
            "elementwise",
            "strided_copy4",
            pairs * each,
            new int[] {pairs, c.taps[0], c.taps[1], c.taps[2]},
            (residue[0] * a.kh() + residue[1]) * a.kw() + residue[2],
            new int[] {
              a.taps(), a.stride().t() * a.kh() * a.kw(), a.stride().h() * a.kw(), a.stride().w()
            },
            0,
            new int[] {each, c.taps[1] * c.taps[2], c.taps[2], 1},
            in(weight),
            out(dense));
    Factor rows = new Factor(1, a.ci(), Math.max(1, each), each, a.ci() * each, 1, 0);
    OpenClStorage packed = products.rows(rows, 0, c.k(), dense);
    dense.release();
    return packed;
  }

  private void spread(Conv3dArgs a, Volume part, int[] first, Storage from, Storage gx) {
    int planes = a.n() * a.ci();
    context()
        .run(
            "elementwise",
            "strided_copy4",
            planes * part.positions(),
            new int[] {planes, part.t, part.h, part.w},
            0,
            new int[] {part.positions(), part.h * part.w, part.w, 1},
            (first[0] * a.h() + first[1]) * a.w() + first[2],
            new int[] {
              a.t() * a.h() * a.w(),
              a.stride().t() * a.h() * a.w(),
              a.stride().h() * a.w(),
              a.stride().w()
            },
            in(from),
            out(gx));
  }

  // ---- gradient by the weights

  void gradWeight(Conv3dArgs a, Storage x, Storage g, Storage gw) {
    int n = a.groupIn() * a.taps();
    if (a.groups() > 1) {
      run("conv3d_grad_weight", a.co() * n, sizes(a), kernels(a), outs(a), in(x), in(g), out(gw));
      return;
    }
    int k = a.n() * a.positions();
    int segments = Math.max(1, PART / Math.max(1, n) / OpenClProducts.SEGMENT);
    int part = (int) Math.min(Math.max(1, k), (long) segments * OpenClProducts.SEGMENT);
    Factor gradients =
        new Factor(1, a.co(), a.positions(), a.positions(), a.co() * a.positions(), 1, 0);
    OpenClStorage patches = products.columnPanels(1, n, part);
    int from = 0;
    do {
      int steps = Math.min(part, k - from);
      OpenClStorage rows = products.rows(gradients, from, steps, g);
      run(
          "pack_patch_rows",
          products.columnLines(n, Math.ceilDiv(steps, PATCH_ROWS)),
          sizes(a),
          kernels(a),
          outs(a),
          from,
          steps,
          in(x),
          out(patches));
      Target to = new Target(0, n, 0, from > 0, Bias.NONE);
      products.multiply(1, a.co(), n, steps, 1, 1, rows, patches, null, to, gw);
      rows.release();
      from += part;
    } while (from < k);
    patches.release();
  }

  // ---- Winograd

  /** Tiles are done a part at a time, each with all frames, whose inputs are transformed once. */
  void winograd(WinogradArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    int points = WinogradArgs.POINTS;
    OpenClStorage u = products.rowPanels(points, args.co(), args.k());
    run(
        "winograd_weights",
        args.co() * args.k(),
        args.ci(),
        args.co(),
        args.kt(),
        args.mirrored() ? 1 : 0,
        in(weight),
        out(u));
    int steps = (args.to() + args.kt() - 1) * args.ci();
    int results = args.to() * args.co();
    int most = context().device().kind() == OpenClDevice.Kind.CPU ? CACHED_TILES : TILES;
    int part = products.columnsWithin(most / points, Math.max(steps, results), args.tiles());
    OpenClStorage v = products.columnPanels(points, part, steps);
    OpenClStorage m = scratch(Math.multiplyExact(points * results, part));
    for (int item = 0; item < args.n(); item++) {
      for (int first = 0; first < args.tiles(); first += part) {
        Tiles tiles = new Tiles(item, first, Math.min(part, args.tiles() - first), steps);
        inputs(args, tiles, x, v);
        points(args, tiles, u, v, m);
        results(args, tiles, m, bias, y);
      }
    }
    u.release();
    v.release();
    m.release();
  }

  /** Some tiles of all frames of an item; {@code steps} are those of k in a panel. */
  private record Tiles(int item, int first, int count, int steps) {}

  private void inputs(WinogradArgs a, Tiles p, Storage x, Storage v) {
    run(
        "winograd_inputs",
        p.steps * p.count,
        new int[] {a.n(), a.ci(), a.t(), a.h(), a.w(), 0, 0, 0},
        a.front(),
        a.top(),
        a.left(),
        a.columns(),
        p.item,
        p.first,
        p.count,
        p.steps,
        in(x),
        out(v));
  }

  /** The products of a frame begin one frame further on in the same panels. */
  private void points(WinogradArgs a, Tiles p, Storage u, Storage v, Storage m) {
    int points = WinogradArgs.POINTS;
    Overlap frames = new Overlap(a.to(), a.ci(), p.steps);
    Target to = new Target(0, p.count, a.co() * p.count, false, Bias.NONE);
    products.multiply(points, a.co(), p.count, a.k(), points, points, u, v, frames, null, to, m);
  }

  private void results(WinogradArgs a, Tiles p, Storage m, Storage bias, Storage y) {
    run(
        "winograd_results",
        a.to() * a.co() * p.count,
        a.co(),
        a.to(),
        a.ho(),
        a.wo(),
        a.columns(),
        p.item,
        p.first,
        p.count,
        flag(bias),
        in(m),
        in(bias),
        out(y));
  }

  // ---- doubling by nearest neighbours, then 3x3, in its sub-pixel form

  void upsample(UpsampleConvArgs args, Storage x, Storage weight, Storage bias, Storage y) {
    OpenClStorage spread = spread(args, weight);
    gradInput(args.transposed(), x, spread, bias, y);
    spread.release();
  }

  void upsampleGradInput(UpsampleConvArgs args, Storage g, Storage weight, Storage gx) {
    OpenClStorage spread = spread(args, weight);
    conv3d(args.transposed(), g, spread, null, gx);
    spread.release();
  }

  void upsampleGradWeight(UpsampleConvArgs args, Storage x, Storage g, Storage gw) {
    int pairs = args.ci() * args.co();
    OpenClStorage spread = scratch(pairs * UpsampleConvArgs.SPREAD);
    gradWeight(args.transposed(), g, x, spread);
    run("upsample_gather", pairs, args.ci(), args.co(), in(spread), out(gw));
    spread.release();
  }

  private OpenClStorage spread(UpsampleConvArgs args, Storage weight) {
    int pairs = args.ci() * args.co();
    OpenClStorage spread = scratch(pairs * UpsampleConvArgs.SPREAD);
    run("upsample_spread", pairs, args.ci(), args.co(), in(weight), out(spread));
    return spread;
  }
}
