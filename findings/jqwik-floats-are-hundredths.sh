#!/bin/sh
# Version: jqwik 1.9.3
# jqwik 1.9.3: a float drawn between bounds is a multiple of 0.01, each time.
#
# Guess: "@FloatRange(min = -1, max = 1)" draws from the floats between; a property of rounding that
# holds for a thousand of them holds for whole mantissas.
# Behaviour: the default scale of decimals is 2, so there are 201 such numbers and two in [0, 0.01], and a rounding that loses
# all but two decimals passes as exact. @Scale(10) or a float built from int bits sees what is there. Bounds with more
# decimals than two are not rounded but refused ("cannot be represented with scale 2"), which is how one may notice.
. "$(dirname "$0")/common.sh"
maven org.junit.platform:junit-platform-console-standalone:1.14.0 net.jqwik:jqwik-api:1.9.3 net.jqwik:jqwik-engine:1.9.3
cat >"$work/DrawTest.java" <<'J'
import java.util.*;
import net.jqwik.api.*;
import net.jqwik.api.constraints.*;
import net.jqwik.api.lifecycle.AfterContainer;

class DrawTest {
  static final Set<Float> SCALED = new HashSet<>(), SMALL = new HashSet<>();
  static int hundredths;

  @Property(tries = 1000, seed = "1")
  void plain(@ForAll @FloatRange(min = -1, max = 1) float x) { if (Math.round(x * 100) / 100f == x) hundredths++; }
  @Property(tries = 1000, seed = "1")
  void scaled(@ForAll @FloatRange(min = -1, max = 1) @Scale(10) float x) { SCALED.add(x); }
  @Property(tries = 1000, seed = "1")
  void small(@ForAll @FloatRange(min = 0, max = 0.01f) float x) { SMALL.add(x); }
  @AfterContainer
  static void print() {
    System.out.println("SEEN " + hundredths + " " + SMALL.size() + " " + (SCALED.size() > 500));
  }
}
J
javac -proc:none -nowarn -cp "$work/jars/*" -d "$work/classes" "$work/DrawTest.java"
(cd "$work" && java -cp "classes:jars/*" org.junit.platform.console.ConsoleLauncher execute \
  --scan-classpath classes --disable-banner) >"$work/log" 2>&1 || { cat "$work/log"; exit 2; }
expect "of 1000 in [-1, 1] that survive rounding to hundredths, different ones in [0, 0.01], with @Scale(10) more than 500" \
  "$(sed -n 's/^SEEN //p' "$work/log")" "1000 2 true"
