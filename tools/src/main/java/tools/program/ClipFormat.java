package tools.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import medsora.media.Clip;
import medsora.media.ClipTensors;
import medsora.media.GifWriter;
import medsora.media.Mp4Writer;
import medsora.media.PngWriter;

/** File formats of clips. */
public enum ClipFormat {
  /** H.264 in mp4, with losses. */
  mp4,
  /** Animated, 256 colours. */
  gif,
  /** All frames from top to bottom in one picture, without loss. */
  png,
  /** The values themselves, as float32. */
  safetensors;

  private static final double FASTEST = 1000;
  private static final double FASTEST_GIF = 50;

  /**
   * Checks {@code --fps} before the work.
   *
   * @throws IllegalArgumentException where one of the formats cannot be that fast
   */
  public static void check(Collection<ClipFormat> formats, double fps) {
    double most = formats.contains(gif) ? FASTEST_GIF : FASTEST;
    if (!(fps > 0 && fps <= most)) {
      throw new IllegalArgumentException(
          "--fps wants more than 0 and at most %.0f%s, got %s"
              .formatted(most, formats.contains(gif) ? " for gif" : "", fps));
    }
  }

  /** Writes {@code STEM.mp4} and so on into a folder, which is made where it is missing. */
  public static void write(Path folder, String stem, Clip clip, Collection<ClipFormat> formats)
      throws IOException {
    Files.createDirectories(folder);
    for (ClipFormat format : formats) {
      Path file = folder.resolve(stem + "." + format);
      switch (format) {
        case mp4 -> Mp4Writer.write(file, clip);
        case gif -> GifWriter.write(file, clip);
        case png -> PngWriter.strip(file, clip);
        case safetensors -> ClipTensors.write(file, clip);
      }
    }
  }
}
