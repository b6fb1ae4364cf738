package medsora.train;

import engine.testing.SplitMix;
import medsora.media.Clip;

/** A tiny data set for tests: coloured stripes that move, as a formula. */
record MovingStripes(int size) implements Clips {
  @Override
  public int trainingClips() {
    return 3;
  }

  @Override
  public int heldOutClips() {
    return 1;
  }

  @Override
  public int frames() {
    return 16;
  }

  @Override
  public int imagesOfWindow() {
    return 8;
  }

  @Override
  public int begins(int clip) {
    return 2;
  }

  @Override
  public Clip video(int clip, int begin, boolean flip, int frames) {
    return frames(frames, clip, begin, flip);
  }

  @Override
  public int imageWindows() {
    return 2;
  }

  @Override
  public Clip images(int window) {
    return frames(imagesOfWindow(), 100 + window, 0, false);
  }

  private Clip frames(int count, int clip, int begin, boolean flip) {
    float[] out = new float[3 * count * size * size];
    for (int i = 0; i < out.length; i++) {
      int x = i % size;
      int y = i / size % size;
      int f = i / (size * size) % count;
      int c = i / (size * size * count);
      int across = flip ? size - 1 - x : x;
      double phase = SplitMix.unit(clip, c) * 6;
      out[i] = (float) StrictMath.sin((0.5 * across) + (0.2 * y) + (0.3 * (f + begin)) + phase);
    }
    return Clip.of("stripes", count, size, size, out);
  }

  @Override
  public String sha256() {
    return "stripes of " + size;
  }
}
