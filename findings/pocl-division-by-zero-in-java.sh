#!/bin/sh
# Version: PoCL 3.1 (Debian 3.1-3+deb12u1, x86-64) inside a JVM
# PoCL 3.1 (Debian 3.1-3+deb12u1, x86-64) inside a JVM: listing its devices turns Java's 7 / 0 into 7.
#
# Guess: asking OpenCL which devices there are changes nothing in the program that asks.
# Behaviour: clGetDeviceIDs installs PoCL's handler of SIGFPE, by which the JVM turns the processor's trap into
# ArithmeticException. From then on int division by zero in compiled or interpreted Java gives the dividend back, with no
# exception; long division is checked elsewhere and still throws. Reading the handlers with sigaction before the platforms are
# opened and writing them back after the listing mends it.
# Wants: JDK 22 or newer, and Debian 12, whose packages it unpacks into the temporary folder (LLVM 14 and hwloc installed).
. "$(dirname "$0")/common.sh"
(cd "$work" && apt-get download -qq pocl-opencl-icd=3.1-3+deb12u1 libpocl2=3.1-3+deb12u1 \
  libpocl2-common=3.1-3+deb12u1 ocl-icd-libopencl1=2.3.1-1 && for p in *.deb; do dpkg -x "$p" root; done) 2>/dev/null
lib=$work/debian/usr/lib/x86_64-linux-gnu
mkdir "$work/vendors"
echo "$(echo "$lib"/libpocl.so.2.*)" >"$work/vendors/pocl.icd"
cat >"$work/Divide.java" <<'J'
import java.lang.foreign.*;
import java.lang.invoke.MethodHandle;
import static java.lang.foreign.ValueLayout.*;

public class Divide {
  static String seven(int by) {
    try { return "" + 7 / by; } catch (ArithmeticException e) { return "throws"; }
  }
  static String sevenLong(long by) {
    try { return "" + 7L / by; } catch (ArithmeticException e) { return "throws"; }
  }
  public static void main(String[] args) throws Throwable {
    Linker linker = Linker.nativeLinker();
    Arena arena = Arena.global();
    SymbolLookup cl = SymbolLookup.libraryLookup(args[0], arena);
    MethodHandle platforms = linker.downcallHandle(cl.find("clGetPlatformIDs").get(),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    MethodHandle devices = linker.downcallHandle(cl.find("clGetDeviceIDs").get(),
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
    int zero = args.length - 1;
    MemorySegment platform = arena.allocate(ADDRESS), count = arena.allocate(JAVA_INT);
    System.out.print("before: " + seven(zero) + ", ");
    int e1 = (int) platforms.invoke(1, platform, count);
    int e2 = (int) devices.invoke(platform.get(ADDRESS, 0), 0xFFFFFFFFL, 0, MemorySegment.NULL, count);
    if (e1 != 0 || e2 != 0) System.out.print("errors " + e1 + " " + e2 + ", ");
    System.out.println("after: int " + seven(zero) + ", long " + sevenLong(zero));
  }
}
J
seen=$(cd "$work" && LD_LIBRARY_PATH=$lib OCL_ICD_VENDORS=$work/vendors POCL_CACHE_DIR=$work/cache \
  java --enable-native-access=ALL-UNNAMED Divide.java "$lib/libOpenCL.so.1")
expect "7 / 0 in Java" "$seen" "before: throws, after: int 7, long throws"
