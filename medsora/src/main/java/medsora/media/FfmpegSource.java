package medsora.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Frames decoded by the {@code ffmpeg} program, as the container wants them shown: what an edit
 * list cut away is left out, pictures are turned upright and their pixels made square, fields
 * become whole frames. Where the frame size changes, or the time goes back by more than a second, a
 * new section begins. A file that is cut off or damaged gives the frames that can be decoded, and
 * {@link #remarks} says so.
 */
final class FfmpegSource implements FrameSource {
  private static final String INTERLACED = "its frames are interlaced: deinterlaced";

  private final Path file;
  private final String name;
  private final ReadLimits limits;
  private final FfmpegProgram program;
  private final FfmpegStream stream;
  private final FfmpegSeams seams;
  private final Set<String> remarks = new LinkedHashSet<>();
  private FfmpegRun run;
  private byte[] raw = new byte[0];
  private @Nullable FfmpegFrames shown;
  private FfmpegFrames.@Nullable Kind kind;
  private FfmpegLog.@Nullable Frame next;
  private @Nullable IOException failure;
  private boolean deinterlacing;
  private int section;
  private long frames;

  FfmpegSource(Path file, ReadLimits limits, FfmpegProgram program) throws IOException {
    this.file = file;
    this.name = file.toString();
    this.limits = limits;
    this.program = program;
    limits.checkFile(name, Files.size(file));
    if (Mp4Encryption.of(file)) {
      // Decoded as it is, some of the noise may pass for pictures.
      throw new VideoException(name, "is encrypted: decrypt it first");
    }
    stream = FfmpegStream.of(file, program, limits);
    seams = new FfmpegSeams(file, stream);
    if (Mp4Movie.joined(file)) {
      remarks.add("another file begins within it, as where two were appended: the first is read");
    }
    if (stream.orientation().isEmpty()) {
      remarks.add("its container turns it by an angle that is no right one: shown as stored");
    }
    if (stream.fields().isPresent()) {
      deinterlacing = true;
      remarks.add(INTERLACED);
    }
    if (stream.moving() > 1) {
      remarks.add(
          "holds %d video streams: stream %d is read, the default or first of them"
              .formatted(stream.moving(), stream.index()));
    }
    run = start();
    try {
      lookAhead();
      if (next == null) {
        end(0);
      }
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private FfmpegRun start() throws IOException {
    String format = FfmpegFrames.wanted(stream.pixelFormat());
    return new FfmpegRun(file, program, stream, format, deinterlacing, limits.stallSeconds());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int width() {
    return frames().width();
  }

  @Override
  public int height() {
    return frames().height();
  }

  @Override
  public int section() {
    return section;
  }

  @Override
  public OptionalDouble rate() {
    return stream.rate();
  }

  @Override
  public List<String> remarks() {
    List<String> all = new ArrayList<>(remarks);
    all.addAll(seams.remarks());
    return all;
  }

  private FfmpegFrames frames() {
    FfmpegFrames known = shown;
    if (known == null) {
      throw new IllegalStateException("the constructor found a frame or failed");
    }
    return known;
  }

  @Override
  public boolean next(byte[] rgb) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (next == null) {
      return false;
    }
    limits.checkFrame(name, frames);
    int got = run.read(raw, frames().rawBytes());
    if (got < frames().rawBytes()) {
      next = null;
      end(got);
      return false;
    }
    frames().show(raw, rgb);
    frames++;
    try {
      lookAhead();
      if (next == null) {
        end(0);
      }
    } catch (IOException e) {
      // Of the frame behind this one, and said when that is asked for.
      failure = e;
    }
    return true;
  }

  /** Learns what the next frame is. */
  private void lookAhead() throws IOException {
    Optional<FfmpegLog.Frame> frame = run.next();
    if (frame.isPresent() && frame.get().interlaced() && !deinterlacing) {
      frame = deinterlaced();
    }
    next = frame.orElse(null);
    if (next == null) {
      return;
    }
    FfmpegFrames.Kind found = FfmpegFrames.Kind.of(next);
    if (!found.equals(kind)) {
      change(found);
    }
    if (seams.before(next, frames)) {
      section++;
    }
  }

  /** Begins again with a deinterlacer, up to the frame that wants one. */
  private Optional<FfmpegLog.Frame> deinterlaced() throws IOException {
    deinterlacing = true;
    remarks.add(INTERLACED);
    run.close();
    run = start();
    for (long i = 0; i < frames; i++) {
      Optional<FfmpegLog.Frame> frame = run.next();
      if (frame.isEmpty() || !skip(shown(FfmpegFrames.Kind.of(frame.get())))) {
        throw new VideoException(name, "ffmpeg stops at frame " + i + " when it deinterlaces");
      }
    }
    return run.next();
  }

  private boolean skip(FfmpegFrames skipped) throws IOException {
    grow(skipped.rawBytes());
    return run.read(raw, skipped.rawBytes()) == skipped.rawBytes();
  }

  private FfmpegFrames shown(FfmpegFrames.Kind wanted) throws VideoException {
    FfmpegFrames known = shown;
    return known != null && wanted.equals(kind)
        ? known
        : new FfmpegFrames(name, limits, wanted, stream.orientation().orElse(Orientation.UPRIGHT));
  }

  private void grow(int bytes) {
    if (raw.length < bytes) {
      raw = new byte[bytes];
    }
  }

  /** Frames are of another kind from here on. */
  private void change(FfmpegFrames.Kind found) throws VideoException {
    FfmpegFrames before = shown;
    FfmpegFrames after = shown(found);
    grow(after.rawBytes());
    shown = after;
    kind = found;
    if (before != null && (before.width() != after.width() || before.height() != after.height())) {
      section++;
      remarks.add(
          "its frame size changes from %dx%d to %dx%d at frame %d: a new section begins there"
              .formatted(before.width(), before.height(), after.width(), after.height(), frames));
    }
    if (found.squareWidth() != found.width()) {
      remarks.add(
          "its pixels are not square (%d:%d): frames of %dx%d are shown at %dx%d"
              .formatted(
                  found.sarWidth(),
                  found.sarHeight(),
                  found.width(),
                  found.height(),
                  found.squareWidth(),
                  found.height()));
    }
    if (FfmpegFrames.isPlanar(found.format()) && !YuvToRgb.Matrix.knows(found.colours().space())) {
      remarks.add("its colours are stored as " + found.colours().space() + ", and read as BT.601");
    }
  }

  /** Tells a finished video from a broken one. */
  private void end(int leftover) throws IOException {
    int exit = run.end();
    if (run.stalled()) {
      throw new VideoException(
          name, "ffmpeg delivered nothing for " + limits.stallSeconds() + " s and was ended");
    }
    String said = FfmpegLog.said(run.errors(), file) + Y4mParts.cut(file);
    String what =
        "ffmpeg (codec %s %s) ended with status %d%s"
            .formatted(stream.codec(), stream.profile(), exit, said);
    if (frames == 0) {
      throw new VideoException(name, nothing(exit, said) + "; " + what);
    }
    if (exit != 0 || leftover > 0 || !said.isEmpty()) {
      String of = stream.frames() > frames ? " of " + stream.frames() : "";
      remarks.add("cut off or damaged: " + frames + of + " frames can be decoded; " + what);
    }
  }

  /** Why there is not one frame; a file that is whole is not called damaged. */
  private String nothing(int exit, String said) {
    if (exit == 0 && said.isEmpty()) {
      return "its container shows no frame (edits that leave none, or an empty stream)";
    }
    return said.contains("Impossible to convert")
        ? "its colours (%s, %s) are not converted by this ffmpeg"
            .formatted(stream.pixelFormat(), stream.colours().space())
        : "damaged: not one frame can be decoded";
  }

  @Override
  public void close() throws IOException {
    next = null;
    run.close();
  }
}
