package engine.kernel.opencl;

import engine.kernel.NativeSignals;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/**
 * The programs of a device, one for some .cl files each, built when the first of its kernels is
 * wanted, or taken from the {@linkplain OpenClCache cache}.
 */
final class OpenClPrograms {
  private static final Logger LOG = System.getLogger("engine");
  private static final String STANDARD = "-cl-std=CL1.2";
  private static final String ROUNDED = STANDARD + " -cl-fp32-correctly-rounded-divide-sqrt";

  private final OpenClDevice device;
  private final cl_context context;
  private final Recipe recipe;
  private final Map<String, cl_program> built = new HashMap<>();
  private int builds;

  /** How products are tiled, and where programs are kept. */
  record Recipe(OpenClTile tile, OpenClCache cache) {}

  OpenClPrograms(OpenClDevice device, cl_context context, Recipe recipe) {
    this.device = device;
    this.context = context;
    this.recipe = recipe;
  }

  void close() {
    built.values().forEach(CL::clReleaseProgram);
    built.clear();
  }

  /** Work-items that share a row. */
  int rowLanes() {
    return recipe.tile.rowLanes();
  }

  /** Programs that were built from source. */
  int builds() {
    return builds;
  }

  cl_kernel kernel(String file, String name) {
    // Compilers within drivers take signals when they are first used.
    cl_program program = built.computeIfAbsent(file, f -> NativeSignals.kept(() -> program(f)));
    try {
      return CL.clCreateKernel(program, name, null);
    } catch (CLException e) {
      throw new OpenClException(
          "program %s has no kernel %s: %s".formatted(file, name, e.getMessage()), e);
    }
  }

  private cl_program program(String file) {
    String source = OpenClSource.of(file, recipe.tile);
    String key =
        OpenClCache.key(
            device.platform(), device.name(), device.version(), device.driver(), options(), source);
    Optional<cl_program> kept = recipe.cache.find(key).flatMap(binary -> restored(file, binary));
    if (kept.isPresent()) {
      return kept.get();
    }
    cl_program program = build(file, source);
    builds++;
    recipe.cache.store(key, binary(program));
    return program;
  }

  /** From a binary, unless the driver does not want it. */
  private Optional<cl_program> restored(String file, byte[] binary) {
    cl_device_id[] devices = {device.handle().device()};
    try {
      cl_program program =
          CL.clCreateProgramWithBinary(
              context,
              1,
              devices,
              new long[] {binary.length},
              new byte[][] {binary},
              new int[1],
              null);
      CL.clBuildProgram(program, 1, devices, options(), null, null);
      return Optional.of(program);
    } catch (CLException e) {
      LOG.log(
          Level.WARNING,
          "[opencl] {0} does not take its own binary of {1} ({2}); it is built again",
          device.name(),
          file,
          e.getMessage());
      return Optional.empty();
    }
  }

  private cl_program build(String file, String source) {
    LOG.log(
        Level.INFO,
        "[opencl] building {0} for {1} ({2} of {3})",
        file,
        device.name(),
        OpenClSource.PROGRAMS.indexOf(file) + 1,
        OpenClSource.PROGRAMS.size());
    CLException refused = null;
    String log = "";
    for (String options : List.of(options(), "")) {
      cl_program program =
          CL.clCreateProgramWithSource(context, 1, new String[] {source}, null, null);
      try {
        CL.clBuildProgram(
            program, 1, new cl_device_id[] {device.handle().device()}, options, null, null);
        return program;
      } catch (CLException e) {
        // A driver may refuse an option; what it then computes is for the probe to judge.
        if (refused == null) {
          refused = e;
          log = log(program);
        }
        CL.clReleaseProgram(program);
      }
    }
    throw new OpenClException(
        "%s (driver %s) builds %s neither with '%s' nor without: %s%n%s"
            .formatted(device.name(), device.driver(), file, options(), refused.getMessage(), log),
        refused);
  }

  private String options() {
    return device.roundsDivision() ? ROUNDED : STANDARD;
  }

  private static byte[] binary(cl_program program) {
    long[] sizes = new long[1];
    CL.clGetProgramInfo(
        program, CL.CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(sizes), null);
    byte[] binary = new byte[Math.toIntExact(sizes[0])];
    CL.clGetProgramInfo(
        program, CL.CL_PROGRAM_BINARIES, Sizeof.POINTER, Pointer.to(Pointer.to(binary)), null);
    return binary;
  }

  private String log(cl_program program) {
    long[] size = new long[1];
    cl_device_id d = device.handle().device();
    CL.clGetProgramBuildInfo(program, d, CL.CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] text = new byte[(int) size[0]];
    CL.clGetProgramBuildInfo(
        program, d, CL.CL_PROGRAM_BUILD_LOG, text.length, Pointer.to(text), null);
    return new String(text, StandardCharsets.UTF_8).strip();
  }
}
