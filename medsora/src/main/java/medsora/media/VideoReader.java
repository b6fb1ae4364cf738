package medsora.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens any video by its content.
 *
 * <ul>
 *   <li>what a {@link VideoFormat} claims: DICOM, and a folder of it;
 *   <li>a folder: its pictures in natural order of their names, in sections where those do not go
 *       on ({@link FrameSource#section});
 *   <li>gif: composed frames;
 *   <li>png: a strip of frames that is marked as one, see {@link ReadOptions};
 *   <li>mp4, mov with H.264 Baseline, Main or High: decoded here, in order of timestamps;
 *   <li>everything else, and what the built-in decoder turns away: the {@code ffmpeg} program.
 * </ul>
 *
 * <p>Y'CbCr without a stated matrix is taken as BT.601, as ffmpeg does.
 */
public final class VideoReader {
  static final String INSTALL =
      "; install ffmpeg (Debian: apt-get install ffmpeg) and try again";

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
    return open(path, limits, FfmpegProgram::find);
  }

  /** Opens a video for reading frame by frame. */
  public static FrameSource open(Path path, ReadOptions options) throws IOException {
    return open(path, options, FfmpegProgram::find);
  }

  static FrameSource open(Path path, ReadLimits limits, Supplier<Optional<FfmpegProgram>> ffmpeg)
      throws IOException {
    return open(path, ReadOptions.of(limits), ffmpeg);
  }

  private static FrameSource open(
      Path path, ReadOptions options, Supplier<Optional<FfmpegProgram>> ffmpeg)
      throws IOException {
    return Contained.open(path.toString(), () -> opened(path, options, ffmpeg));
  }

  private static FrameSource opened(
      Path path, ReadOptions options, Supplier<Optional<FfmpegProgram>> ffmpeg)
      throws IOException {
    String name = path.toString();
    ReadLimits limits = options.limits();
    if (!Files.exists(path)) {
      throw new VideoException(
          name, Files.isSymbolicLink(path) ? "is a broken link" : "no such file or folder");
    }
    if (Files.isDirectory(path)) {
      Optional<FrameSource> other = VideoFormats.openFolder(path, limits);
      return other.isPresent() ? other.get() : ImageFolderSource.open(path, options);
    }
    if (!Files.isRegularFile(path)) {
      throw new VideoException(name, "is no regular file");
    }
    limits.checkFile(name, Files.size(path));
    Optional<VideoFormat> format = VideoFormats.of(path);
    if (format.isPresent()) {
      return format.get().open(path, limits);
    }
    return switch (kind(path)) {
      case GIF -> new GifSource(path, limits);
      case PNG -> new PngStripSource(path, options);
      case PICTURE ->
          throw new VideoException(name, "is a single picture; give its folder instead");
      case MP4 -> new Mp4OrFfmpegSource(path, limits, ffmpeg);
      case OTHER -> external(path, limits, ffmpeg, null);
    };
  }

  /**
   * Opens a stream that a {@link VideoFormat} took out of its file, through ffmpeg.
   *
   * @throws IOException naming the file, with the remedy where there is no ffmpeg
   */
  public static FrameSource openStream(Path file, ReadLimits limits) throws IOException {
    return external(file, limits, FfmpegProgram::find, null);
  }

  /** Opens through ffmpeg, or says why that cannot be. */
  static FrameSource external(
      Path path,
      ReadLimits limits,
      Supplier<Optional<FfmpegProgram>> ffmpeg,
      @Nullable VideoException builtIn)
      throws IOException {
    Optional<FfmpegProgram> program = ffmpeg.get();
    if (program.isPresent()) {
      return new FfmpegSource(path, limits, program.get());
    }
    if (builtIn != null) {
      throw new VideoException(path.toString(), Pictures.reason(builtIn, path) + INSTALL, builtIn);
    }
    throw new VideoException(path.toString(), "its format is beyond the built-in readers" + INSTALL);
  }

  private enum Kind {
    GIF,
    PNG,
    PICTURE,
    MP4,
    OTHER
  }

  private static Kind kind(Path path) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(path)) {
      head = in.readNBytes(PictureKind.HEAD);
    }
    String text = new String(head, java.nio.charset.StandardCharsets.ISO_8859_1);
    if (text.startsWith("GIF8")) {
      return Kind.GIF;
    }
    Optional<PictureKind> picture = PictureKind.of(head);
    if (picture.isPresent()) {
      return picture.get() == PictureKind.PNG ? Kind.PNG : Kind.PICTURE;
    }
    List<String> boxes = List.of("ftyp", "moov", "mdat", "wide", "free", "skip");
    return text.length() >= 8 && boxes.contains(text.substring(4, 8)) ? Kind.MP4 : Kind.OTHER;
  }

  /**
   * Reads a whole short video.
   *
   * @param maxFrames where to stop; the rest of the file is not read
   * @throws IOException where it is damaged, and where it has several sections, for those are
   *     several recordings
   */
  public static Clip read(Path path, ReadLimits limits, int maxFrames) throws IOException {
    return read(path, ReadOptions.of(limits), maxFrames);
  }

  /** Reads a whole short video. */
  public static Clip read(Path path, ReadOptions options, int maxFrames) throws IOException {
    try (FrameSource source = open(path, options)) {
      int width = source.width();
      int height = source.height();
      int section = source.section();
      List<byte[]> frames = new ArrayList<>();
      byte[] frame = new byte[source.frameBytes()];
      while (frames.size() < maxFrames && source.section() == section && source.next(frame)) {
        frames.add(frame);
        frame = new byte[frame.length];
      }
      if (frames.size() < maxFrames && source.section() != section) {
        throw new VideoException(
            source.name(),
            "is several recordings, the second from frame %d on; open it to read them one by one"
                .formatted(frames.size()));
      }
      Clip clip = Clip.of(source.name(), height, width, frames);
      return source.rate().isPresent() ? clip.at(source.rate().getAsDouble()) : clip;
    }
  }

  /** Reads a whole video with the default options. */
  public static Clip read(Path path) throws IOException {
    return read(path, ReadOptions.DEFAULT, Integer.MAX_VALUE);
  }
}
