package tools.compare;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import medsora.flow.FlowEstimator;
import medsora.media.Clip;
import medsora.media.FrameSource;
import medsora.media.ReadLimits;
import medsora.media.VideoException;
import medsora.media.VideoReader;
import medsora.metric.FlowConsistency;
import medsora.metric.FrameQuality;
import medsora.perceptual.Lpips;

/**
 * How alike two videos of equally many frames are.
 *
 * @param name of the pair
 * @param frames compared
 * @param squaredError mean over all bytes
 * @param ssim mean over frames
 * @param lpips mean over frames, or null without its weights
 * @param warpErrorOriginal of the original: mean difference of a frame to the next one, read where
 *     flow leads, over consecutive frames; 0 with a single frame
 * @param warpErrorOther the same of the other video
 * @param stillErrorOriginal the same of the original without flow
 * @param stillErrorOther the same of the other video
 */
record Likeness(
    String name,
    int frames,
    double squaredError,
    double ssim,
    Double lpips,
    double warpErrorOriginal,
    double warpErrorOther,
    double stillErrorOriginal,
    double stillErrorOther) {
  /** PSNR of the squared error in dB; infinite for equal videos. */
  double psnr() {
    return FrameQuality.psnr(squaredError);
  }

  /**
   * Compares two videos, holding two frames of each.
   *
   * @param lpips or null
   * @param estimator of the flow
   * @throws IOException where they differ in size or number of frames
   */
  static Likeness of(Pairs.Pair pair, Lpips lpips, FlowEstimator estimator) throws IOException {
    Sums sums = new Sums(lpips, estimator);
    try (FrameSource a = VideoReader.open(pair.first(), ReadLimits.DEFAULT);
        FrameSource b = VideoReader.open(pair.second(), ReadLimits.DEFAULT)) {
      if (a.width() != b.width() || a.height() != b.height()) {
        throw new VideoException(
            pair.second().toString(),
            "is %dx%d, %s is %dx%d: bring both to one size"
                .formatted(b.width(), b.height(), file(pair.first()), a.width(), a.height()));
      }
      byte[] x = new byte[a.frameBytes()];
      byte[] y = new byte[x.length];
      int height = a.height();
      int width = a.width();
      while (bothNext(pair, sums.frames, next(a, x, height, width), next(b, y, height, width))) {
        sums.add(frame(pair, x, height, width), frame(pair, y, height, width));
      }
    }
    return sums.likeness(pair.name());
  }

  private static boolean bothNext(Pairs.Pair pair, int frames, boolean first, boolean second)
      throws IOException {
    if (first != second || (frames == 0 && !first)) {
      throw new VideoException(
          pair.second().toString(),
          first == second
              ? "has no frames"
              : "has %s frames than %s: %d are common"
                  .formatted(first ? "fewer" : "more", file(pair.first()), frames));
    }
    return first;
  }

  private static boolean next(FrameSource source, byte[] frame, int height, int width)
      throws IOException {
    if (source.height() != height || source.width() != width) {
      throw new VideoException(
          source.name(),
          "changes its size from %dx%d to %dx%d"
              .formatted(width, height, source.width(), source.height()));
    }
    return source.next(frame);
  }

  private static Clip frame(Pairs.Pair pair, byte[] rgb, int height, int width) {
    return Clip.of(pair.name(), height, width, List.of(rgb.clone()));
  }

  private static String file(Path path) {
    return path.getFileName().toString();
  }

  /** What has been added up so far. */
  private static final class Sums {
    private final Lpips lpips;
    private final FlowEstimator estimator;
    private Clip[] before = {};
    private int frames;
    private int moves;
    private double squares;
    private double ssim;
    private double distance;
    private final double[] motion = new double[4];

    Sums(Lpips lpips, FlowEstimator estimator) {
      this.lpips = lpips;
      this.estimator = estimator;
    }

    void add(Clip x, Clip y) {
      byte[] a = x.frames().getFirst();
      byte[] b = y.frames().getFirst();
      squares += FrameQuality.squaredError(a, b);
      ssim += FrameQuality.ssim(a, b, x.height(), x.width());
      if (lpips != null) {
        try (Tape scope = Tape.noGrad()) {
          distance += lpips.distances(picture(x), picture(y)).toArray()[0];
        }
      }
      if (frames++ > 0) {
        move(consistency(before[0], x), consistency(before[1], y));
      }
      before = new Clip[] {x, y};
    }

    /** Frames between which every pixel leaves the picture say nothing. */
    private void move(FlowConsistency ofX, FlowConsistency ofY) {
      if (Double.isFinite(ofX.warped()) && Double.isFinite(ofY.warped())) {
        motion[0] += ofX.warped();
        motion[1] += ofY.warped();
        motion[2] += ofX.still();
        motion[3] += ofY.still();
        moves++;
      }
    }

    private static Tensor picture(Clip frame) {
      return frame.tensor().view(Shape.of(1, 3, frame.height(), frame.width()));
    }

    private FlowConsistency consistency(Clip first, Clip second) {
      List<byte[]> both = List.of(first.frames().getFirst(), second.frames().getFirst());
      Clip clip = Clip.of(first.source(), first.height(), first.width(), both);
      return FlowConsistency.of(List.of(clip), estimator);
    }

    Likeness likeness(String name) {
      int pairs = Math.max(1, moves);
      return new Likeness(
          name,
          frames,
          squares / frames,
          ssim / frames,
          lpips == null ? null : distance / frames,
          motion[0] / pairs,
          motion[1] / pairs,
          motion[2] / pairs,
          motion[3] / pairs);
    }
  }
}
