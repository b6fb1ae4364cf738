package medsora.phantom;

import static medsora.phantom.PhantomNoise.wave;

/**
 * The phantom's geometry: a bent tube whose wall is a height field over (angle, z) around a curved
 * centre line, with half-moon folds, perhaps a polyp, a contraction that travels along it, and a
 * camera inside.
 *
 * <p>The wall point with angle a at station z and time t is
 *
 * <pre>  x = bx(z) + R(a,z,t) cos a,   y = by(z) + R(a,z,t) sin a,   z</pre>
 *
 * where (a, z) are the tissue's own coordinates: the tissue moves radially only. Angles appear as
 * their cosine and sine throughout, so no trigonometry is needed per point.
 */
final class PhantomScene {
  /** Beyond this distance the lumen is black. */
  static final double FAR = 14;

  private static final int FOLDS_BEHIND = 8;

  /** How far a fold's crest leans along z from one side to the other. */
  static final double FOLD_TILT = 0.22;

  private static final double TAN_HALF_VIEW = 1.19;

  private final long key;
  final double spacing;
  final double foldDepth;
  final double foldWidth;
  final int firstFold;
  final double[] foldAt;
  final double[] foldScale;
  final double[] foldCos;
  final double[] foldSin;
  final double bendX;
  final double bendY;
  final double bendLengthX;
  final double bendLengthY;
  final double bendPhaseX;
  final double bendPhaseY;
  final double triangle;
  final double squeeze;
  final double squeezeSpeed;
  final double speed;
  final double wobble;
  final double roll;
  final boolean hasPolyp;
  final double polypZ;
  final double polypCos;
  final double polypSin;
  final double polypRadius;
  final double polypHeight;

  PhantomScene(long seed, int clip, int frames) {
    key = PhantomNoise.hash(seed ^ 0x6d6564736f7261L, clip);
    spacing = between(1, 0.95, 1.35);
    foldDepth = between(2, 0.30, 0.46);
    foldWidth = between(3, 0.30, 0.42);
    bendX = between(4, -0.9, 0.9);
    bendY = between(5, -0.9, 0.9);
    bendLengthX = between(6, 9, 15);
    bendLengthY = between(7, 9, 15);
    bendPhaseX = between(8, 0, 1);
    bendPhaseY = between(9, 0, 1);
    triangle = between(10, 0.02, 0.09);
    squeeze = between(11, 0.0, 0.05);
    squeezeSpeed = between(12, 0.008, 0.02);
    double pace = between(13, 0.03, 0.07);
    speed = between(14, 0, 1) < 0.3 ? -pace : pace;
    wobble = between(15, 0.08, 0.2);
    roll = between(16, -3, 3);
    hasPolyp = between(17, 0, 1) < 0.6;
    double angle = between(18, 0, 2 * StrictMath.PI);
    polypCos = StrictMath.cos(angle);
    polypSin = StrictMath.sin(angle);
    // A withdrawing camera starts near the polyp and an advancing one comes towards it.
    polypZ = between(19, 1.5, 2.3) + Math.max(0, speed) * 12;
    polypRadius = between(20, 0.36, 0.52);
    polypHeight = polypRadius * between(21, 0.48, 0.66);
    double travel = Math.abs(speed) * Math.max(frames, 1) + FAR + 4;
    int count = FOLDS_BEHIND + 2 * (int) (travel / spacing) + 8;
    foldAt = new double[count];
    foldScale = new double[count];
    foldCos = new double[count];
    foldSin = new double[count];
    firstFold = speed < 0 ? -count / 2 : -FOLDS_BEHIND;
    placeFolds();
  }

  private void placeFolds() {
    for (int n = 0; n < foldAt.length; n++) {
      long id = 1000L + 4L * (n + firstFold);
      foldAt[n] = (n + firstFold + 0.34 * (uniform(id) - 0.5)) * spacing;
      foldScale[n] = 0.65 + 0.35 * uniform(id + 1);
      double turn = 2.2 * (n + firstFold) + 1.6 * (uniform(id + 2) - 0.5);
      foldCos[n] = StrictMath.cos(turn);
      foldSin[n] = StrictMath.sin(turn);
    }
  }

  private double uniform(long id) {
    return PhantomNoise.uniform(key, id);
  }

  /** The id-th random parameter of this clip. */
  double between(long id, double low, double high) {
    return low + (high - low) * uniform(id);
  }

  /** Seed for the noise with this number. */
  int noiseSeed(int id) {
    return (int) PhantomNoise.hash(key, 500L + id);
  }

  double centreX(double z) {
    return bendX * wave(z / bendLengthX + bendPhaseX);
  }

  double centreY(double z) {
    return bendY * wave(z / bendLengthY + bendPhaseY);
  }

  /** How much polyp there is at (angle, z): 0 outside, 1 on its top. */
  double polyp(double c, double s, double z) {
    if (!hasPolyp) {
      return 0;
    }
    double dz = z - polypZ;
    if (dz > polypRadius || dz < -polypRadius) {
      return 0;
    }
    double dc = c - polypCos;
    double ds = s - polypSin;
    double q = (dc * dc + ds * ds + dz * dz) / (polypRadius * polypRadius);
    if (q >= 1) {
      return 0;
    }
    double e = 1 - q * q;
    return e * (0.75 + 0.25 * e);
  }

  /** How much fold there is at (angle, z): 0 in a haustrum, up to 1 on a crest. */
  double fold(double c, double s, double z) {
    int nearest = (int) Math.floor(z / spacing) - firstFold;
    double sum = 0;
    for (int n = Math.max(0, nearest - 1); n <= Math.min(foldAt.length - 1, nearest + 2); n++) {
      double along = z - foldAt[n];
      if (Math.abs(along) > foldWidth + FOLD_TILT) {
        continue;
      }
      double facing = c * foldCos[n] + s * foldSin[n];
      double d = along - FOLD_TILT * facing;
      double e = 1 - Math.sqrt(d * d + 0.0009) / foldWidth;
      if (e > 0) {
        double h = 0.5 + 0.5 * facing;
        sum += foldScale[n] * (0.3 + 0.7 * h * h) * e * e;
      }
    }
    return sum > 1 ? 1 : sum;
  }

  /** R(a,z,t): the wall's distance from the centre line. */
  double radius(double c, double s, double z, double time) {
    double polyp = polyp(c, s, z);
    double tube = 1 - triangle * (4 * c * c * c - 3 * c);
    double ring = 1 - squeeze * (1 + wave(z * 0.21 - time * squeezeSpeed));
    return tube * ring * (1 - foldDepth * fold(c, s, z) * (1 - 0.7 * polyp)) - polypHeight * polyp;
  }

  /** Positive inside the lumen, negative in the wall: R minus the distance from the centre line. */
  double inside(double x, double y, double z, double time) {
    double dx = x - centreX(z);
    double dy = y - centreY(z);
    double r = Math.sqrt(dx * dx + dy * dy);
    return r < 1e-9 ? radius(1, 0, z, time) : radius(dx / r, dy / r, z, time) - r;
  }

  /** Where a ray meets the wall: position, distance, and the tissue's coordinates there. */
  static final class Hit {
    double x;
    double y;
    double z;
    double distance;
    double c;
    double s;
  }

  /** The wall at distance t along a ray. */
  void place(Camera from, double dx, double dy, double dz, double t, Hit hit) {
    hit.distance = t;
    hit.x = from.x + t * dx;
    hit.y = from.y + t * dy;
    hit.z = from.z + t * dz;
    double rx = hit.x - centreX(hit.z);
    double ry = hit.y - centreY(hit.z);
    double r = Math.max(Math.sqrt(rx * rx + ry * ry), 1e-9);
    hit.c = rx / r;
    hit.s = ry / r;
  }

  /** A pinhole camera: place, time, and the axes right, down and forward. */
  static final class Camera {
    double time;
    double x;
    double y;
    double z;
    final double[] right = new double[3];
    final double[] down = new double[3];
    final double[] forward = new double[3];

    /** Pixel centres of a square image of this size lie on the plane at distance 1. */
    double plane(double pixel, int size) {
      return (2 * (pixel + 0.5) / size - 1) * TAN_HALF_VIEW;
    }

    /** The inverse of {@link #plane}. */
    double pixel(double plane, int size) {
      return (plane / TAN_HALF_VIEW + 1) * size / 2 - 0.5;
    }
  }

  /** The camera at a frame. */
  Camera camera(double frame) {
    Camera cam = new Camera();
    cam.time = frame;
    cam.z = speed * frame;
    double swayX = wave(frame / between(30, 37, 61) + uniform(31));
    double swayY = wave(frame / between(32, 41, 67) + uniform(33));
    double away = hasPolyp ? 0.2 : 0;
    double offX = wobble * swayX - away * polypCos;
    double offY = wobble * swayY - away * polypSin;
    double keep = clearance(offX, offY, cam.z, frame);
    cam.x = centreX(cam.z) + keep * offX;
    cam.y = centreY(cam.z) + keep * offY;
    aim(cam, frame);
    return cam;
  }

  /** Shrinks the offset from the centre line until the wall is not too near. */
  private double clearance(double offX, double offY, double z, double time) {
    double keep = 1;
    for (int i = 0; i < 20; i++) {
      if (inside(centreX(z) + keep * offX, centreY(z) + keep * offY, z, time) > 0.25) {
        return keep;
      }
      keep *= 0.8;
    }
    return 0;
  }

  private void aim(Camera cam, double frame) {
    double lookX = 0.45 * wave(frame / between(34, 43, 83) + uniform(35));
    double lookY = 0.45 * wave(frame / between(36, 47, 79) + uniform(37));
    double ahead = 2.4;
    double tx = centreX(cam.z + ahead) + lookX - cam.x;
    double ty = centreY(cam.z + ahead) + lookY - cam.y;
    unit(cam.forward, tx, ty, ahead);
    double turn = roll + 0.12 * wave(frame / between(38, 53, 97) + uniform(39));
    double c = StrictMath.cos(turn);
    double s = StrictMath.sin(turn);
    double[] f = cam.forward;
    // A vector across the view, then the third axis of the right-handed frame.
    unit(
        cam.right,
        c - f[0] * (c * f[0] + s * f[1]),
        s - f[1] * (c * f[0] + s * f[1]),
        -f[2] * (c * f[0] + s * f[1]));
    double[] r = cam.right;
    unit(cam.down, f[1] * r[2] - f[2] * r[1], f[2] * r[0] - f[0] * r[2], f[0] * r[1] - f[1] * r[0]);
  }

  static void unit(double[] out, double x, double y, double z) {
    double n = Math.sqrt(x * x + y * y + z * z);
    out[0] = x / n;
    out[1] = y / n;
    out[2] = z / n;
  }
}
