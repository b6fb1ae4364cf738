package medsora.metric.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FloatTriples;
import medsora.metric.distance.FrechetDistance;

/**
 * Frechet distances that are kept in a folder by the hash of both sets of features, for with
 * thousands of features one takes half a minute, and what a number is worth takes hundreds of them:
 * a stop between two loses none.
 */
public final class KeptDistances implements SetDistance, AutoCloseable {
  private final FeatureCache cache;
  private final int ddof;
  private final BooleanSupplier stop;

  private KeptDistances(FeatureCache cache, int ddof, BooleanSupplier stop) {
    this.cache = cache;
    this.ddof = ddof;
    this.stop = stop;
  }

  /**
   * Opens or makes the file.
   *
   * @param ddof both covariances are divided by n - ddof
   * @param stop asked before each distance
   * @throws IOException where another process has it open or it cannot be read
   */
  public static KeptDistances open(Path folder, int ddof, BooleanSupplier stop) throws IOException {
    String settings = "Frechet distances, ddof " + ddof;
    return new KeptDistances(FeatureCache.open(folder, settings, FloatTriples.SIZE), ddof, stop);
  }

  /**
   * The distance, found or computed.
   *
   * @throws UncheckedIOException of {@link Extraction.Stopped} where the user asked to stop, and
   *     where the file cannot be written
   */
  @Override
  public double of(FeatureRows real, FeatureRows generated) {
    try {
      if (stop.getAsBoolean()) {
        throw new Extraction.Stopped();
      }
      String hash = RowsHash.of(real, generated);
      float[] known = cache.get(hash).orElse(null);
      if (known != null) {
        return FloatTriples.get(known, 0);
      }
      double value = FrechetDistance.of(real, generated, ddof).value();
      if (FloatTriples.holds(value)) {
        float[] triple = new float[FloatTriples.SIZE];
        FloatTriples.put(triple, 0, value);
        cache.put(hash, triple);
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    cache.close();
  }
}
