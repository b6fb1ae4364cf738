package tools.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import medsora.data.GifWriter;
import medsora.data.Mp4Writer;
import medsora.data.PngWriter;
import medsora.data.Video;

/** File formats of clips. */
public enum ClipFormat {
  /** H.264 in mp4, with losses. */
  mp4,
  /** Animated, 256 colours. */
  gif,
  /** All frames from top to bottom in one picture, without loss. */
  png;

  /** Writes {@code STEM.mp4} and so on into a folder, which is made where it is missing. */
  public static void write(
      Path folder, String stem, Video video, Collection<ClipFormat> formats, double fps)
      throws IOException {
    Files.createDirectories(folder);
    for (ClipFormat format : formats) {
      Path file = folder.resolve(stem + "." + format);
      switch (format) {
        case mp4 -> Mp4Writer.write(file, video, fps);
        case gif -> GifWriter.write(file, video, fps);
        case png -> PngWriter.strip(file, video);
      }
    }
  }
}
