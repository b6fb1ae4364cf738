package medsora.media;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks through a source frame by frame and keeps what the source said of each before it was read.
 *
 * <p>A recording that fails after its first frames is one that was cut off: it ends there, and a
 * remark says so. That is the rule of everything that takes clips out of videos.
 */
public final class FrameCursor {
  private final FrameSource source;
  private final List<String> cut = new ArrayList<>();
  private byte[] rgb = new byte[0];
  private int width;
  private int height;
  private int section;
  private long count;

  /**
   * @param source at its beginning; closed by who opened it
   */
  public FrameCursor(FrameSource source) {
    this.source = source;
  }

  /**
   * Goes to the next frame.
   *
   * @return false when there is none
   * @throws IOException when not one frame can be read
   */
  public boolean next() throws IOException {
    width = source.width();
    height = source.height();
    section = source.section();
    if (rgb.length != source.frameBytes()) {
      rgb = new byte[source.frameBytes()];
    }
    try {
      if (!cut.isEmpty() || !source.next(rgb)) {
        return false;
      }
    } catch (IOException e) {
      if (count == 0 || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      String why = Pictures.reason(e, source.name());
      cut.add("cut off or damaged: %d frames can be decoded; %s".formatted(count, why));
      return false;
    }
    count++;
    return true;
  }

  /** The frame [height, width, 3]; the next one overwrites it. */
  public byte[] rgb() {
    return rgb;
  }

  /** Width of the frame. */
  public int width() {
    return width;
  }

  /** Height of the frame. */
  public int height() {
    return height;
  }

  /** The frame's section. */
  public int section() {
    return section;
  }

  /** Number of the frame in its source, from 0. */
  public long number() {
    return count - 1;
  }

  /** How many frames were read. */
  public long count() {
    return count;
  }

  /** What a user should know, complete when there is no further frame. */
  public List<String> remarks() {
    List<String> all = new ArrayList<>(source.remarks());
    all.addAll(cut);
    return all;
  }
}
