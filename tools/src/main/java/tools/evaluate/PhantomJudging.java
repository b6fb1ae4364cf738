package tools.evaluate;

import java.io.IOException;
import medsora.metric.phantom.FrameFeatures;
import medsora.metric.phantom.MotionFeatures;
import medsora.metric.phantom.PhantomDistances;
import medsora.metric.phantom.PhantomFeatures;
import medsora.metric.protocol.Judge;
import medsora.metric.protocol.Judge.Metric;
import medsora.metric.protocol.PixelRange;
import medsora.metric.protocol.Resize;
import tools.evaluate.JudgeNetworks.Opened;

/**
 * The distances that want no download, FD-phantom-frames and FD-phantom-motion: of the clips that a
 * protocol draws, by the networks that come with the program. They compare with themselves alone.
 */
public record PhantomJudging(Judging judging) {
  private static final Judge FRAMES =
      new Judge(
          Metric.FD_PHANTOM_FRAMES,
          Resize.PILLOW_64,
          PixelRange.LOOKS,
          1e-6,
          PhantomDistances.DDOF);

  private static final Judge MOTION =
      new Judge(
          Metric.FD_PHANTOM_MOTION, Resize.PILLOW_48, PixelRange.FLOW, 1e-6, PhantomDistances.DDOF);

  /**
   * Measures both.
   *
   * @return the means of the features of each clip's frames, for a map
   */
  public Evaluated.Map measure(Result result) throws IOException {
    int length = judging.sets().real().rule().frames();
    FrameFeatures frames = PhantomFeatures.frames(length);
    Opened opened = new Opened(frames, frames.sha256());
    Judging.Rows rows = judging.distance(FRAMES, opened, length, result);
    if (length > 1) {
      MotionFeatures motion = PhantomFeatures.motion(length);
      judging.distance(MOTION, new Opened(motion, motion.sha256()), 1, result);
    }
    String name = frames.name() + ", mean over the frames of a clip";
    return new Evaluated.Map(name, rows.real().means(length), rows.generated().means(length));
  }
}
