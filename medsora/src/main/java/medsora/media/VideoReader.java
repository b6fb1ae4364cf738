package medsora.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Opens any video by its content.
 *
 * <ul>
 *   <li>what a {@link VideoProvider} on the class path takes;
 *   <li>a folder: its png and jpeg pictures in natural order of their names;
 *   <li>gif: composed frames;
 *   <li>png: a strip of frames, see {@link PngStripSource};
 *   <li>everything else: the {@code ffmpeg} program, on PATH or unpacked from the jar {@code
 *       org.bytedeco:ffmpeg} on the class path.
 * </ul>
 *
 * <p>Y'CbCr without a stated matrix is taken as BT.601, as ffmpeg does.
 */
public final class VideoReader {
  private VideoReader() {}

  /** Opens with {@link ReadLimits#DEFAULT}. */
  public static FrameSource open(Path path) throws IOException {
    return open(path, ReadLimits.DEFAULT);
  }

  /**
   * Opens a video for reading frame by frame.
   *
   * @throws IOException naming the file, its codec where known, and the remedy
   */
  public static FrameSource open(Path path, ReadLimits limits) throws IOException {
    return open(path, limits, FfmpegPlaces::find);
  }

  static FrameSource open(Path path, ReadLimits limits, Supplier<Optional<FfmpegProgram>> ffmpeg)
      throws IOException {
    return Contained.open(path.toString(), () -> opened(path, limits, ffmpeg));
  }

  private static FrameSource opened(
      Path path, ReadLimits limits, Supplier<Optional<FfmpegProgram>> ffmpeg) throws IOException {
    String name = path.toString();
    if (!Files.exists(path)) {
      throw new VideoException(
          name, Files.isSymbolicLink(path) ? "is a broken link" : "no such file or folder");
    }
    if (Files.isDirectory(path)) {
      return new ImageFolderSource(name, ImageFolderSource.pictures(path), limits);
    }
    if (!Files.isRegularFile(path)) {
      throw new VideoException(name, "is no regular file");
    }
    limits.checkFile(name, Files.size(path));
    Optional<FrameSource> provided = VideoProviders.open(path, limits);
    if (provided.isPresent()) {
      return provided.get();
    }
    return switch (kind(path)) {
      case GIF -> new GifSource(path, limits);
      case PNG -> new PngStripSource(path, limits);
      case JPEG -> throw new VideoException(name, "is a single picture; give its folder instead");
      case OTHER -> external(path, limits, ffmpeg);
    };
  }

  private static FrameSource external(
      Path path, ReadLimits limits, Supplier<Optional<FfmpegProgram>> ffmpeg) throws IOException {
    return new FfmpegSource(
        path,
        limits,
        ffmpeg
            .get()
            .orElseThrow(
                () ->
                    new VideoException(
                        path.toString(),
                        "reading it takes the ffmpeg program: " + FfmpegPlaces.REMEDY)));
  }

  private enum Kind {
    GIF,
    PNG,
    JPEG,
    OTHER
  }

  private static Kind kind(Path path) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(path)) {
      head = in.readNBytes(12);
    }
    String text = new String(head, java.nio.charset.StandardCharsets.ISO_8859_1);
    if (text.startsWith("GIF8")) {
      return Kind.GIF;
    }
    if (text.startsWith("\u0089PNG")) {
      return Kind.PNG;
    }
    if (text.startsWith("\u00ff\u00d8\u00ff")) {
      return Kind.JPEG;
    }
    return Kind.OTHER;
  }

  /**
   * Reads a whole short video at the rate that it says.
   *
   * @param maxFrames where to stop; the rest of the file is not read
   * @throws IOException also where the frame size changes: {@link #open} reads such a video
   */
  public static Clip read(Path path, ReadLimits limits, int maxFrames) throws IOException {
    try (FrameSource source = open(path, limits)) {
      int width = source.width();
      int height = source.height();
      List<byte[]> frames = new ArrayList<>();
      byte[] frame = new byte[source.frameBytes()];
      while (frames.size() < maxFrames && source.next(frame)) {
        frames.add(frame);
        if (frames.size() < maxFrames && (source.width() != width || source.height() != height)) {
          throw new VideoException(
              source.name(),
              "its frame size changes from %dx%d to %dx%d at frame %d, and a clip has one size"
                  .formatted(width, height, source.width(), source.height(), frames.size()));
        }
        frame = new byte[source.frameBytes()];
      }
      Clip clip = Clip.of(source.name(), height, width, frames);
      return source.rate().isPresent() ? clip.at(source.rate().getAsDouble()) : clip;
    }
  }

  /** Reads a whole video with the default limits. */
  public static Clip read(Path path) throws IOException {
    return read(path, ReadLimits.DEFAULT, Integer.MAX_VALUE);
  }
}
