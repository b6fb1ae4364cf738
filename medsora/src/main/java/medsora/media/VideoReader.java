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
 *   <li>what a {@link VideoProvider} on the class path takes, among them the one of DICOM that
 *       comes with this module;
 *   <li>a folder: its pictures in natural order of their names, in sections where those do not go
 *       on ({@link FrameSource#section});
 *   <li>gif: composed frames;
 *   <li>png: a strip of frames that is marked as one, see {@link ReadOptions};
 *   <li>tiff of several pages: these;
 *   <li>everything else: the {@code ffmpeg} program, on PATH or unpacked from the jar {@code
 *       org.bytedeco:ffmpeg} on the class path.
 * </ul>
 *
 * <p>Y'CbCr without a stated matrix is taken as BT.601, as ffmpeg does.
 */
public final class VideoReader {
  private static final String SINGLE = "is a single picture; give its folder instead";

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

  /** Opens a video for reading frame by frame. */
  public static FrameSource open(Path path, ReadOptions options) throws IOException {
    return open(path, options, FfmpegPlaces::find);
  }

  static FrameSource open(Path path, ReadLimits limits, Supplier<Optional<FfmpegProgram>> ffmpeg)
      throws IOException {
    return open(path, ReadOptions.of(limits), ffmpeg);
  }

  private static FrameSource open(
      Path path, ReadOptions options, Supplier<Optional<FfmpegProgram>> ffmpeg) throws IOException {
    return Contained.open(path.toString(), () -> opened(path, options, ffmpeg));
  }

  private static FrameSource opened(
      Path path, ReadOptions options, Supplier<Optional<FfmpegProgram>> ffmpeg) throws IOException {
    String name = path.toString();
    ReadLimits limits = options.limits();
    if (!Files.exists(path)) {
      throw new VideoException(
          name, Files.isSymbolicLink(path) ? "is a broken link" : "no such file or folder");
    }
    if (Files.isDirectory(path)) {
      Optional<FrameSource> other = VideoFormats.find().openFolder(path, limits);
      return other.isPresent() ? other.get() : ImageFolder.open(path, options);
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
      case PNG -> new PngStripSource(path, options);
      case TIFF -> {
        TiffPages pages = TiffPages.of(path, limits);
        if (pages.frames().size() < 2) {
          throw single(path, limits);
        }
        yield new TiffSource(path, pages, limits);
      }
      case PICTURE -> throw single(path, limits);
      case OTHER -> external(path, limits, ffmpeg);
    };
  }

  /**
   * Opens a stream that a {@link VideoProvider} took out of its file, through ffmpeg.
   *
   * @throws IOException naming the file, with the remedy where there is no ffmpeg
   */
  public static FrameSource openStream(Path file, ReadLimits limits) throws IOException {
    return external(file, limits, FfmpegPlaces::find);
  }

  private static FrameSource external(
      Path path, ReadLimits limits, Supplier<Optional<FfmpegProgram>> ffmpeg) throws IOException {
    return new FfmpegSource(
        path,
        limits,
        ffmpeg
            .get()
            .orElseThrow(() ->
                new VideoException(
                    path.toString(),
                    "reading it takes the ffmpeg program: " + FfmpegPlaces.REMEDY)));
  }

  /** A picture that cannot be read either says that first. */
  private static VideoException single(Path path, ReadLimits limits) throws IOException {
    PictureDecoder.picture(path, limits);
    return new VideoException(path.toString(), SINGLE);
  }

  private enum Kind {
    GIF,
    PNG,
    TIFF,
    PICTURE,
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
      return switch (picture.get()) {
        case PNG -> Kind.PNG;
        case TIFF -> Kind.TIFF;
        // A stream of jpegs begins as one of them does.
        case JPEG -> FolderWalk.hasVideoEnding(path) ? Kind.OTHER : Kind.PICTURE;
        default -> Kind.PICTURE;
      };
    }
    return Kind.OTHER;
  }

  /**
   * Reads a whole short video at the rate that it says.
   *
   * @param maxFrames where to stop; the rest of the file is not read
   * @throws IOException where it is damaged, and where it has several sections, for those are
   *     several recordings: {@link #open} reads such a video
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
      while (frames.size() < maxFrames && source.next(frame)) {
        frames.add(frame);
        if (frames.size() < maxFrames && source.section() != section) {
          throw new VideoException(source.name(), seam(source, width, height, frames.size()));
        }
        frame = new byte[source.frameBytes()];
      }
      Clip clip = Clip.of(source.name(), height, width, frames);
      return source.rate().isPresent() ? clip.at(source.rate().getAsDouble()) : clip;
    }
  }

  private static String seam(FrameSource next, int width, int height, int frame) {
    String what =
        next.width() == width && next.height() == height
            ? "another recording begins at frame %d".formatted(frame)
            : "its frame size changes from %dx%d to %dx%d at frame %d"
                .formatted(width, height, next.width(), next.height(), frame);
    return what + ", and a clip is of one recording; open it to read them one by one";
  }

  /** Reads a whole video with the default options. */
  public static Clip read(Path path) throws IOException {
    return read(path, ReadOptions.DEFAULT, Integer.MAX_VALUE);
  }
}
