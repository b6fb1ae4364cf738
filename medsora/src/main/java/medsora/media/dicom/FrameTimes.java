package medsora.media.dicom;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How fast frames follow each other (C.7.6.5).
 *
 * @param rate frames a second, where the file says
 * @param remarks that it varies, where it does
 */
record FrameTimes(OptionalDouble rate, List<String> remarks) {
  private static final double MILLISECONDS = 1000;

  FrameTimes {
    remarks = List.copyOf(remarks);
  }

  /** By the time of a frame, the times of all, the rate of the recorder or that of the viewer. */
  static FrameTimes of(DataSet data, int frames) {
    OptionalDouble time = data.number(Tags.FRAME_TIME);
    if (time.isPresent() && time.getAsDouble() > 0) {
      return new FrameTimes(OptionalDouble.of(MILLISECONDS / time.getAsDouble()), List.of());
    }
    if (frames > 1 && data.has(Tags.FRAME_TIME_VECTOR)) {
      return vector(data.text(Tags.FRAME_TIME_VECTOR).split("\\\\", -1), frames);
    }
    OptionalDouble cine = positive(data.number(Tags.CINE_RATE));
    return new FrameTimes(
        cine.isPresent() ? cine : positive(data.number(Tags.DISPLAY_RATE)), List.of());
  }

  private static OptionalDouble positive(OptionalDouble rate) {
    return rate.isPresent() && rate.getAsDouble() > 0 ? rate : OptionalDouble.empty();
  }

  /** Each value is the time since the frame before; the first one is 0. */
  private static FrameTimes vector(String[] times, int frames) {
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    int count = Math.min(times.length, frames) - 1;
    for (int i = 1; i <= count; i++) {
      double t = DataSet.parsed(times[i].strip()).orElse(0);
      sum += t;
      least = Math.min(least, t);
      most = Math.max(most, t);
    }
    if (!(sum > 0)) {
      return new FrameTimes(OptionalDouble.empty(), List.of());
    }
    boolean even = most <= 1.5 * least;
    return new FrameTimes(
        OptionalDouble.of(count * MILLISECONDS / sum),
        even ? List.of() : List.of("its frames are %s to %s ms apart".formatted(least, most)));
  }
}
