package medsora.metric.resample;

import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.sub;

import engine.op.layout.Layout;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;

/**
 * How the published programs bring pictures of any size to a square: the short side to n, then the
 * middle. All take bytes, [...,3,H,W] of whole numbers 0..255.
 */
public final class Loaders {
  private static final int BYTE = 255;

  /** Divided by, as upstream, and not multiplied with 1/255, which rounds otherwise. */
  private static final Tensor WHITE = Tensor.scalar(BYTE);

  private static final Tensor CLIP_MEAN = colours(0.48145466f, 0.4578275f, 0.40821073f);
  private static final Tensor CLIP_DEVIATION = colours(0.26862954f, 0.26130258f, 0.27577711f);

  private Loaders() {}

  /**
   * Height and width when the short side becomes n; the fraction of the long one is dropped
   * (torchvision: Resize).
   */
  public static int[] shortSide(int h, int w, int n) {
    return sized(h, w, n, false);
  }

  private static int[] sized(int h, int w, int n, boolean up) {
    ShapeException.require(
        h > 0 && w > 0 && n > 0, "loader", "wants positive sizes, got %d x %d to %d", h, w, n);
    long area = (long) n * Math.max(h, w);
    int smaller = Math.min(h, w);
    int longer = Math.toIntExact(up ? (area + smaller - 1) / smaller : area / smaller);
    return h <= w ? new int[] {n, longer} : new int[] {longer, n};
  }

  /**
   * CLIP's input: Pillow's bicubic, the middle (offsets half to even), over 255, then OpenAI's mean
   * and deviation of each colour.
   *
   * @return [...,3,n,n]
   */
  public static Tensor clip(Tensor bytes, int n) {
    Tensor square = middle(pillow(bytes, n, Filter.BICUBIC), n, Offset.HALF_EVEN);
    return div(sub(div(square, WHITE), CLIP_MEAN), CLIP_DEVIATION);
  }

  /**
   * StyleGAN-V's extraction of frames: Pillow's Lanczos, the middle; bytes.
   *
   * @return [...,3,n,n] of whole numbers 0..255
   */
  public static Tensor lanczosCrop(Tensor bytes, int n) {
    return middle(pillow(bytes, n, Filter.LANCZOS), n, Offset.HALF_EVEN);
  }

  /**
   * CD-FVD's loader before it goes back to bytes: over 255, antialiased bilinear, the long side
   * rounded up, the middle (offsets rounded down). Its bytes are 255 times that, the fraction
   * dropped: {@link #truncated}.
   *
   * @return [...,3,n,n] in 0..1
   */
  public static Tensor contentDebiased(Tensor bytes, int n) {
    int[] size = sized(bytes.dim(-2), bytes.dim(-1), n, true);
    Tensor resized = Bilinear.antialiased(div(bytes, WHITE), size[0], size[1]);
    return middle(resized, n, Offset.FLOOR);
  }

  /** Of any shape: 0..1 to bytes by dropping the fraction of 255 x, as CD-FVD's loader does. */
  public static Tensor truncated(Tensor x) {
    float[] values = x.toArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.clamp((int) (values[i] * BYTE), 0, BYTE);
    }
    return Tensor.of(x.shape(), values);
  }

  private static Tensor pillow(Tensor bytes, int n, Filter filter) {
    int[] size = shortSide(bytes.dim(-2), bytes.dim(-1), n);
    return Pillow.bytes(bytes, size[0], size[1], filter);
  }

  /** How half a pixel too many on each side is cut. */
  private enum Offset {
    FLOOR,
    HALF_EVEN
  }

  private static Tensor middle(Tensor x, int n, Offset offset) {
    Tensor rows = cut(x, -2, n, offset);
    return cut(rows, -1, n, offset);
  }

  private static Tensor cut(Tensor x, int axis, int n, Offset offset) {
    double half = (x.dim(axis) - n) / 2.0;
    int from = (int) (offset == Offset.FLOOR ? Math.floor(half) : Math.rint(half));
    return Layout.slice(x, axis, from, from + n);
  }

  private static Tensor colours(float... rgb) {
    return Tensor.of(Shape.of(3, 1, 1), rgb);
  }
}
