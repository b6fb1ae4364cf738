package engine.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the reference numbers in testdata and measures against them. */
public final class Fixtures {
  private Fixtures() {}

  /** Loads {@code testdata/reference/NAME.safetensors}. */
  public static Fixture load(String name) {
    return new Fixture(name, path(name + ".safetensors"));
  }

  /** Loads {@code testdata/FOLDER/NAME.safetensors}. */
  public static Fixture load(String folder, String name) {
    return new Fixture(name, testdata().resolve(folder).resolve(name + ".safetensors"));
  }

  /** A file of testdata/reference. */
  public static Path path(String file) {
    return testdata().resolve("reference").resolve(file);
  }

  /** The folder testdata, looked for in the working directory and upwards from it. */
  public static Path testdata() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      Path candidate = folder.resolve("testdata");
      if (Files.isDirectory(candidate.resolve("reference"))) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "[fixtures] no testdata/reference in " + start + " or above it");
  }

  /**
   * max |got - expected| / max |expected|; the absolute difference where expected is all zero. NaN
   * where any difference is, so that it fails every comparison {@code error < tolerance}.
   */
  public static double error(float[] got, float[] expected) {
    return error(widen(got), widen(expected));
  }

  /** {@link #error(float[], float[])} in double. */
  public static double error(double[] got, double[] expected) {
    if (got.length != expected.length) {
      throw new IllegalArgumentException(
          "[fixtures] " + got.length + " values, expected " + expected.length);
    }
    double difference = 0;
    double scale = 0;
    for (int i = 0; i < got.length; i++) {
      difference = Math.max(difference, Math.abs(got[i] - expected[i]));
      scale = Math.max(scale, Math.abs(expected[i]));
    }
    return scale == 0 ? difference : difference / scale;
  }

  private static double[] widen(float[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }
}
