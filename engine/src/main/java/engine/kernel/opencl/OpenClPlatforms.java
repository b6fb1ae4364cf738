package engine.kernel.opencl;

import engine.kernel.NativeSignals;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** What the OpenCL loader says of its platforms and their devices. */
final class OpenClPlatforms {
  /** {@code CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT}. */
  private static final long ROUNDED_DIVISION = 1 << 7;

  /** {@code CL_DEVICE_TYPE_ALL}. JOCL's constant is -1, whose upper half Mesa refuses. */
  private static final long ALL = 0xFFFFFFFFL;

  private static final Logger LOG = System.getLogger(OpenClPlatforms.class.getName());

  private OpenClPlatforms() {}

  /** All devices, platform by platform. */
  static List<OpenClDevice> devices() {
    try {
      return NativeSignals.kept(OpenClPlatforms::listed);
    } catch (CLException e) {
      throw new OpenClException(
          "no platform answers ("
              + e.getMessage()
              + "): install a driver, on Debian for instance"
              + " pocl-opencl-icd, which computes on the CPU",
          e);
    } catch (UnsatisfiedLinkError e) {
      throw new OpenClException(
          "its loader cannot be opened ("
              + e.getMessage()
              + "): install the OpenCL ICD loader, on"
              + " Debian ocl-icd-libopencl1, and a driver",
          e);
    }
  }

  private static List<OpenClDevice> listed() {
    CL.setExceptionsEnabled(true);
    int[] count = new int[1];
    CL.clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    CL.clGetPlatformIDs(platforms.length, platforms, null);
    List<OpenClDevice> out = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    for (cl_platform_id platform : platforms) {
      try {
        List<OpenClDevice> its = new ArrayList<>();
        for (cl_device_id device : devices(platform)) {
          its.add(describe(out.size() + its.size(), platform, device));
        }
        out.addAll(its);
      } catch (CLException e) {
        silent.add(text(platform) + " lists no devices (" + e.getMessage() + ")");
      }
    }
    silent.forEach(platform -> LOG.log(Level.WARNING, "[opencl] {0}", platform));
    if (out.isEmpty() && !silent.isEmpty()) {
      throw new OpenClException(
          String.join("; ", silent) + ": mend or remove its driver, or install another");
    }
    return out;
  }

  private static cl_device_id[] devices(cl_platform_id platform) {
    try {
      int[] count = new int[1];
      CL.clGetDeviceIDs(platform, ALL, 0, null, count);
      cl_device_id[] devices = new cl_device_id[count[0]];
      CL.clGetDeviceIDs(platform, ALL, devices.length, devices, null);
      return devices;
    } catch (CLException e) {
      if (e.getStatus() == CL.CL_DEVICE_NOT_FOUND) {
        return new cl_device_id[0];
      }
      throw e;
    }
  }

  private static OpenClDevice describe(int index, cl_platform_id platform, cl_device_id d) {
    long type = number(d, CL.CL_DEVICE_TYPE);
    OpenClDevice.Kind kind = OpenClDevice.Kind.OTHER;
    if ((type & CL.CL_DEVICE_TYPE_GPU) != 0) {
      kind = OpenClDevice.Kind.GPU;
    } else if ((type & CL.CL_DEVICE_TYPE_CPU) != 0) {
      kind = OpenClDevice.Kind.CPU;
    }
    return new OpenClDevice(
        index,
        text(platform),
        text(d, CL.CL_DEVICE_NAME),
        text(d, CL.CL_DEVICE_VERSION),
        text(d, CL.CL_DRIVER_VERSION),
        kind,
        (int) number(d, CL.CL_DEVICE_MAX_COMPUTE_UNITS),
        number(d, CL.CL_DEVICE_GLOBAL_MEM_SIZE),
        number(d, CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        number(d, CL.CL_DEVICE_MAX_WORK_GROUP_SIZE),
        number(d, CL.CL_DEVICE_LOCAL_MEM_SIZE),
        (number(d, CL.CL_DEVICE_SINGLE_FP_CONFIG) & ROUNDED_DIVISION) != 0,
        text(d, CL.CL_DEVICE_EXTENSIONS).contains("cl_khr_fp64"),
        new OpenClDevice.Handle(platform, d));
  }

  private static long number(cl_device_id d, int what) {
    long[] size = new long[1];
    CL.clGetDeviceInfo(d, what, 0, null, size);
    ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    CL.clGetDeviceInfo(d, what, size[0], Pointer.to(value), null);
    return size[0] == 4 ? value.getInt(0) & 0xFFFFFFFFL : value.getLong(0);
  }

  private static String text(cl_device_id d, int what) {
    long[] size = new long[1];
    CL.clGetDeviceInfo(d, what, 0, null, size);
    byte[] value = new byte[(int) size[0]];
    CL.clGetDeviceInfo(d, what, value.length, Pointer.to(value), null);
    return text(value);
  }

  private static String text(cl_platform_id p) {
    long[] size = new long[1];
    CL.clGetPlatformInfo(p, CL.CL_PLATFORM_NAME, 0, null, size);
    byte[] value = new byte[(int) size[0]];
    CL.clGetPlatformInfo(p, CL.CL_PLATFORM_NAME, value.length, Pointer.to(value), null);
    return text(value);
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8).replace("\0", "").strip();
  }
}
