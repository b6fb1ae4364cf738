package medsora.metric.distance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Features of a set of samples, a row of float32 for each, all of one length and finite. The arrays
 * are its own and never change.
 */
public final class FeatureRows {
  private final String name;
  private final int dimensions;
  private final float[][] rows;

  private FeatureRows(String name, int dimensions, float[][] rows) {
    this.name = name;
    this.dimensions = dimensions;
    this.rows = rows;
  }

  /**
   * Rows in the order of their samples.
   *
   * @param name of the set, for messages
   * @throws IllegalArgumentException where there is none, where lengths differ, or naming the first
   *     value that is not finite
   */
  public static FeatureRows of(String name, List<float[]> rows) {
    if (rows.isEmpty() || rows.getFirst().length == 0) {
      throw new IllegalArgumentException("[features] " + name + ": no samples or no features");
    }
    int dimensions = rows.getFirst().length;
    for (int i = 0; i < rows.size(); i++) {
      check(name, i, rows.get(i), dimensions);
    }
    return new FeatureRows(name, dimensions, rows.toArray(float[][]::new));
  }

  /**
   * Rows that lie one after another.
   *
   * @param values [samples, dimensions], row-major
   */
  public static FeatureRows of(String name, int dimensions, float[] values) {
    if (dimensions < 1 || values.length % dimensions != 0) {
      throw new IllegalArgumentException(
          "[features] %s: %d values are no rows of %d".formatted(name, values.length, dimensions));
    }
    List<float[]> rows = new ArrayList<>();
    for (int from = 0; from < values.length; from += dimensions) {
      rows.add(Arrays.copyOfRange(values, from, from + dimensions));
    }
    return of(name, rows);
  }

  private static void check(String name, int sample, float[] row, int dimensions) {
    if (row.length != dimensions) {
      throw new IllegalArgumentException(
          "[features] %s: sample %d has %d features, those before it %d"
              .formatted(name, sample, row.length, dimensions));
    }
    for (int j = 0; j < dimensions; j++) {
      if (!Float.isFinite(row[j])) {
        throw new IllegalArgumentException(
            "[features] %s: feature %d of sample %d is %s; look at its frames and at the weights"
                .formatted(name, j, sample, row[j]));
      }
    }
  }

  /** Name of the set. */
  public String name() {
    return name;
  }

  /** Number of samples. */
  public int count() {
    return rows.length;
  }

  /** Number of features of a sample. */
  public int dimensions() {
    return dimensions;
  }

  /** The features of a sample; not to be written to. */
  public float[] row(int sample) {
    return rows[sample];
  }

  /**
   * Some of the samples, in the order given; one may stand there twice.
   *
   * @param samples numbers from 0
   */
  public FeatureRows pick(int... samples) {
    return new FeatureRows(
        name, dimensions, Arrays.stream(samples).mapToObj(i -> rows[i]).toArray(float[][]::new));
  }

  /**
   * Rows of so many features each, cut out of these: where a row holds the features of a clip's
   * frames one after another, those of the frames.
   *
   * @param parts of a row, a divisor of its length
   */
  public FeatureRows cut(int parts) {
    if (parts < 1 || dimensions % parts != 0) {
      throw new IllegalArgumentException(
          "[features] %s: rows of %d features are not %d equal parts"
              .formatted(name, dimensions, parts));
    }
    int each = dimensions / parts;
    float[][] out = new float[rows.length * parts][];
    for (int i = 0; i < out.length; i++) {
      int from = i % parts * each;
      out[i] = Arrays.copyOfRange(rows[i / parts], from, from + each);
    }
    return new FeatureRows(name, each, out);
  }

  /**
   * The mean over the parts of each row, in double: of the features of a clip's frames, one vector
   * for the clip.
   *
   * @param parts of a row, a divisor of its length
   */
  public FeatureRows means(int parts) {
    FeatureRows all = cut(parts);
    float[][] out = new float[rows.length][all.dimensions];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < all.dimensions; j++) {
        double sum = 0;
        for (int k = 0; k < parts; k++) {
          sum += all.rows[i * parts + k][j];
        }
        out[i][j] = (float) (sum / parts);
      }
    }
    return new FeatureRows(name, all.dimensions, out);
  }

  /** Refuses a set whose features are not of the same kind. */
  void requireSameDimensions(FeatureRows other) {
    if (other.dimensions != dimensions) {
      throw new IllegalArgumentException(
          "[features] %s has %d features a sample, %s has %d: they come of different networks"
              .formatted(name, dimensions, other.name, other.dimensions));
    }
  }
}
