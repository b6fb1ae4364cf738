package medsora.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The time from each frame of an mp4's track to the next, where it is the same throughout (ISO/IEC
 * 14496-12, 8.6.1.2: the box {@code stts}), the last frame aside.
 */
final class Mp4Step {
  private static final int HEAD = 8;
  private static final int ENTRY = 8;

  private Mp4Step() {}

  /**
   * In seconds; nothing where it changes, is not said, or where further frames stand in fragments
   * or an edit list shows several parts.
   *
   * @param track its number in the file, from 0
   */
  static OptionalDouble of(Path file, int track) throws IOException {
    ByteBuffer movie = Mp4Movie.of(file);
    List<ByteBuffer> tracks = Mp4Movie.boxes(movie, "trak");
    if (track >= tracks.size() || !Mp4Movie.boxes(movie, "mvex").isEmpty()) {
      return OptionalDouble.empty();
    }
    if (Mp4Edits.shown(tracks.get(track)) > 1) {
      return OptionalDouble.empty();
    }
    for (ByteBuffer media : Mp4Movie.boxes(tracks.get(track), "mdia")) {
      double scale = Mp4Edits.timescale(media, "mdhd");
      long step = step(media);
      if (scale > 0 && step > 0) {
        return OptionalDouble.of(step / scale);
      }
    }
    return OptionalDouble.empty();
  }

  private static long step(ByteBuffer media) {
    for (ByteBuffer information : Mp4Movie.boxes(media, "minf")) {
      for (ByteBuffer samples : Mp4Movie.boxes(information, "stbl")) {
        for (ByteBuffer times : Mp4Movie.boxes(samples, "stts")) {
          return constant(times);
        }
      }
    }
    return 0;
  }

  /** Pairs of a count and the step of so many frames. */
  private static long constant(ByteBuffer times) {
    int entries = (times.limit() - HEAD) / ENTRY;
    if (entries < 1) {
      return 0;
    }
    long first = Integer.toUnsignedLong(times.getInt(HEAD + 4));
    for (int i = 1; i < entries; i++) {
      int at = HEAD + ENTRY * i;
      boolean last = i == entries - 1 && times.getInt(at) == 1;
      if (!last && Integer.toUnsignedLong(times.getInt(at + 4)) != first) {
        return 0;
      }
    }
    return first;
  }
}
