#!/bin/sh
# Version: JOCL 2.0.6 with Mesa's rusticl (Debian 22.3.6-1+deb12u2)
# JOCL 2.0.6 with Mesa's rusticl (Debian 22.3.6-1+deb12u2): CL_DEVICE_TYPE_ALL is an invalid device type.
#
# Guess: a constant of OpenCL's header is what the header says in any binding, and "all" is understood by every platform.
# Behaviour: the header's constant is 0xFFFFFFFF in a type of 64 bits; JOCL's is the int -1 widened, 64 ones.
# PoCL and Mesa's older clover take it, rusticl checks the upper half and refuses, so that a program that lists
# devices so finds none of that platform. 0xFFFFFFFFL is taken by all.
. "$(dirname "$0")/common.sh"
maven org.jocl:jocl:2.0.6
debian mesa-opencl-icd=22.3.6-1+deb12u2 ocl-icd-libopencl1=2.3.1-1
cat >"$work/All.java" <<'J'
import static org.jocl.CL.*;
import org.jocl.*;

public class All {
  public static void main(String[] args) {
    CL.setExceptionsEnabled(false);
    cl_platform_id[] platform = new cl_platform_id[1];
    int[] n = new int[1];
    clGetPlatformIDs(1, platform, n);
    for (long all : new long[] {CL_DEVICE_TYPE_ALL, 0xFFFFFFFFL}) {
      boolean refused = clGetDeviceIDs(platform[0], all, 0, null, n) == CL_INVALID_DEVICE_TYPE;
      System.out.print(" " + Long.toHexString(all) + (refused ? "=invalid" : "=taken"));
    }
  }
}
J
for library in libMesaOpenCL libRusticlOpenCL; do
  mkdir "$work/$library"
  echo "$library.so.1" >"$work/$library/one.icd"
  header=taken
  [ "$library" = libMesaOpenCL ] || header=invalid
  expect "$library" "$(OCL_ICD_VENDORS="$work/$library" java --enable-native-access=ALL-UNNAMED -cp "$work/jars/*" "$work/All.java")" \
    " ffffffffffffffff=$header ffffffff=taken"
done
