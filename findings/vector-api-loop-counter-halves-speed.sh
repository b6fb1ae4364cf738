#!/bin/sh
# Version: JDK 25, jdk.incubator.vector, -XX:UseAVX=2 (16 vector registers), x86-64
# JDK 25, jdk.incubator.vector: the same 12 accumulators run at half the speed when the loop is counted by another variable.
#
# Guess: whether a loop counts its steps or walks its index up to an end, the body is compiled alike.
# Behaviour: with 16 registers the inner loop of a matrix product (6 rows by two vectors) keeps its accumulators in
# registers when it counts steps, and spills them when its condition is on the index into b: 70 against 33 billion
# multiply-adds per second. With 32 registers both are alike. (With plain loads of a instead of opaque ones it is the
# other way round.)
. "$(dirname "$0")/common.sh"
grep -q avx2 /proc/cpuinfo || { echo "wants a processor with AVX2"; exit 2; }
cat >"$work/Count.java" <<'J'
import java.lang.invoke.*;
import jdk.incubator.vector.*;

public class Count {
  static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
  static final VarHandle A = MethodHandles.arrayElementVarHandle(float[].class);

  static void steps(int k, float[] a, float[] b, float[] t) {
    FloatVector c00 = FloatVector.zero(S), c01 = FloatVector.zero(S);
    FloatVector c10 = FloatVector.zero(S), c11 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S), c21 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S), c31 = FloatVector.zero(S);
    FloatVector c40 = FloatVector.zero(S), c41 = FloatVector.zero(S);
    FloatVector c50 = FloatVector.zero(S), c51 = FloatVector.zero(S);
    int ia = 0, ib = 0;
    for (int p = 0; p < k; p++, ib += 16) {
      FloatVector b0 = FloatVector.fromArray(S, b, ib), b1 = FloatVector.fromArray(S, b, ib + 8), x;
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 0)); c00 = x.fma(b0, c00); c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 1)); c10 = x.fma(b0, c10); c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 2)); c20 = x.fma(b0, c20); c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 3)); c30 = x.fma(b0, c30); c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 4)); c40 = x.fma(b0, c40); c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 5)); c50 = x.fma(b0, c50); c51 = x.fma(b1, c51);
      ia += 6;
    }
    c00.intoArray(t, 0); c01.intoArray(t, 8);
    c10.intoArray(t, 16); c11.intoArray(t, 24);
    c20.intoArray(t, 32); c21.intoArray(t, 40);
    c30.intoArray(t, 48); c31.intoArray(t, 56);
    c40.intoArray(t, 64); c41.intoArray(t, 72);
    c50.intoArray(t, 80); c51.intoArray(t, 88);
  }

  static void index(int k, float[] a, float[] b, float[] t) {
    FloatVector c00 = FloatVector.zero(S), c01 = FloatVector.zero(S);
    FloatVector c10 = FloatVector.zero(S), c11 = FloatVector.zero(S);
    FloatVector c20 = FloatVector.zero(S), c21 = FloatVector.zero(S);
    FloatVector c30 = FloatVector.zero(S), c31 = FloatVector.zero(S);
    FloatVector c40 = FloatVector.zero(S), c41 = FloatVector.zero(S);
    FloatVector c50 = FloatVector.zero(S), c51 = FloatVector.zero(S);
    int ia = 0, ib = 0;
    for (; ib < 16 * k; ib += 16) {
      FloatVector b0 = FloatVector.fromArray(S, b, ib), b1 = FloatVector.fromArray(S, b, ib + 8), x;
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 0)); c00 = x.fma(b0, c00); c01 = x.fma(b1, c01);
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 1)); c10 = x.fma(b0, c10); c11 = x.fma(b1, c11);
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 2)); c20 = x.fma(b0, c20); c21 = x.fma(b1, c21);
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 3)); c30 = x.fma(b0, c30); c31 = x.fma(b1, c31);
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 4)); c40 = x.fma(b0, c40); c41 = x.fma(b1, c41);
      x = FloatVector.broadcast(S, (float) A.getOpaque(a, ia + 5)); c50 = x.fma(b0, c50); c51 = x.fma(b1, c51);
      ia += 6;
    }
    c00.intoArray(t, 0); c01.intoArray(t, 8);
    c10.intoArray(t, 16); c11.intoArray(t, 24);
    c20.intoArray(t, 32); c21.intoArray(t, 40);
    c30.intoArray(t, 48); c31.intoArray(t, 56);
    c40.intoArray(t, 64); c41.intoArray(t, 72);
    c50.intoArray(t, 80); c51.intoArray(t, 88);
  }

  interface Product { void run(int k, float[] a, float[] b, float[] t); }

  static double best(Product f) {
    int k = 384;
    float[] a = new float[6 * k], b = new float[16 * k], t = new float[96];
    double best = 1e9;
    for (int round = 0; round < 400; round++) {
      long begun = System.nanoTime();
      for (int i = 0; i < 200; i++) f.run(k, a, b, t);
      best = Math.min(best, (System.nanoTime() - begun) / (200.0 * k * 96));
    }
    return 1 / best;
  }

  public static void main(String[] args) {
    double steps = best(Count::steps), index = best(Count::index);
    System.err.printf("counting steps %.1f, walking the index %.1f billion multiply-adds per second%n", steps, index);
    System.out.println(steps > 1.5 * index ? "much slower" : "alike");
  }
}
J
seen=$(java --add-modules jdk.incubator.vector -XX:UseAVX=2 "$work/Count.java" 2>"$work/err" || cat "$work/err"); grep counting "$work/err" || true
expect "walking the index, with 16 registers" "$seen" "much slower"
