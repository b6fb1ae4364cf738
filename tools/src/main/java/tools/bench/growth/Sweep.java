package tools.bench.growth;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Sizes of a training step that differ in one thing.
 *
 * @param grows what the sizes are counted in
 * @param base what stays the same
 */
record Sweep(Axis axis, String grows, String base, List<Point> points) {
  private static final int FRAMES = 6;
  private static final int PIXELS = 128;
  private static final int DEPTH = 6;

  /** What grows. */
  enum Axis {
    FRAMES,
    PIXELS,
    DEPTH
  }

  static Sweep frames(List<Integer> values) {
    return new Sweep(
        Axis.FRAMES,
        "latent frames",
        "%dx%d pixels, depth %d".formatted(PIXELS, PIXELS, DEPTH),
        values.stream().map(f -> new Point(f, PIXELS, DEPTH, false)).toList());
  }

  static Sweep pixels(List<Integer> values) {
    return new Sweep(
        Axis.PIXELS,
        "tokens of a frame",
        "%d latent frames, depth %d".formatted(FRAMES, DEPTH),
        values.stream().map(p -> new Point(FRAMES, p, DEPTH, false)).toList());
  }

  static Sweep depth(List<Integer> values) {
    return new Sweep(
        Axis.DEPTH,
        "blocks",
        "%d latent frames, %dx%d pixels".formatted(FRAMES, PIXELS, PIXELS),
        values.stream().map(d -> new Point(FRAMES, PIXELS, d, false)).toList());
  }

  /** What of a point is counted. */
  double size(Point p) {
    return switch (axis) {
      case FRAMES -> p.frames();
      case PIXELS -> p.config().tokens();
      case DEPTH -> p.depth();
    };
  }

  /** The value that was asked for. */
  int value(Point p) {
    return switch (axis) {
      case FRAMES -> p.frames();
      case PIXELS -> p.pixels();
      case DEPTH -> p.depth();
    };
  }

  /** With recomputation at all its sizes if one of them needs it: else they would not compare. */
  Sweep within(long bytes) {
    boolean needed = points.stream().anyMatch(p -> p.counted() > bytes);
    return new Sweep(axis, grows, base, points.stream().map(p -> p.recomputed(needed)).toList());
  }

  /** What does not grow, and what each more adds. */
  Line line(List<Measured> all, ToDoubleFunction<Measured> of) {
    return Line.of(
        all.stream().map(m -> size(m.point())).toList(),
        all.stream().map(of::applyAsDouble).toList());
  }

  /** A power through the measured sizes. */
  Fit fit(List<Measured> all, ToDoubleFunction<Measured> of) {
    return Fit.of(
        all.stream().map(m -> size(m.point())).toList(),
        all.stream().map(of::applyAsDouble).toList());
  }
}
