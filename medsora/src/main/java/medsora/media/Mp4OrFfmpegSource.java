package medsora.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An mp4 read by the built-in decoder, or by ffmpeg from the frame on where the built-in one gives
 * up. Both decode H.264 exactly and share one colour conversion, so the seam does not show.
 */
final class Mp4OrFfmpegSource extends ForwardedSource {
  private static final System.Logger LOG = System.getLogger("medsora.data");

  private final Path path;
  private final ReadLimits limits;
  private final Supplier<Optional<FfmpegProgram>> ffmpeg;
  private FrameSource source;

  Mp4OrFfmpegSource(Path path, ReadLimits limits, Supplier<Optional<FfmpegProgram>> ffmpeg)
      throws IOException {
    this.path = path;
    this.limits = limits;
    this.ffmpeg = ffmpeg;
    try {
      source = new Mp4Source(path, limits);
    } catch (UnsupportedVideoException e) {
      source = VideoReader.external(path, limits, ffmpeg, e);
    }
  }

  @Override
  FrameSource source() {
    return source;
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    try {
      return source.next(rgb);
    } catch (UnsupportedVideoException e) {
      goOnWithFfmpeg(e);
      return source.next(rgb);
    }
  }

  private void goOnWithFfmpeg(UnsupportedVideoException why) throws IOException {
    long skip = ((Mp4Source) source).delivered();
    int width = source.width();
    int height = source.height();
    source.close();
    source = VideoReader.external(path, limits, ffmpeg, why);
    LOG.log(System.Logger.Level.INFO, "{0}; going on with ffmpeg", why.getMessage());
    if (source.width() != width || source.height() != height) {
      throw new VideoException(path.toString(), "two decoders disagree on its frame size");
    }
    byte[] frame = new byte[source.frameBytes()];
    for (long i = 0; i < skip; i++) {
      if (!source.next(frame)) {
        throw new VideoException(path.toString(), "ends early after a decoding error", why);
      }
    }
  }
}
