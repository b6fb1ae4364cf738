package medsora.diffusion;

import java.util.TreeSet;

/**
 * Chooses which of the original diffusion steps a shorter process uses. {@code "250"} spreads 250
 * steps evenly; {@code "10,15,20"} cuts the original range into three sections with that many steps
 * each; {@code "ddim50"} takes a fixed stride (Nichol and Dhariwal, 2021).
 */
public final class Respacing {
  private Respacing() {}

  /** The steps used, ascending. */
  public static int[] steps(int original, String spec) {
    if (spec.startsWith("ddim")) {
      return strided(original, parse(spec.substring(4), spec), spec);
    }
    String[] parts = spec.split(",", -1);
    TreeSet<Integer> taken = new TreeSet<>();
    int start = 0;
    for (int i = 0; i < parts.length; i++) {
      int size = (original / parts.length) + (i < original % parts.length ? 1 : 0);
      int count = parse(parts[i].trim(), spec);
      if (count > size) {
        throw new IllegalArgumentException(
            "[respacing] '" + spec + "': a section of " + size + " steps has no " + count);
      }
      double stride = count <= 1 ? 1 : (double) (size - 1) / (count - 1);
      double at = 0;
      for (int k = 0; k < count; k++) {
        taken.add(start + (int) Math.rint(at));
        at += stride;
      }
      start += size;
    }
    return taken.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] strided(int original, int wanted, String spec) {
    for (int stride = 1; stride <= original; stride++) {
      int count = (original + stride - 1) / stride;
      if (count == wanted) {
        int[] steps = new int[count];
        for (int k = 0; k < count; k++) {
          steps[k] = k * stride;
        }
        return steps;
      }
    }
    throw new IllegalArgumentException(
        "[respacing] '" + spec + "': no stride takes " + wanted + " of " + original + " steps");
  }

  /**
   * Steps whose values lie as evenly as distinct steps can, the first and the last among them.
   *
   * @param values of all steps, falling
   * @return ascending
   */
  static int[] evenly(double[] values, int count) {
    int all = values.length;
    if (count < 1 || count > all) {
      throw new IllegalArgumentException(
          "[respacing] " + count + " steps of " + all + " cannot be taken");
    }
    int[] steps = new int[count];
    int at = -1;
    for (int k = 0; k < count; k++) {
      double share = count == 1 ? 1 : (double) k / (count - 1);
      double wanted = values[0] + (share * (values[all - 1] - values[0]));
      int most = all - (count - k);
      at = Math.min(at + 1, most);
      while (at < most && Math.abs(values[at + 1] - wanted) <= Math.abs(values[at] - wanted)) {
        at++;
      }
      steps[k] = at;
    }
    return steps;
  }

  private static int parse(String number, String spec) {
    try {
      int n = Integer.parseInt(number);
      if (n > 0) {
        return n;
      }
    } catch (NumberFormatException e) {
      // The message below says what is wanted.
    }
    throw new IllegalArgumentException(
        "[respacing] '" + spec + "' is not like 250, 10,15,20 or ddim50");
  }
}
