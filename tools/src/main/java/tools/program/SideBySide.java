package tools.program;

import java.util.List;
import java.util.stream.IntStream;
import medsora.media.Clip;

/** Two pictures or clips of one size as one, left and right. */
public final class SideBySide {
  private SideBySide() {}

  /**
   * Two frames of RGB bytes.
   *
   * @param width columns of each
   * @return the same number of rows, of twice as many columns
   */
  public static byte[] frame(byte[] left, byte[] right, int width) {
    int row = 3 * width;
    byte[] both = new byte[left.length + right.length];
    for (int y = 0; y < left.length / row; y++) {
      System.arraycopy(left, y * row, both, 2 * y * row, row);
      System.arraycopy(right, y * row, both, (2 * y + 1) * row, row);
    }
    return both;
  }

  /** Two clips of equally many frames. */
  public static Clip clip(Clip left, Clip right) {
    List<byte[]> a = left.frames();
    List<byte[]> b = right.frames();
    List<byte[]> both =
        IntStream.range(0, a.size())
            .mapToObj(t -> frame(a.get(t), b.get(t), left.width()))
            .toList();
    String source = left.source() + " | " + right.source();
    return Clip.of(source, left.height(), 2 * left.width(), both);
  }
}
