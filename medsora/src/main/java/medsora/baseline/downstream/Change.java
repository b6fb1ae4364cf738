package medsora.baseline.downstream;

import java.util.Arrays;
import medsora.baseline.downstream.StrongChanges.Planes;

/** The fourteen changes of RandAugment, at a level from -1 to 1, whose sign some do not read. */
enum Change {
  /** Each colour of each frame stretched to 0..255. */
  AUTO_CONTRAST {
    @Override
    Planes made(Planes p, double level) {
      return ofEach(
          p,
          v -> {
            float low = 255;
            float high = 0;
            for (float x : v) {
              low = Math.min(low, x);
              high = Math.max(high, x);
            }
            for (int i = 0; high > low && i < v.length; i++) {
              v[i] = (v[i] - low) * 255 / (high - low);
            }
          });
    }
  },
  BRIGHTNESS {
    @Override
    Planes made(Planes p, double level) {
      return p.mapped(v -> v * share(level));
    }
  },
  /** Towards grey. */
  COLOUR {
    @Override
    Planes made(Planes p, double level) {
      return p.mixed(grey(p), share(level));
    }
  },
  /** Towards the mean grey of each frame. */
  CONTRAST {
    @Override
    Planes made(Planes p, double level) {
      Planes even = grey(p);
      int plane = p.plane();
      for (int from = 0; from < even.values().length; from += plane) {
        double sum = 0;
        for (int i = from; i < from + plane; i++) {
          sum += even.values()[i];
        }
        Arrays.fill(even.values(), from, from + plane, (float) Math.rint(sum / plane));
      }
      return p.mixed(even, share(level));
    }
  },
  /** Each colour of each frame with as many of every value. */
  EQUALISE {
    @Override
    Planes made(Planes p, double level) {
      return ofEach(
          p,
          v -> {
            int[] upTo = new int[257];
            for (float x : v) {
              upTo[1 + (int) x]++;
            }
            for (int i = 1; i < upTo.length; i++) {
              upTo[i] += upTo[i - 1];
            }
            for (int i = 0; i < v.length; i++) {
              v[i] = upTo[(int) v[i]] * 255f / v.length;
            }
          });
    }
  },
  IDENTITY {
    @Override
    Planes made(Planes p, double level) {
      return p;
    }
  },
  /** To the upper 4 to 7 bits. */
  POSTERISE {
    @Override
    Planes made(Planes p, double level) {
      int lost = 4 - (int) (4 * Math.abs(level));
      return p.mapped(v -> (int) v >> lost << lost);
    }
  },
  /** By up to 30 degrees. */
  ROTATE {
    @Override
    Planes made(Planes p, double level) {
      double angle = StrictMath.toRadians(30 * level);
      double c = StrictMath.cos(angle);
      double s = StrictMath.sin(angle);
      return p.moved(c, s, -s, c, 0, 0);
    }
  },
  /** Towards a smoothed frame. */
  SHARPNESS {
    @Override
    Planes made(Planes p, double level) {
      return p.mixed(smoothed(p), share(level));
    }
  },
  SHEAR_X {
    @Override
    Planes made(Planes p, double level) {
      return p.moved(1, MOVE * level, 0, 1, 0, 0);
    }
  },
  SHEAR_Y {
    @Override
    Planes made(Planes p, double level) {
      return p.moved(1, 0, MOVE * level, 1, 0, 0);
    }
  },
  /** Bright values turned round. */
  SOLARISE {
    @Override
    Planes made(Planes p, double level) {
      double threshold = 256 - 256 * Math.abs(level);
      return p.mapped(v -> v < threshold ? v : 255 - v);
    }
  },
  TRANSLATE_X {
    @Override
    Planes made(Planes p, double level) {
      return p.moved(1, 0, 0, 1, MOVE * level * p.side(), 0);
    }
  },
  TRANSLATE_Y {
    @Override
    Planes made(Planes p, double level) {
      return p.moved(1, 0, 0, 1, 0, MOVE * level * p.side());
    }
  };

  private static final double MOVE = 0.3;

  abstract Planes made(Planes p, double level);

  /** From almost nothing of the frame to almost all of it. */
  private static double share(double level) {
    return 0.05 + 0.9 * Math.abs(level);
  }

  private interface Line {
    void change(float[] plane);
  }

  private static Planes ofEach(Planes p, Line line) {
    float[] out = new float[p.values().length];
    for (int from = 0; from < out.length; from += p.plane()) {
      float[] plane = Arrays.copyOfRange(p.values(), from, from + p.plane());
      line.change(plane);
      System.arraycopy(plane, 0, out, from, plane.length);
    }
    return new Planes(out, p.frames(), p.side());
  }

  private static Planes grey(Planes p) {
    int third = p.values().length / 3;
    float[] out = new float[p.values().length];
    for (int i = 0; i < third; i++) {
      float v =
          0.299f * p.values()[i]
              + 0.587f * p.values()[third + i]
              + 0.114f * p.values()[2 * third + i];
      out[i] = v;
      out[third + i] = v;
      out[2 * third + i] = v;
    }
    return new Planes(out, p.frames(), p.side());
  }

  /** Five of a pixel, one of each of its neighbours; the rim stays. */
  private static Planes smoothed(Planes p) {
    int side = p.side();
    float[] in = p.values();
    float[] out = in.clone();
    for (int i = 0; i < out.length; i++) {
      int x = i % side;
      int y = i / side % side;
      if (x > 0 && y > 0 && x < side - 1 && y < side - 1) {
        float sum = 4 * in[i];
        for (int dy = -side; dy <= side; dy += side) {
          sum += in[i + dy - 1] + in[i + dy] + in[i + dy + 1];
        }
        out[i] = sum / 13;
      }
    }
    return new Planes(out, p.frames(), side);
  }
}
