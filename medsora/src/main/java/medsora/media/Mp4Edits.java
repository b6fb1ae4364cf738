package medsora.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Edits of an mp4's track that show nothing (ISO/IEC 14496-12, 8.6.6: a media time of -1). ffmpeg
 * waits through those before all others, and shows frames of the track's beginning for those behind
 * one that shows something.
 */
final class Mp4Edits {
  /** More are taken for damage. */
  private static final int MOST_GAPS = 100;

  private static final int HEAD = 8;

  /**
   * When nothing is to be seen, in seconds of what is shown.
   *
   * @param end where the next edit begins
   */
  record Gap(double start, double end) {}

  private Mp4Edits() {}

  /**
   * The gaps of a track, in order.
   *
   * @param track its number in the file, from 0
   */
  static List<Gap> gaps(Path file, int track) throws IOException {
    ByteBuffer movie = Mp4Movie.of(file);
    List<ByteBuffer> tracks = Mp4Movie.boxes(movie, "trak");
    double scale = timescale(movie, "mvhd");
    if (track >= tracks.size() || scale == 0) {
      return List.of();
    }
    List<Gap> gaps = new ArrayList<>();
    for (ByteBuffer edits : Mp4Movie.boxes(tracks.get(track), "edts")) {
      for (ByteBuffer list : Mp4Movie.boxes(edits, "elst")) {
        gaps.addAll(gaps(list, scale));
      }
    }
    return gaps.size() > MOST_GAPS ? List.of() : gaps;
  }

  /** How many edits of a track show something. */
  static int shown(ByteBuffer track) {
    int shown = 0;
    for (ByteBuffer edits : Mp4Movie.boxes(track, "edts")) {
      for (ByteBuffer list : Mp4Movie.boxes(edits, "elst")) {
        boolean wide = wide(list);
        for (int at = HEAD; at + size(wide) <= list.limit(); at += size(wide)) {
          shown += from(list, at, wide) == -1 ? 0 : 1;
        }
      }
    }
    return shown;
  }

  private static boolean wide(ByteBuffer list) {
    return list.limit() > 0 && list.get(0) == 1;
  }

  private static int size(boolean wide) {
    return wide ? 20 : 12;
  }

  private static long from(ByteBuffer list, int at, boolean wide) {
    return wide ? list.getLong(at + 8) : list.getInt(at + 4);
  }

  /** Parts of a second that a header counts in; 0 where it is not said. */
  static double timescale(ByteBuffer box, String name) {
    for (ByteBuffer header : Mp4Movie.boxes(box, name)) {
      int at = header.limit() > 0 && header.get(0) == 1 ? 20 : 12;
      if (at + Integer.BYTES <= header.limit()) {
        return Integer.toUnsignedLong(header.getInt(at));
      }
    }
    return 0;
  }

  private static List<Gap> gaps(ByteBuffer list, double scale) {
    boolean wide = wide(list);
    int size = size(wide);
    List<Gap> gaps = new ArrayList<>();
    double time = 0;
    boolean shown = false;
    for (int at = HEAD; at + size <= list.limit(); at += size) {
      double duration = wide ? list.getLong(at) : Integer.toUnsignedLong(list.getInt(at));
      long from = from(list, at, wide);
      if (from == -1 && shown && duration > 0) {
        gaps.add(new Gap(time / scale, (time + duration) / scale));
      }
      shown |= from != -1;
      time += duration;
    }
    return gaps;
  }
}
