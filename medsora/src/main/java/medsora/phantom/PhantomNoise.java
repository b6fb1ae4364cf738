package medsora.phantom;

/**
 * Hash and lattice noise from integer arithmetic and exactly rounded operations only, so that the
 * same numbers come out everywhere.
 */
final class PhantomNoise {
  private PhantomNoise() {}

  /** A well mixed 64-bit hash of a key and a counter. */
  static long hash(long key, long counter) {
    long z = key + counter * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0,1) with 53 bits. */
  static double uniform(long key, long counter) {
    return (hash(key, counter) >>> 11) * 0x1p-53;
  }

  static int layer(int z, int seed) {
    return z * 0xC2B2AE3D ^ seed;
  }

  static int mix(int x, int y, int layer) {
    int h = x * 0x9E3779B1 ^ y * 0x85EBCA77 ^ layer;
    h = (h ^ (h >>> 15)) * 0x2C1B3C6D;
    h = (h ^ (h >>> 12)) * 0x297A2D39;
    return h ^ (h >>> 15);
  }

  /** The dot product of a hashed lattice gradient (12 edges of a cube) with (x, y, z). */
  private static double corner(int h, double x, double y, double z) {
    double u = (h & 1) == 0 ? 1 : -1;
    double v = (h & 2) == 0 ? 1 : -1;
    return switch ((h >>> 2) % 3) {
      case 0 -> u * x + v * y;
      case 1 -> u * x + v * z;
      default -> u * y + v * z;
    };
  }

  /**
   * h % 3 for h from 0 to 2^29 - 1, from operations that vectors have: 2^15 leaves 2, and what is
   * left has 16 bits, for which the reciprocal below is exact.
   */
  static int modulo3(int h) {
    int small = ((h >>> 15) << 1) + (h & 0x7fff);
    return small - 3 * ((small * 43691) >>> 17);
  }

  static double fade(double t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
  }

  static double mixed(double a, double b, double t) {
    return a + (b - a) * t;
  }

  /** Smooth gradient noise, about -1..1, mean 0, one feature per unit. */
  static double gradient(double x, double y, double z, int seed) {
    double fx = Math.floor(x);
    double fy = Math.floor(y);
    double fz = Math.floor(z);
    int i = (int) fx;
    int j = (int) fy;
    int k = (int) fz;
    double dx = x - fx;
    double dy = y - fy;
    double dz = z - fz;
    double u = fade(dx);
    double v = fade(dy);
    double near = face(i, j, layer(k, seed), dx, dy, dz, u, v);
    double far = face(i, j, layer(k + 1, seed), dx, dy, dz - 1, u, v);
    return mixed(near, far, fade(dz));
  }

  private static double face(
      int i, int j, int layer, double dx, double dy, double dz, double u, double v) {
    double a = corner(mix(i, j, layer) & 0x7fffffff, dx, dy, dz);
    double b = corner(mix(i + 1, j, layer) & 0x7fffffff, dx - 1, dy, dz);
    double c = corner(mix(i, j + 1, layer) & 0x7fffffff, dx, dy - 1, dz);
    double d = corner(mix(i + 1, j + 1, layer) & 0x7fffffff, dx - 1, dy - 1, dz);
    return mixed(mixed(a, b, u), mixed(c, d, u), v);
  }

  /**
   * A smooth wave of period 1 between -1 and 1 made of a polynomial: twice differentiable, close to
   * a cosine, and free of platform functions.
   */
  static double wave(double phase) {
    double q = 2 * (phase - Math.floor(phase)) - 1;
    double e = 1 - q * q;
    return 2 * e * e * (3 - 2 * e) - 1;
  }

  /** 0 below {@code low}, 1 above {@code high}, smooth between. */
  static double step(double low, double high, double x) {
    double t = (x - low) / (high - low);
    t = Math.max(0, Math.min(1, t));
    return t * t * (3 - 2 * t);
  }
}
