package medsora.baseline.downstream;

import engine.random.CounterRandom;
import engine.tensor.Tensor;

/**
 * RandAugment as FixMatch uses it: two of fourteen changes at drawn levels, each made half of the
 * time, then a grey square. All frames of a clip are changed alike.
 */
final class StrongChanges {
  private static final int CHANGES = 2;
  private static final int LEVELS = 10;

  /** Side of the grey square, of frames of 224. */
  private static final int SQUARE = 16;

  private static final int OF = 224;
  private static final float GREY = 127;

  /** Draws below these are the view's own. */
  private static final int FIRST = 16;

  private StrongChanges() {}

  /** [3, frames, side, side], 0 to 255, changed; a new tensor of the same shape. */
  static Tensor drawn(Tensor x, CounterRandom random) {
    Planes planes = new Planes(x.toArray(), x.dim(1), x.dim(2));
    for (int i = 0; i < CHANGES; i++) {
      int at = FIRST + 8 * i;
      Change change = Change.values()[random.below(Change.values().length, at)];
      double level = (1 + random.below(LEVELS - 1, at + 1)) / (double) LEVELS;
      boolean negative = random.uniform(at + 2) < 0.5f;
      if (random.uniform(at + 3) < 0.5f) {
        planes = change.made(planes, negative ? -level : level);
      }
    }
    square(planes, random);
    return Tensor.of(x.shape(), planes.values());
  }

  private static void square(Planes planes, CounterRandom random) {
    int side = planes.side();
    int half = Math.max(1, side * SQUARE / OF) / 2;
    int y = random.below(side, FIRST + 40);
    int x = random.below(side, FIRST + 41);
    for (int plane = 0; plane < planes.count(); plane++) {
      for (int i = Math.max(0, y - half); i < Math.min(side, y + half); i++) {
        for (int j = Math.max(0, x - half); j < Math.min(side, x + half); j++) {
          planes.values()[(plane * side + i) * side + j] = GREY;
        }
      }
    }
  }

  /**
   * Planes of a clip, red ones first.
   *
   * @param values [3, frames, side, side]
   */
  record Planes(float[] values, int frames, int side) {
    int count() {
      return 3 * frames;
    }

    int plane() {
      return side * side;
    }

    /** Each value by itself. */
    Planes mapped(Value f) {
      float[] out = new float[values.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.max(0, Math.min(255, (float) f.of(values[i])));
      }
      return new Planes(out, frames, side);
    }

    /** other + (this - other) * share, of each value. */
    Planes mixed(Planes other, double share) {
      float[] out = new float[values.length];
      for (int i = 0; i < out.length; i++) {
        double v = other.values[i] + (values[i] - other.values[i]) * share;
        out[i] = (float) Math.max(0, Math.min(255, v));
      }
      return new Planes(out, frames, side);
    }

    /** The pixel that another place had; outside it is black. */
    Planes moved(double xx, double xy, double yx, double yy, double dx, double dy) {
      float[] out = new float[values.length];
      double middle = (side - 1) / 2.0;
      for (int i = 0; i < out.length; i++) {
        double x = i % side - middle;
        double y = i / side % side - middle;
        long fromX = Math.round(xx * x + xy * y + dx + middle);
        long fromY = Math.round(yx * x + yy * y + dy + middle);
        if (fromX >= 0 && fromX < side && fromY >= 0 && fromY < side) {
          out[i] = values[i / plane() * plane() + (int) fromY * side + (int) fromX];
        }
      }
      return new Planes(out, frames, side);
    }

    interface Value {
      double of(double v);
    }
  }
}
