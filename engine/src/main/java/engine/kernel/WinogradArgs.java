package engine.kernel;

/**
 * A correlation of stride 1 with a [kt,3,3] kernel as Winograd's F(4x4,3x3) computes it: source
 * [n,ci,t,h,w], result [n,co,to,ho,wo]. Result (f,i,j) meets source (f + k - front, i + kh - top, j
 * + kw - left), zeros where that lies outside. All extents but n are positive.
 *
 * @param mirrored whether the weights are those of another convolution whose gradient by the input
 *     this is: stored [ci,co,kt,3,3], with all taps in reverse
 */
public record WinogradArgs(
    int n,
    int ci,
    int t,
    int h,
    int w,
    int co,
    int to,
    int ho,
    int wo,
    int kt,
    int front,
    int top,
    int left,
    boolean mirrored) {
  /** Weights of one pair of channels and one time tap. */
  public static final int TAPS = 9;

  /** A tile has so many rows and columns of results. */
  public static final int OUTPUTS = 4;

  /** It reads so many rows and columns, and so many has its transform. */
  public static final int SIDE = OUTPUTS + 2;

  /** Products of one tile. */
  public static final int POINTS = SIDE * SIDE;

  /** A convolution of stride 1 and one group. */
  public static WinogradArgs forward(Conv3dArgs a) {
    return new WinogradArgs(
        a.n(),
        a.ci(),
        a.t(),
        a.h(),
        a.w(),
        a.co(),
        a.to(),
        a.ho(),
        a.wo(),
        a.kt(),
        a.padding().front(),
        a.padding().top(),
        a.padding().left(),
        false);
  }

  /** The gradient by its input. */
  public static WinogradArgs gradInput(Conv3dArgs a) {
    return new WinogradArgs(
        a.n(),
        a.co(),
        a.to(),
        a.ho(),
        a.wo(),
        a.ci(),
        a.t(),
        a.h(),
        a.w(),
        a.kt(),
        a.kt() - 1 - a.padding().front(),
        2 - a.padding().top(),
        2 - a.padding().left(),
        true);
  }

  /** Rows of tiles; the last may reach beyond the result. */
  public int rows() {
    return Math.ceilDiv(ho, OUTPUTS);
  }

  /** Columns of tiles. */
  public int columns() {
    return Math.ceilDiv(wo, OUTPUTS);
  }

  /** Tiles of one frame. */
  public int tiles() {
    return rows() * columns();
  }

  /** Products of one sum: (time tap, input channel). */
  public int k() {
    return kt * ci;
  }

  /** Where the nine weights of a pair of channels and a time tap begin. */
  public int weightAt(int out, int in, int tap) {
    return mirrored
        ? ((in * co + out) * kt + kt - 1 - tap) * TAPS
        : ((out * ci + in) * kt + tap) * TAPS;
  }
}
