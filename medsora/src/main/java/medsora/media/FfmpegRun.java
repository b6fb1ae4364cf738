package medsora.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One run of ffmpeg over a file: each frame's description, then its bytes, to the end. The process
 * is ended when it is silent for too long.
 */
final class FfmpegRun implements AutoCloseable {
  /** Deterministic on every processor: no loops that round as the processor's vectors do. */
  private static final String SCALER = "bilinear+accurate_rnd+full_chroma_int+bitexact";

  /** One frame out for each frame in; those that hold no fields pass as they are. */
  private static final String DEINTERLACER = "bwdif=mode=send_frame:parity=auto:deint=interlaced,";

  private final String name;
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
    name = file.toString();
    process = program.start(command(file, program, stream, format, deinterlacing));
    pipe = process.getInputStream();
    log = new FfmpegLog(process.getErrorStream(), stream.colours());
    stall = new Stall(process, stallSeconds);
  }

  private static List<String> command(
      Path file, FfmpegProgram program, FfmpegStream stream, String format, boolean deinterlacing) {
    List<String> command = new ArrayList<>(List.of(program.ffmpeg().toString(), "-nostdin"));
    command.addAll(List.of("-hide_banner", "-nostats", "-v", "level+info"));
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
        stream.fields().map("setfield=%s,"::formatted).orElse("")
            + (deinterlacing ? DEINTERLACER : "")
            + "scale=flags=%s,format=%s,showinfo=checksum=0".formatted(SCALER, format));
    command.addAll(List.of("-f", "rawvideo", "pipe:1"));
    return command;
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
    return new VideoException(name, "interrupted while waiting for ffmpeg", e);
  }

  /** The errors that it logged, one a line. */
  String errors() {
    return log.errors();
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
