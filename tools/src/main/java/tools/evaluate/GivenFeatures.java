package tools.evaluate;

import engine.io.Printable;
import engine.io.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import medsora.metric.distance.FeatureRows;

/**
 * Features that another program computed: tensors {@code real} [n1, d] and {@code generated} [n2,
 * d] of a safetensors file.
 *
 * @param words where they came from, as a number is quoted with it
 */
public record GivenFeatures(FeatureRows real, FeatureRows generated, String words) {
  /** Reads a file. */
  public static GivenFeatures read(Path file) throws IOException {
    try (SafeTensors opened = SafeTensors.open(file)) {
      String words =
          "features of %s %s"
              .formatted(
                  Printable.line(file.getFileName().toString()),
                  WeightFiles.ofFile(file).substring(0, 12));
      FeatureRows real = rows(opened, "real");
      FeatureRows generated = rows(opened, "generated");
      if (real.dimensions() != generated.dimensions()) {
        throw new IOException(
            "[evaluate] %s: 'real' has %d features and 'generated' %d: they are of two networks"
                .formatted(file, real.dimensions(), generated.dimensions()));
      }
      return new GivenFeatures(real, generated, words);
    }
  }

  private static FeatureRows rows(SafeTensors file, String name) throws IOException {
    if (!file.contains(name) || file.shape(name).length != 2 || file.shape(name)[1] < 1) {
      throw new IOException(
          "[evaluate] %s has no tensor '%s' of two axes, samples and features; it has %s"
              .formatted(file.path(), name, file.names()));
    }
    if (file.shape(name)[0] < 2) {
      throw new IOException(
          "[evaluate] %s: '%s' has %d samples, two are the least"
              .formatted(file.path(), name, file.shape(name)[0]));
    }
    return FeatureRows.of(name, Math.toIntExact(file.shape(name)[1]), file.floats(name));
  }
}
