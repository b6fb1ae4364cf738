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
 * Java runtime does not decode. For formats that wrap such pictures ({@link VideoFormat}). A
 * damaged one is the last.
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

  private static final String SCALE =
      "scale=flags=bilinear+accurate_rnd+full_chroma_int+bitexact,format=";

  private static final FfmpegStream.Colours UNKNOWN =
      new FfmpegStream.Colours("unknown", "unknown");

  private final String name;
  private final Process process;
  private final InputStream pipe;
  private final FfmpegLog log;
  private final Guarded guarded;
  private long number;

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
    log = new FfmpegLog(process.getErrorStream(), UNKNOWN);
    guarded = new Guarded(name, limits.stallSeconds());
  }

  private static List<String> command(
      FfmpegProgram program, Path file, Coding coding, String pixelFormat) {
    List<String> command =
        new ArrayList<>(
            List.of(program.ffmpeg().toString(), "-nostdin", "-hide_banner", "-nostats"));
    command.addAll(List.of("-v", "level+info", "-filter_threads", "1", "-threads", "1"));
    command.addAll(List.of("-protocol_whitelist", "file,pipe", "-flags", "+bitexact"));
    // Of damaged ones it would else give what it can. A second for each, so that one is missed.
    command.addAll(List.of("-err_detect", "explode", "-framerate", "1"));
    command.addAll(List.of("-f", coding.demuxer, "-c:v", coding.decoder));
    command.addAll(List.of("-i", FfmpegProgram.input(file), "-map", "0:v:0"));
    command.addAll(program.keepEveryFrame());
    command.addAll(List.of("-vf", SCALE + pixelFormat + ",showinfo=checksum=0"));
    command.addAll(List.of("-f", "rawvideo", "pipe:1"));
    return command;
  }

  /**
   * Reads the samples of the next picture.
   *
   * @throws IOException when it cannot be decoded
   */
  public void next(byte[] samples) throws IOException {
    if (!guarded.call(
        () -> follows() && pipe.readNBytes(samples, 0, samples.length) == samples.length)) {
      FfmpegProgram.reap(process);
      throw new VideoException(
          name, "damaged or unsupported: ffmpeg cannot decode picture %d".formatted(number + 1));
    }
    number++;
  }

  /** Whether the decoder has not left one out. */
  private boolean follows() throws InterruptedException {
    Optional<FfmpegLog.Frame> next = log.next();
    return next.isPresent() && next.get().seconds() == number;
  }

  @Override
  public void close() throws IOException {
    guarded.close();
    FfmpegProgram.reap(process);
    pipe.close();
  }
}
