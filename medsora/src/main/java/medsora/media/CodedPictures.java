package medsora.media;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bare coded pictures, one after the other in a file, decoded by the {@code ffmpeg} program into
 * samples as its decoder gives them: JPEG 2000 and JPEG-LS code streams, and those JPEGs that the
 * Java runtime does not decode. For formats that wrap such pictures ({@link VideoFormat}).
 */
public final class CodedPictures implements Closeable {
  /** What the pictures are. */
  public enum Coding {
    JPEG("jpeg_pipe", "mjpeg"),
    JPEG_LS("jpegls_pipe", "jpegls"),
    JPEG_2000("j2k_pipe", "jpeg2000");

    private final String demuxer;
    private final String decoder;

    Coding(String demuxer, String decoder) {
      this.demuxer = demuxer;
      this.decoder = decoder;
    }
  }

  private final String name;
  private final Process process;
  private final InputStream pipe;
  private final Guarded guarded;

  /**
   * Begins to decode.
   *
   * @param name what is being read, for messages
   * @param file the pictures, nothing between them
   * @param pixelFormat ffmpeg's name of the samples to deliver, such as {@code gray16le}
   * @throws IOException when there is no ffmpeg, with the remedy
   */
  public CodedPictures(String name, Path file, Coding coding, String pixelFormat, ReadLimits limits)
      throws IOException {
    Optional<FfmpegProgram> program = FfmpegPlaces.find();
    if (program.isEmpty()) {
      throw new VideoException(
          name, "decoding its pictures takes the ffmpeg program: " + FfmpegPlaces.REMEDY);
    }
    this.name = name;
    process = program.get().start(command(program.get(), file, coding, pixelFormat));
    pipe = process.getInputStream();
    guarded = new Guarded(name, limits.stallSeconds());
  }

  private static List<String> command(
      FfmpegProgram program, Path file, Coding coding, String pixelFormat) {
    List<String> command =
        new ArrayList<>(
            List.of(program.ffmpeg().toString(), "-v", "quiet", "-nostdin", "-threads", "1"));
    command.addAll(List.of("-protocol_whitelist", "file,pipe", "-flags", "+bitexact"));
    command.addAll(List.of("-f", coding.demuxer, "-c:v", coding.decoder));
    command.addAll(List.of("-i", FfmpegProgram.input(file), "-map", "0:v:0"));
    command.addAll(program.keepEveryFrame());
    command.addAll(List.of("-sws_flags", "bilinear+accurate_rnd+full_chroma_int+bitexact"));
    command.addAll(List.of("-f", "rawvideo", "-pix_fmt", pixelFormat, "pipe:1"));
    return command;
  }

  /**
   * Reads the samples of the next picture.
   *
   * @throws IOException when it cannot be decoded
   */
  public void next(byte[] samples) throws IOException {
    int got = guarded.call(() -> pipe.readNBytes(samples, 0, samples.length));
    if (got < samples.length) {
      FfmpegProgram.reap(process);
      throw new VideoException(
          name,
          "damaged or unsupported: ffmpeg gives %d of %d bytes of a picture"
              .formatted(got, samples.length));
    }
  }

  @Override
  public void close() throws IOException {
    guarded.close();
    FfmpegProgram.reap(process);
    pipe.close();
  }
}
