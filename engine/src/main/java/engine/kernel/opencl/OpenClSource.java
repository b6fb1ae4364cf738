package engine.kernel.opencl;

import engine.kernel.Binary;
import engine.kernel.Unary;
import engine.kernel.UpsampleConvArgs;
import engine.kernel.WinogradArgs;
import engine.numeric.Coefficients;
import engine.numeric.NumericContract;
import engine.numeric.WinogradPoints;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The text of a program: constants, what all share, and the files of some ops. Files carry the stem
 * of their op; a program takes several of them, so that what they share is compiled once.
 */
final class OpenClSource {
  /** The files of each program, in the order in which programs are named. */
  private static final Map<String, List<String>> FILES = files();

  /** The programs, each built when the first of its kernels is wanted. */
  static final List<String> PROGRAMS = List.copyOf(FILES.keySet());

  /** What all of them share: elementary functions, sums, walks through tokens. */
  private static final List<String> SHARED = List.of("elementary", "sums", "walks");

  /** Those whose text depends on the tile. */
  private static final List<String> TILED = List.of("products", "convolutions", "peaks");

  private OpenClSource() {}

  private static Map<String, List<String>> files() {
    Map<String, List<String>> files = new LinkedHashMap<>();
    files.put(
        "elementwise",
        List.of(
            "strides",
            "copy",
            "elementwise",
            "reduce",
            "resample",
            "bilinear_sample",
            "max_pool3d"));
    files.put("random", List.of("random"));
    files.put("optimiser", List.of("optimiser"));
    files.put("products", List.of("matmul"));
    files.put("convolutions", List.of("conv3d", "winograd_conv3d", "upsample_conv"));
    files.put(
        "norms", List.of("layer_norm", "planes", "group_norm", "batch_norm", "softmax", "tokens"));
    files.put("attention", List.of("windowed_attention", "rotary"));
    files.put("causal_conv1d", List.of("causal_conv1d"));
    files.put("rms_norms", List.of("rms_norm_gated", "rms_norm_merge"));
    files.put("ssd_scan", List.of("ssd_scan"));
    files.put("peaks", List.of("peaks"));
    return Collections.unmodifiableMap(files);
  }

  static String of(String program, OpenClTile tile) {
    String tiles = TILED.contains(program) ? tile.definitions() : "";
    StringBuilder out = new StringBuilder(constants());
    define(out, "ROW_LANES", "%d", tile.rowLanes());
    out.append(tiles);
    SHARED.forEach(each -> out.append(text(each)));
    FILES.get(program).forEach(each -> out.append(text(each)));
    return out.toString();
  }

  /** What the contract fixes, and how the host cuts work: declared there, once. */
  private static void shared(StringBuilder out) {
    define(out, "SEGMENT", "%d", NumericContract.SEGMENT);
    define(out, "SUM_BLOCK", "%d", NumericContract.SUM_BLOCK);
    define(out, "SUM_LANES", "%d", NumericContract.SUM_LANES);
    define(out, "SUM_CHAIN", "%d", NumericContract.SUM_CHAIN);
    define(out, "WINOGRAD_POINTS", "%d", WinogradArgs.POINTS);
    define(out, "WINOGRAD_SIDE", "%d", WinogradArgs.SIDE);
    define(out, "WINOGRAD_OUTPUTS", "%d", WinogradArgs.OUTPUTS);
    define(out, "WINOGRAD_TAPS", "%d", WinogradArgs.TAPS);
    define(out, "UPSAMPLE_SPREAD", "%d", UpsampleConvArgs.SPREAD);
    define(out, "UPSAMPLE_TAPS", "%d", UpsampleConvArgs.TAPS);
    define(out, "ROW_GROUP", "%d", OpenClContext.GROUP);
    define(out, "STRIP", "%d", OpenClConv3d.STRIP);
    define(out, "PATCH_ROWS", "%d", OpenClConv3d.PATCH_ROWS);
    define(out, "MANY", "%d", OpenClSsdRun.MANY);
    define(out, "PEAK_CHAINS", "%d", OpenClPeak.CHAINS);
  }

  /**
   * The constants of the elementary functions and of Winograd's, by their bits; the functions'
   * numbers.
   */
  private static String constants() {
    StringBuilder out = new StringBuilder();
    shared(out);
    try {
      for (Field f : Coefficients.class.getFields()) {
        if (f.getType() == float.class) {
          real(out, f.getName(), f.getFloat(null));
        } else if (f.getType() == int.class) {
          define(out, f.getName(), "0x%08x", f.getInt(null));
        }
      }
      for (Field f : WinogradPoints.class.getFields()) {
        real(out, "WINOGRAD_" + f.getName(), f.getFloat(null));
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
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
