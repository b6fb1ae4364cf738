package medsora.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Frames decoded by the {@code ffmpeg} program, through a pipe.
 *
 * <p>For the usual 8-bit planar formats the decoded planes themselves come over and {@link
 * YuvToRgb} converts them, so that the bytes do not depend on ffmpeg's version or the processor;
 * other formats come as rgb24 from ffmpeg's accurate converter.
 */
final class FfmpegSource implements FrameSource {
  private static final System.Logger LOG = System.getLogger("medsora.data");

  /** Chroma shifts of a planar format, and whether it is full range by its name. */
  private record Planar(int shiftX, int shiftY, boolean full) {}

  private static final Map<String, Planar> PLANAR =
      Map.of(
          "yuv420p", new Planar(1, 1, false),
          "yuv422p", new Planar(1, 0, false),
          "yuv444p", new Planar(0, 0, false),
          "yuvj420p", new Planar(1, 1, true),
          "yuvj422p", new Planar(1, 0, true),
          "yuvj444p", new Planar(0, 0, true));

  private final Path file;
  private final String name;
  private final ReadLimits limits;
  private final FfmpegProgram.Stream stream;
  private final Process process;
  private final InputStream pipe;
  private final FfmpegProgram.BoundedText errors;
  private final Stall stall;
  private final @Nullable YuvToRgb converter;
  private final byte[] raw;
  private long frames;
  private boolean ended;

  FfmpegSource(Path file, ReadLimits limits, FfmpegProgram program) throws IOException {
    this.file = file;
    this.name = file.toString();
    this.limits = limits;
    limits.checkFile(name, Files.size(file));
    stream = program.probe(file, limits);
    limits.checkSize(name, stream.width(), stream.height());
    Planar planar = PLANAR.get(stream.pixelFormat());
    converter = planar == null ? null : converter(planar);
    int chroma = planar == null ? 0 : 2 * converter.chromaWidth() * converter.chromaHeight();
    int luma = stream.width() * stream.height();
    limits.checkMemory(name, 6L * luma);
    raw = new byte[planar == null ? luma * 3 : luma + chroma];
    process = new ProcessBuilder(command(file, program, planar != null)).start();
    process.getOutputStream().close();
    pipe = process.getInputStream();
    errors = new FfmpegProgram.BoundedText(process.getErrorStream());
    stall = new Stall(process, limits.stallSeconds());
  }

  private YuvToRgb converter(Planar planar) {
    YuvToRgb.Matrix matrix =
        switch (stream.colourSpace()) {
          case "bt709" -> YuvToRgb.Matrix.BT709;
          case "bt2020nc", "bt2020c" -> YuvToRgb.Matrix.BT2020;
          default -> YuvToRgb.Matrix.BT601;
        };
    boolean full = planar.full || stream.colourRange().equals("pc");
    return new YuvToRgb(
        stream.width(), stream.height(), planar.shiftX, planar.shiftY, matrix, full);
  }

  private List<String> command(Path file, FfmpegProgram program, boolean planar) {
    List<String> command =
        new ArrayList<>(
            List.of(program.ffmpeg().toString(), "-v", "error", "-nostdin", "-threads", "1"));
    command.addAll(List.of("-protocol_whitelist", "file,pipe"));
    command.addAll(List.of("-format_whitelist", FfmpegProgram.FORMATS));
    command.addAll(List.of("-i", FfmpegProgram.input(file)));
    command.addAll(List.of("-map", "0:v:0"));
    command.addAll(program.keepEveryFrame());
    command.addAll(List.of("-sws_flags", "bilinear+accurate_rnd+full_chroma_int+bitexact"));
    command.addAll(
        List.of("-f", "rawvideo", "-pix_fmt", planar ? stream.pixelFormat() : "rgb24", "pipe:1"));
    return command;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return stream.width();
  }

  @Override
  public int height() {
    return stream.height();
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    if (ended) {
      return false;
    }
    int got = readFrame();
    if (got < raw.length) {
      ended = true;
      checkEnd(got);
      return false;
    }
    limits.checkFrame(name, frames);
    frames++;
    if (converter == null) {
      System.arraycopy(raw, 0, rgb, 0, raw.length);
    } else {
      convert(rgb);
    }
    return true;
  }

  private int readFrame() throws IOException {
    stall.begin();
    try {
      return pipe.readNBytes(raw, 0, raw.length);
    } finally {
      stall.end();
    }
  }

  private void convert(byte[] rgb) {
    int luma = width() * height();
    int cw = converter.chromaWidth();
    int chroma = cw * converter.chromaHeight();
    converter.convert(
        new YuvToRgb.Plane(raw, 0, width(), 0),
        new YuvToRgb.Plane(raw, luma, cw, 0),
        new YuvToRgb.Plane(raw, luma + chroma, cw, 0),
        rgb);
  }

  /** Tells a finished video from a broken one. */
  private void checkEnd(int leftover) throws IOException {
    int exit = waitForExit();
    String said = FfmpegProgram.said(errors.await(), file);
    if (stall.struck()) {
      throw new VideoException(
          name, "ffmpeg delivered nothing for " + limits.stallSeconds() + " s and was ended");
    }
    boolean fewer = stream.frames() > 0 && frames < stream.frames() && !said.isEmpty();
    if (exit != 0 || leftover > 0 || frames == 0 || fewer) {
      throw new VideoException(
          name,
          "damaged or truncated: ffmpeg (codec %s %s) ended with status %d after %d of %s frames%s"
              .formatted(
                  stream.codec(),
                  stream.profile(),
                  exit,
                  frames,
                  stream.frames() > 0 ? stream.frames() : "an unknown number of",
                  said));
    }
    if (!said.isEmpty()) {
      LOG.log(System.Logger.Level.WARNING, "[video] {0}: ffmpeg says{1}", name, said);
    }
  }

  private int waitForExit() throws IOException {
    stall.begin();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VideoException(name, "interrupted while waiting for ffmpeg", e);
    } finally {
      stall.end();
    }
  }

  @Override
  public void close() throws IOException {
    ended = true;
    stall.stop();
    FfmpegProgram.reap(process);
    pipe.close();
  }

  /** Ends the process when one wait for it lasts too long. */
  private static final class Stall {
    private final Process process;
    private final long nanos;
    private final Thread thread;
    private long since;
    private boolean waiting;
    private boolean struck;

    Stall(Process process, int seconds) {
      this.process = process;
      this.nanos = seconds * 1_000_000_000L;
      this.thread = Thread.ofVirtual().start(this::watch);
    }

    synchronized void begin() {
      since = System.nanoTime();
      waiting = true;
    }

    synchronized void end() {
      waiting = false;
    }

    synchronized boolean struck() {
      return struck;
    }

    void stop() {
      thread.interrupt();
    }

    private void watch() {
      try {
        while (true) {
          Thread.sleep(250);
          strikeIfLate();
        }
      } catch (InterruptedException e) {
        // Closed: nothing left to watch.
      }
    }

    private synchronized void strikeIfLate() {
      if (waiting && System.nanoTime() - since > nanos) {
        struck = true;
        FfmpegProgram.kill(process);
      }
    }
  }
}
