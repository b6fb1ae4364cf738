package medsora.baseline.downstream;

import engine.autodiff.Tape;
import engine.op.layout.Layout;
import engine.op.resample.Resample;
import engine.random.CounterRandom;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;

/**
 * What a network is shown of clips: brought to a size, a square cut out, mirrored or not, strongly
 * changed or not, and (v / 255 - 0.45) / 0.225.
 *
 * @param side of the square
 * @param centred whether the square of a test is the middle; else, as released, it is the left or
 *     upper end
 */
public record Views(int side, boolean centred) {
  /** Short sides of a training view, for a side of 224. */
  private static final int SHORTEST = 256;

  private static final int LONGEST = 320;
  private static final int OF = 224;
  private static final float MEAN = 0.45f;
  private static final float DEVIATION = 0.225f;

  static int longest(int side) {
    return side * LONGEST / OF;
  }

  /** Views of a test, [clips, 3, frames, side, side]. */
  public Tensor test(List<Examples.Example> clips) {
    return all(clips, clip -> cut(clip, side, centred ? 0.5 : 0, centred ? 0.5 : 0));
  }

  /**
   * Weakly changed views of training: a size from 256/224 to 320/224 of the side, a square anywhere
   * in it, mirrored half of the time.
   *
   * @param key of the draws; views of one key are the same
   * @return [clips, 3, frames, side, side]
   */
  public Tensor weak(List<Examples.Example> clips, RandomKey key) {
    int[] at = {0};
    return all(clips, clip -> drawn(clip, key.withStream(key.stream() + at[0]++).random()));
  }

  /** The same, then strongly changed by {@link StrongChanges}; [clips, 3, frames, side, side]. */
  public Tensor strong(List<Examples.Example> clips, RandomKey key) {
    int[] at = {0};
    return all(
        clips,
        clip -> {
          CounterRandom random = key.withStream(key.stream() + at[0]++).random();
          return StrongChanges.drawn(drawn(clip, random), random);
        });
  }

  private interface View {
    /** [3, frames, side, side], 0 to 255. */
    Tensor of(Examples.Example clip);
  }

  private Tensor all(List<Examples.Example> clips, View view) {
    int frames = clips.getFirst().frames().size();
    float[] out = new float[clips.size() * 3 * frames * side * side];
    int each = out.length / clips.size();
    for (int i = 0; i < clips.size(); i++) {
      try (Tape scope = Tape.noGrad()) {
        float[] values = view.of(clips.get(i)).toArray();
        for (int j = 0; j < each; j++) {
          out[i * each + j] = (values[j] / 255f - MEAN) / DEVIATION;
        }
      }
    }
    return Tensor.of(Shape.of(clips.size(), 3, frames, side, side), out);
  }

  private Tensor drawn(Examples.Example clip, CounterRandom random) {
    int low = side * SHORTEST / OF;
    int size = low + random.below(longest(side) - low + 1, 0);
    Tensor x = cut(clip, size, random.uniform(0), random.uniform(1));
    return random.uniform(2) < 0.5f ? Layout.flip(x, 3) : x;
  }

  /** Short side to {@code size}, then a square at a share of what is left over on each axis. */
  private Tensor cut(Examples.Example clip, int size, double down, double along) {
    int shorter = Math.min(clip.height(), clip.width());
    int h = clip.height() == shorter ? size : (int) ((long) clip.height() * size / shorter);
    int w = clip.width() == shorter ? size : (int) ((long) clip.width() * size / shorter);
    int top = (int) Math.round(down * (h - side));
    int left = (int) Math.round(along * (w - side));
    int plane = clip.height() * clip.width();
    float[] all = new float[3 * clip.frames().size() * plane];
    for (int t = 0; t < clip.frames().size(); t++) {
      for (int c = 0; c < 3; c++) {
        int to = (c * clip.frames().size() + t) * plane;
        System.arraycopy(clip.frames().get(t), c * plane, all, to, plane);
      }
    }
    Shape shape = Shape.of(3, clip.frames().size(), clip.height(), clip.width());
    Tensor x = Resample.bilinear2d(Tensor.of(shape, all), h, w, false);
    return Layout.slice(Layout.slice(x, 2, top, top + side), 3, left, left + side);
  }
}
