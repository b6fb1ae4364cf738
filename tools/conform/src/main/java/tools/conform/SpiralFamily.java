package tools.conform;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.denoiser.Spiral;

/** {@code spiral}: {@code order_NxM} and {@code original_NxM}, each [lists, n*m]. */
final class SpiralFamily implements Family {
  static final Limits LIMITS = name -> 0;

  private static final Pattern GRID = Pattern.compile("(order|original)_(\\d+)x(\\d+)");

  @Override
  public void check(Check check) {
    for (String name : check.file().names()) {
      Matcher m = GRID.matcher(name);
      if (m.matches()) {
        boolean original = m.group(1).equals("original");
        lists(
            check,
            name,
            Integer.parseInt(m.group(2)),
            Integer.parseInt(m.group(3)),
            original ? Spiral::inverse : list -> list);
      }
    }
  }

  private static void lists(Check check, String name, int n, int m, UnaryOperator<int[]> form) {
    int places = Math.multiplyExact(n, m);
    int count = check.file().shape(name, 2).dim(0);
    UnfitException.unless(
        places > 0 && check.file().shape(name).dim(1) == places,
        "%s is %s",
        name,
        check.file().shape(name));
    int[] all = new int[Math.multiplyExact(count, places)];
    for (int k = 0; k < count; k++) {
      int[] list = form.apply(Spiral.releasedList(n, m, k));
      System.arraycopy(list, 0, all, k * places, places);
    }
    check.integers(name, all);
  }
}
