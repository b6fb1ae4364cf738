package engine.kernel.opencl;

import engine.kernel.Binary;
import engine.kernel.Unary;
import engine.kernel.scalar.ScalarUnary;
import engine.numeric.Coefficients;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The text of a program: constants, what all families share, and one family of kernels. */
final class OpenClSource {
  /** The families of kernels. */
  static final List<String> FILES =
      List.of(
          "elementwise",
          "random",
          "optimiser",
          "products",
          "convolutions",
          "norms",
          "attention",
          "causal_conv1d",
          "rms_norm",
          "ssd_scan",
          "peaks");

  /** What all of them share: elementary functions, sums, walks through tokens. */
  private static final List<String> SHARED = List.of("elementary", "sums", "walks");

  /** Those whose text depends on the tile. */
  private static final List<String> TILED = List.of("products", "convolutions", "peaks");

  private OpenClSource() {}

  static String of(String file, OpenClTile tile) {
    boolean tiled = TILED.contains(file);
    String tiles = tiled ? tile.definitions() : "";
    String rows = "#define ROW_LANES %d\n#define ROW_GROUP 64\n".formatted(tile.rowLanes());
    StringBuilder out = new StringBuilder(constants()).append(rows).append(tiles);
    SHARED.forEach(each -> out.append(text(each)));
    return out.append(text(file)).toString();
  }

  /** The constants of the elementary functions by their bits, and the functions' numbers. */
  private static String constants() {
    StringBuilder out = new StringBuilder();
    try {
      for (Field f : Coefficients.class.getFields()) {
        if (f.getType() == float.class) {
          real(out, f.getName(), f.getFloat(null));
        } else if (f.getType() == int.class) {
          define(out, f.getName(), "0x%08x", f.getInt(null));
        }
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    real(out, "TWO_OVER_SQRT_PI", ScalarUnary.TWO_OVER_SQRT_PI);
    real(out, "INV_SQRT_2_PI", ScalarUnary.INV_SQRT_2_PI);
    for (Unary f : Unary.values()) {
      define(out, f.name(), "%d", f.ordinal());
    }
    for (Binary f : Binary.values()) {
      define(out, f.name(), "%d", f.ordinal());
    }
    return out.toString();
  }

  private static void real(StringBuilder out, String name, float value) {
    define(out, name, "as_float(0x%08xu)", Float.floatToRawIntBits(value));
  }

  private static void define(StringBuilder out, String name, String format, int value) {
    out.append("#define ").append(name).append(' ');
    out.append(String.format(Locale.ROOT, format, value)).append('\n');
  }

  private static String text(String file) {
    try (InputStream in = OpenClSource.class.getResourceAsStream(file + ".cl")) {
      if (in == null) {
        throw new OpenClException("the program text " + file + ".cl is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
