#!/bin/sh
# Version: JDK 25, jdk.incubator.vector
# JDK 25, jdk.incubator.vector: exp of the same numbers in the same process gives other bits once the loop is compiled.
#
# Guess: lanewise(VectorOperators.EXP) is a function of its argument (and perhaps of the species).
# Behaviour: interpreted, it calls Math.exp for each lane and rounds; compiled, a routine of a vector library. The two
# differ in the last bit for part of the arguments, so a training's result depends on when the compiler got to the loop.
. "$(dirname "$0")/common.sh"
cat >"$work/Hot.java" <<'J'
import java.util.Arrays;
import jdk.incubator.vector.*;

public class Hot {
  static final VectorSpecies<Float> S = FloatVector.SPECIES_128;
  static void exp(float[] x, float[] y) {
    for (int i = 0; i < x.length; i += S.length())
      FloatVector.fromArray(S, x, i).lanewise(VectorOperators.EXP).intoArray(y, i);
  }
  public static void main(String[] args) {
    float[] x = new float[4096], cold = new float[4096], hot = new float[4096];
    for (int i = 0; i < x.length; i++) x[i] = -20 + 40f * i / x.length;
    exp(x, cold);
    for (int i = 0; i < 20000; i++) exp(x, hot);
    int differ = 0, ulps = 0;
    for (int i = 0; i < x.length; i++) {
      int d = Math.abs(Float.floatToIntBits(cold[i]) - Float.floatToIntBits(hot[i]));
      if (d != 0) differ++;
      ulps = Math.max(ulps, d);
    }
    System.err.println(differ + " of " + x.length + " differ, by " + ulps + " ulp at most");
    System.out.println(differ == 0 ? "same bits" : "other bits");
  }
}
J
seen=$(java --add-modules jdk.incubator.vector "$work/Hot.java" 2>"$work/err" || cat "$work/err"); grep differ "$work/err" || true
expect "cold against hot" "$seen" "other bits"
