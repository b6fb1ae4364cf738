package medsora.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One run of ffmpeg over a file: each frame's description, then its bytes, to the end. The process
 * is ended when it is silent for too long.
 */
final class FfmpegRun implements AutoCloseable {
  /** Deterministic on every processor: no loops that round as the processor's vectors do. */
  private static final String SCALER = "bilinear+accurate_rnd+full_chroma_int+bitexact";

  private static final double NEAR = 1e-4;

  /** Of what it says, all that is needed to know its frames, and errors alone. */
  private static final String SAYING = "level+info";

  private static final String COMPLAINING = "level+error";

  /** One frame out for each frame in; those that hold no fields pass as they are. */
  private static final String DEINTERLACER = "bwdif=mode=send_frame:parity=auto:deint=interlaced,";

  private final Path file;
  private final FfmpegProgram program;
  private final List<String> command;
  private final FfmpegStream stream;
  private final int stallSeconds;
  private final Process process;
  private final InputStream pipe;
  private final FfmpegLog log;
  private final Stall stall;

  /**
   * Starts it.
   *
   * @param deinterlacing whether frames of two fields become whole ones
   * @param format ffmpeg's name of the pixel format that is wanted
   */
  FfmpegRun(
      Path file,
      FfmpegProgram program,
      FfmpegStream stream,
      String format,
      boolean deinterlacing,
      int stallSeconds)
      throws IOException {
    this(
        file, program, stream, command(file, program, stream, format, deinterlacing), stallSeconds);
  }

  private FfmpegRun(
      Path file, FfmpegProgram program, FfmpegStream stream, List<String> command, int stallSeconds)
      throws IOException {
    this.file = file;
    this.program = program;
    this.stream = stream;
    this.command = command;
    this.stallSeconds = stallSeconds;
    process = program.start(command);
    pipe = process.getInputStream();
    log = new FfmpegLog(process.getErrorStream(), stream.colours());
    stall = new Stall(process, stallSeconds);
  }

  private static List<String> command(
      Path file, FfmpegProgram program, FfmpegStream stream, String format, boolean deinterlacing) {
    List<String> command = new ArrayList<>(List.of(program.ffmpeg().toString(), "-nostdin"));
    command.addAll(List.of("-hide_banner", "-nostats", "-v", SAYING));
    command.addAll(List.of("-filter_threads", "1", "-threads", "1", "-flags", "+bitexact"));
    command.addAll(List.of("-protocol_whitelist", "file,pipe"));
    command.addAll(List.of("-format_whitelist", FfmpegStream.FORMATS));
    // Else it evens out the times of transport and program streams, where recordings were joined.
    command.add("-copyts");
    command.addAll(List.of("-noautorotate", "-i", FfmpegProgram.input(file)));
    command.addAll(List.of("-map", "0:" + stream.index()));
    command.addAll(program.keepEveryFrame());
    command.add("-noautoscale");
    command.add("-vf");
    command.add(
        select(stream.gaps())
            + stream.fields().map("setfield=%s,"::formatted).orElse("")
            + (deinterlacing ? DEINTERLACER : "")
            + "scale=flags=%s,format=%s,".formatted(SCALER, format)
            // Of side data it would say much, in many pieces.
            + "sidedata=mode=delete,showinfo=checksum=0");
    // So that nothing of the file's own words stands among what is said of frames.
    command.addAll(List.of("-map_metadata", "-1"));
    command.addAll(List.of("-f", "rawvideo", "pipe:1"));
    return command;
  }

  /** Leaves out what ffmpeg shows where nothing is to be seen. */
  private static String select(List<Mp4Edits.Gap> gaps) {
    // Times are fractions of whole numbers, and no frame is as near to another.
    return gaps.isEmpty()
        ? ""
        : gaps.stream()
            .map(g ->
                String.format(
                    Locale.ROOT, "gte(t,%.4f)*lt(t,%.4f)", g.start() - NEAR, g.end() - NEAR))
            .collect(Collectors.joining("+", "select='not(", ")',"));
  }

  /** The next frame's description; empty when there is none. */
  Optional<FfmpegLog.Frame> next() throws IOException {
    stall.begin();
    try {
      return log.next();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      stall.end();
    }
  }

  /** Reads the pixels of the frame that was described last; fewer than wanted at the end. */
  int read(byte[] raw, int bytes) throws IOException {
    stall.begin();
    try {
      return pipe.readNBytes(raw, 0, bytes);
    } catch (IOException e) {
      if (stalled()) {
        // Java closes the pipe of a process that it ends.
        return 0;
      }
      throw e;
    } finally {
      stall.end();
    }
  }

  /** Waits for its end and gives its exit status. */
  int end() throws IOException {
    stall.begin();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      stall.end();
    }
  }

  private VideoException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new VideoException(file.toString(), "interrupted while waiting for ffmpeg", e);
  }

  /** Whether an error may be hidden in a line that is not whole; waits for the log's end. */
  boolean unsure() throws IOException {
    drain();
    return log.broken();
  }

  /**
   * The errors that it logged, one a line; waits for the log's end. Where some may be hidden the
   * file is gone through again with errors alone, so that they are the same every time.
   */
  String errors() throws IOException {
    if (!unsure()) {
      return log.errors();
    }
    List<String> again = command.stream().map(c -> c.equals(SAYING) ? COMPLAINING : c).toList();
    try (FfmpegRun run = new FfmpegRun(file, program, stream, again, stallSeconds)) {
      byte[] passed = new byte[1 << 16];
      while (run.read(passed, passed.length) == passed.length) {
        // Frames that are known.
      }
      run.drain();
      return run.log.errors();
    }
  }

  private void drain() throws IOException {
    while (next().isPresent()) {
      // Frames that are not wanted any more.
    }
  }

  /** Whether it was ended for its silence. */
  boolean stalled() {
    return stall.struck();
  }

  @Override
  public void close() throws IOException {
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
