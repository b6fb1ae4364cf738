package engine.kernel.opencl;

import engine.kernel.Unary;
import engine.kernel.WinogradArgs;
import engine.kernel.WinogradConv3dKernels;
import engine.kernel.opencl.OpenClPanels.Bias;
import engine.kernel.opencl.OpenClPanels.Overlap;
import engine.kernel.opencl.OpenClPanels.Sizes;
import engine.kernel.opencl.OpenClPanels.Target;
import engine.tensor.Storage;

/** Winograd's F(4x4,3x3): its 36 products are products of panels of transformed tiles. */
final class OpenClWinogradConv3d extends OpenClFamily implements WinogradConv3dKernels {
  /**
   * Floats of transformed tiles that exist at once: on a processor what its caches hold, on others
   * enough to keep all units at work.
   */
  private static final int CACHED_TILES = 1 << 20;

  private static final int TILES = 1 << 24;

  private final OpenClPanels panels;
  private final OpenClElementwise elementwise;

  OpenClWinogradConv3d(OpenClContext context, OpenClPanels panels, OpenClElementwise elementwise) {
    super(context, "convolutions");
    this.panels = panels;
    this.elementwise = elementwise;
  }

  /** Tiles are done a part at a time, each with all frames, whose inputs are transformed once. */
  @Override
  public void forward(
      WinogradArgs args, Storage x, Storage weight, Storage bias, boolean relu, Storage y) {
    int points = WinogradArgs.POINTS;
    OpenClStorage u = panels.rowPanels(points, args.co(), args.k());
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
    int part = panels.columnsWithin(most / points, Math.max(steps, results), args.tiles());
    OpenClStorage v = panels.columnPanels(points, part, steps);
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
    if (relu) {
      int size = args.n() * args.co() * args.to() * args.ho() * args.wo();
      elementwise.unary(Unary.RELU, y, y, size);
    }
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

  /** The panels of a frame begin one frame further on in the same panels. */
  private void points(WinogradArgs a, Tiles p, Storage u, Storage v, Storage m) {
    int points = WinogradArgs.POINTS;
    Overlap frames = new Overlap(a.to(), a.ci(), p.steps);
    Target to = new Target(0, p.count, a.co() * p.count, false, Bias.NONE);
    Sizes sizes = new Sizes(points, a.co(), p.count, a.k(), points, points);
    panels.multiply(sizes, u, v, frames, null, to, m);
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
}
