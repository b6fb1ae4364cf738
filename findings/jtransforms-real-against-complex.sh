#!/bin/sh
# Version: JTransforms 3.2
# JTransforms 3.2: the real transform of the same numbers is up to hundreds of times less exact than the complex one.
#
# Guess: realForward is complexForward with half the work; its error is of the same size or less.
# Behaviour: at lengths with a larger prime factor (127 and 254 here: 5.6e-5 against 4.0e-7 of the root mean square) the
# real one loses two digits; its general radix steps its twiddles by a recurrence, in float. 64 and 120 show
# nothing of it, nor does 331, which both compute by Bluestein's algorithm. A frame of 127 pixels is rare, one of 508 is not.
. "$(dirname "$0")/common.sh"
maven com.github.wendykierp:JTransforms:3.2 org.visnow:JLargeArrays:1.7 org.apache.commons:commons-math3:3.5
cat >"$work/Real.java" <<'J'
import org.jtransforms.fft.FloatFFT_1D;

public class Real {
  /** Largest error of the bins, relative to the root mean square of all. */
  static double error(int n, boolean real) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) x[i] = (float) StrictMath.sin(1 + i * i * 0.37);
    float[] a = new float[2 * n];
    for (int i = 0; i < n; i++) a[real ? i : 2 * i] = (float) x[i];
    if (real) new FloatFFT_1D(n).realForwardFull(a); else new FloatFFT_1D(n).complexForward(a);
    double worst = 0, square = 0;
    for (int k = 0; k < n; k++) {
      double re = 0, im = 0;
      for (int i = 0; i < n; i++) {
        double w = 2 * Math.PI * ((long) i * k % n) / n;
        re += x[i] * StrictMath.cos(w);
        im -= x[i] * StrictMath.sin(w);
      }
      worst = Math.max(worst, Math.hypot(a[2 * k] - re, a[2 * k + 1] - im));
      square += re * re + im * im;
    }
    return worst / StrictMath.sqrt(square / n);
  }

  public static void main(String[] args) {
    for (int n : new int[] {64, 120, 127, 254, 331}) {
      double ratio = error(n, true) / error(n, false);
      System.out.printf("%d: %s%n", n, ratio > 20 ? "more than 20 times" : ratio < 4 ? "alike" : "ratio " + ratio);
      System.err.printf("%d real %.2g complex %.2g%n", n, error(n, true), error(n, false));
    }
  }
}
J
seen=$(java -cp "$work/jars/*" "$work/Real.java" | tr '\n' ' ')
expect "error of realForwardFull over complexForward" "$seen" \
  "64: alike 120: alike 127: more than 20 times 254: more than 20 times 331: alike "
