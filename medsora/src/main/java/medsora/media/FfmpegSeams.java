package medsora.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Where in a stream another recording begins or frames are missing, by the times of its frames and
 * by what its container says.
 */
final class FfmpegSeams {
  /** Joined recordings may overlap by some frames, and bad muxers shuffle stamps as much. */
  private static final double NEW_RECORDING_SECONDS = 1;

  /** Of the step from a frame to the next one, where none is missing. */
  private static final double HOLE = 1.5;

  private final FfmpegStream stream;
  private final List<Long> joints;
  private final OptionalDouble step;
  private final List<String> remarks = new ArrayList<>();
  private double seconds = Double.NEGATIVE_INFINITY;
  private boolean seamBehind;
  private long firstHole;
  private int holes;

  FfmpegSeams(Path file, FfmpegStream stream) throws IOException {
    this.stream = stream;
    joints = AviParts.seams(file);
    // MPEG-4 has frames that show nothing new, which its decoder leaves out.
    step =
        stream.codec().equals("mpeg4") ? OptionalDouble.empty() : Mp4Step.of(file, stream.index());
  }

  /**
   * Whether a section ends before a frame.
   *
   * @param next the frame
   * @param frames how many come before it
   */
  boolean before(FfmpegLog.Frame next, long frames) {
    boolean seam = seamBehind;
    seamBehind = false;
    if (next.seconds() < seconds - NEW_RECORDING_SECONDS) {
      seam = true;
      remarks.add("its time goes back at frame " + frames + ": a new section begins there");
      // These decoders hold a frame back, which then has the time of the next recording.
      seamBehind = stream.codec().startsWith("mpeg");
    }
    if (joints.contains(frames)) {
      seam = true;
      remarks.add("another recording begins at frame " + frames + ": a new section begins there");
    }
    seam |= gap(next, frames) || hole(next, frames);
    if (!Double.isNaN(next.seconds())) {
      seconds = next.seconds();
    }
    return seam;
  }

  private boolean gap(FfmpegLog.Frame next, long frames) {
    boolean found = false;
    for (Mp4Edits.Gap gap : stream.gaps()) {
      double middle = (gap.start() + gap.end()) / 2;
      if (frames > 0 && seconds < middle && next.seconds() > middle) {
        found = true;
        remarks.add(
            String.format(
                Locale.ROOT,
                "its edit list shows nothing for %.3f s before frame %d: a new section begins there",
                gap.end() - gap.start(),
                frames));
      }
    }
    return found;
  }

  /** Its container has a frame at every step, so that the decoder lost some. */
  private boolean hole(FfmpegLog.Frame next, long frames) {
    if (frames == 0 || step.isEmpty() || !(next.seconds() - seconds > HOLE * step.getAsDouble())) {
      return false;
    }
    firstHole = holes == 0 ? frames : firstHole;
    holes++;
    return true;
  }

  /** What was found so far. */
  List<String> remarks() {
    List<String> all = new ArrayList<>(remarks);
    if (holes > 0) {
      all.add(
          "frames are missing before frame %d%s: a new section begins there"
              .formatted(firstHole, holes > 1 ? " and before %d more".formatted(holes - 1) : ""));
    }
    return all;
  }
}
