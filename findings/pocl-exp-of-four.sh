#!/bin/sh
# Version: PoCL 3.1 (Debian 3.1-3+deb12u1, x86-64)
# PoCL 3.1 (Debian 3.1-3+deb12u1, x86-64): exp of a float4 is not exp of its floats.
#
# Guess: a function of OpenCL C on a vector is the same function on each component.
# Behaviour: scalars and float2 go through one routine, float4 and wider through another, and the last bit differs for one argument in a
# hundred for exp, exp2 and exp10 (733, 704 and 777 of 65536 seen), for atan, erf, acos and tanh less often. sin, cos, tan, sqrt and cbrt
# agree. A kernel that is rewritten to vectors of four for speed gives other results, and one that has a scalar
# tail gives both. With its libraries for processors without AVX2 all agree. Wants: AVX2.
. "$(dirname "$0")/common.sh"
maven org.jocl:jocl:2.0.6
debian pocl-opencl-icd=3.1-3+deb12u1 libpocl2=3.1-3+deb12u1 libpocl2-common=3.1-3+deb12u1 ocl-icd-libopencl1=2.3.1-1
mkdir "$work/vendors"
echo libpocl.so.2 >"$work/vendors/pocl.icd"
cat >"$work/Four.java" <<'J'
import static org.jocl.CL.*;
import java.util.Arrays;
import org.jocl.*;

public class Four {
  static final int N = 1 << 16;

  public static void main(String[] args) {
    CL.setExceptionsEnabled(true);
    cl_platform_id[] platform = new cl_platform_id[1];
    cl_device_id[] device = new cl_device_id[1];
    clGetPlatformIDs(1, platform, null);
    clGetDeviceIDs(platform[0], CL_DEVICE_TYPE_CPU, 1, device, null);
    cl_context context = clCreateContext(null, 1, device, null, null, null);
    cl_command_queue queue = clCreateCommandQueue(context, device[0], 0, null);
    float[] x = new float[N];
    for (int i = 0; i < N; i++) x[i] = -8 + 16f * i / N;
    cl_mem in = clCreateBuffer(context, CL_MEM_COPY_HOST_PTR, 4L * N, Pointer.to(x), null);
    cl_mem out = clCreateBuffer(context, CL_MEM_READ_WRITE, 4L * N, null, null);
    for (String function : new String[] {"exp", "exp2", "atan", "sin", "cos", "cbrt"}) {
      float[][] y = new float[3][N];
      for (int i = 0; i < 3; i++) {
        String type = new String[] {"float", "float2", "float4"}[i];
        String source = "__kernel void k(__global const T *x, __global T *y) { int i = get_global_id(0); y[i] = F(x[i]); }";
        cl_program program = clCreateProgramWithSource(context, 1, new String[] {source}, null, null);
        clBuildProgram(program, 0, null, "-DT=" + type + " -DF=" + function, null, null);
        cl_kernel kernel = clCreateKernel(program, "k", null);
        clSetKernelArg(kernel, 0, Sizeof.cl_mem, Pointer.to(in));
        clSetKernelArg(kernel, 1, Sizeof.cl_mem, Pointer.to(out));
        clEnqueueNDRangeKernel(queue, kernel, 1, null, new long[] {N >> i}, null, 0, null, null);
        clEnqueueReadBuffer(queue, out, true, 0, 4L * N, Pointer.to(y[i]), 0, null, null);
      }
      System.out.print(function + (Arrays.equals(y[0], y[1]) ? "=same," : "=other,") + (Arrays.equals(y[0], y[2]) ? "same " : "other "));
    }
  }
}
J
expect "float2, float4 against float" "$(OCL_ICD_VENDORS="$work/vendors" POCL_CACHE_DIR="$work/cache" \
  java --enable-native-access=ALL-UNNAMED -cp "$work/jars/*" "$work/Four.java" 2>/dev/null)" \
  "exp=same,other exp2=same,other atan=same,other sin=same,same cos=same,same cbrt=same,same "
