package medsora.metric.protocol;

import engine.random.RandomKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.metric.distance.FeatureRows;

/**
 * What a distance would be at infinitely many samples: the value at 1/n = 0 of the line through its
 * values at parts of the videos or samples (FID infinity, Chong and Forsyth 2020, for both sets at
 * once). Its bias falls as 1/n where n is well above the number of features; below, the points
 * leave the line, and the residual says so.
 *
 * @param value at infinite n
 * @param slope by which the distance grows with 1/share; its bias at the whole sets
 * @param residual the largest distance of a point from the line
 * @param points of the line
 * @param seed of the subsets
 */
public record Extrapolation(
    double value, double slope, double residual, List<Point> points, long seed) {
  /** Shares of both sets. */
  private static final double[] SHARES = {0.5, 0.6, 0.7, 0.8, 0.9, 1};

  /** Subsets of each share but the last, whose distances are averaged. */
  private static final int SUBSETS = 3;

  private static final long STEP = 0x6578;
  private static final int LEAST = 8;

  /**
   * The mean distance at a share of the samples.
   *
   * @param real videos, or samples, of the one
   * @param generated the same of the other
   * @param share of both
   */
  public record Point(int real, int generated, double share, double distance) {}

  public Extrapolation {
    points = List.copyOf(points);
  }

  /** Fits a line; wants at least 8 groups of each set. */
  public static Extrapolation of(Samples real, Samples generated, SetDistance distance, long seed) {
    if (Math.min(real.groups(), generated.groups()) < LEAST) {
      throw new IllegalArgumentException(
          "[extrapolation] wants 8 %s of each set, got %d and %d"
              .formatted(real.group().words(), real.groups(), generated.groups()));
    }
    List<Point> points = new ArrayList<>();
    for (double share : SHARES) {
      int n = (int) Math.rint(share * real.groups());
      int m = (int) Math.rint(share * generated.groups());
      int subsets = share == 1 ? 1 : SUBSETS;
      double sum = 0;
      for (int k = 0; k < subsets; k++) {
        FeatureRows x = real.pick(some(real.groups(), n, seed, 2L * k));
        FeatureRows y = generated.pick(some(generated.groups(), m, seed, 2L * k + 1));
        sum += distance.of(x, y);
      }
      points.add(new Point(n, m, share, sum / subsets));
    }
    return fitted(points, seed);
  }

  /** The first of one fixed order a subset, so that larger ones contain smaller ones. */
  private static int[] some(int n, int count, long seed, long stream) {
    int[] order = new RandomKey(seed, stream, STEP).random().permutation(n);
    return Arrays.stream(Arrays.copyOf(order, count)).sorted().toArray();
  }

  private static Extrapolation fitted(List<Point> points, long seed) {
    double x = points.stream().mapToDouble(p -> 1 / p.share).sum() / points.size();
    double y = points.stream().mapToDouble(Point::distance).sum() / points.size();
    double xy = 0;
    double xx = 0;
    for (Point p : points) {
      xy += (1 / p.share - x) * (p.distance - y);
      xx += (1 / p.share - x) * (1 / p.share - x);
    }
    double slope = xy / xx;
    double value = y - slope * x;
    double residual =
        points.stream()
            .mapToDouble(p -> Math.abs(p.distance - value - slope / p.share))
            .max()
            .orElse(0);
    return new Extrapolation(value, slope, residual, points, seed);
  }
}
