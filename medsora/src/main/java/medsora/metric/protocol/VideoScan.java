package medsora.metric.protocol;

import java.io.IOException;
import java.nio.file.Path;
import medsora.media.FrameSource;
import medsora.media.ReadLimits;
import medsora.media.VideoReader;
import org.jspecify.annotations.Nullable;

/**
 * What a set has to know of a video: its frames up to where they do not go on.
 *
 * @param frames that clips may come from
 * @param height of them
 * @param width of them
 * @param seam why they do not go on, where others follow; else null
 */
record VideoScan(int frames, int height, int width, @Nullable String seam) {
  /** Takes the size of the first frame, before the others are read. */
  @FunctionalInterface
  interface Size {
    void of(int height, int width);
  }

  static VideoScan of(Path path, Size size) throws IOException {
    try (FrameSource source = VideoReader.open(path, ReadLimits.DEFAULT)) {
      int section = source.section();
      int h = source.height();
      int w = source.width();
      size.of(h, w);
      byte[] frame = new byte[source.frameBytes()];
      int frames = 0;
      while (source.section() == section && source.next(frame)) {
        frames++;
      }
      return new VideoScan(frames, h, w, source.section() == section ? null : seam(source, h, w));
    }
  }

  private static String seam(FrameSource after, int h, int w) {
    return after.width() == w && after.height() == h
        ? "the next one does not follow it: names or times have a gap, or recordings are joined"
        : "the next one is %dx%d, those before it %dx%d"
            .formatted(after.width(), after.height(), w, h);
  }
}
