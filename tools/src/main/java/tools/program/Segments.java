package tools.program;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import medsora.data.VideoTransform;
import medsora.media.Clip;
import medsora.media.FrameCursor;

/**
 * A video in pieces of the length that an autoencoder takes at once: {@value #LENGTH} frames, or
 * {@value #CHUNK} where there are no more before a seam or the end. A rest of fewer is left out.
 */
public final class Segments {
  /** Frames of a piece. */
  public static final int LENGTH = 16;

  /** Frames that a piece is a multiple of. */
  public static final int CHUNK = 8;

  private final FrameCursor source;
  private final int side;
  private final int most;
  private final Consumer<String> leftOut;
  private final VideoTransform transform;
  private final List<byte[]> frames = new ArrayList<>();
  private int taken;
  private boolean more;

  /**
   * @param side of the square frames
   * @param most frames that are taken in all
   * @param leftOut is told of each rest
   */
  public Segments(FrameCursor source, int side, int most, Consumer<String> leftOut)
      throws IOException {
    this.source = source;
    this.side = side;
    this.most = most;
    this.leftOut = leftOut;
    this.transform = new VideoTransform(side, false);
    more = source.next();
  }

  /** The next piece; one without frames at the end. */
  public Clip next() throws IOException {
    while (more && taken < most) {
      long first = source.number();
      fill(source.section());
      int whole = frames.size() / CHUNK * CHUNK;
      if (whole < frames.size()) {
        leftOut.accept(
            "left out: %d frames from frame %d on, fewer than %d before a seam or the end"
                .formatted(frames.size() - whole, first + whole, CHUNK));
      }
      if (whole > 0) {
        return clip(whole);
      }
    }
    frames.clear();
    return clip(0);
  }

  private void fill(int section) throws IOException {
    frames.clear();
    while (more && frames.size() < LENGTH && taken < most && source.section() == section) {
      frames.add(transform.resize(source.rgb(), source.height(), source.width()));
      taken++;
      more = source.next();
    }
  }

  private Clip clip(int length) {
    return Clip.of("segment", side, side, List.copyOf(frames.subList(0, length)));
  }

  /** What a user should know of the video, once it was read. */
  public List<String> remarks() {
    return source.remarks();
  }
}
