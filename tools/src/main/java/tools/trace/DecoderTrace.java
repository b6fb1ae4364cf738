package tools.trace;

import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.Autoencoder;
import medsora.media.Clip;
import medsora.metric.FrameQuality;
import medsora.metric.distance.ColourGamut;
import tools.trace.LatentClips.Latents;

/**
 * What a decoder makes of latents that are a little wrong: everywhere, and at one place of each
 * frame.
 *
 * @param autoencoder whose decoder it is
 * @param clips held-out clips
 * @param latents of these
 * @param gamut the colours of the data
 */
public record DecoderTrace(
    Autoencoder autoencoder, List<Clip> clips, List<Latents> latents, ColourGamut gamut) {
  private static final long STREAM = 0x7472_6163L;
  private static final double[] NOISE = {0, 0.1, 0.25, 0.5, 1};
  private static final double[] MOVED = {0, 2, 4, 8};

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("latents as the encoder draws them: PSNR %.2f dB".formatted(psnr(-1)));
    for (double s : NOISE) {
      lines.add("latents with noise of %.2f deviations: PSNR %.2f dB".formatted(s, psnr(s)));
    }
    for (double k : MOVED) {
      lines.add(
          "one latent place of each frame moved by %.0f deviations: %.1f %% of its pixels beyond the data's colours"
              .formatted(k, 100 * beyond(k)));
    }
    return lines;
  }

  /** Of clips decoded from latents with noise; of a negative one, as the encoder draws them. */
  private double psnr(double noise) {
    double sum = 0;
    for (int i = 0; i < clips.size(); i++) {
      Latents at = latents.get(i);
      float[] z = at.mean().toArray();
      float[] deviation = at.deviation().toArray();
      float[] draws = normal(i, z.length);
      for (int k = 0; k < z.length; k++) {
        z[k] += (float) (draws[k] * (noise < 0 ? deviation[k] : noise));
      }
      sum += error(clips.get(i), decoded(at.mean().shape(), z)) / clips.size();
    }
    return FrameQuality.psnr(sum);
  }

  /** Mean squared error over the frames. */
  public static double error(Clip before, Clip after) {
    double sum = 0;
    for (int t = 0; t < before.length(); t++) {
      sum += FrameQuality.squaredError(before.frames().get(t), after.frames().get(t));
    }
    return sum / before.length();
  }

  private Clip decoded(Shape shape, float[] z) {
    return autoencoder.decode("moved", Tensor.of(shape, z), null).shown();
  }

  /** All channels of the middle place moved along one drawn direction. */
  private double beyond(double by) {
    double share = 0;
    for (int i = 0; i < clips.size(); i++) {
      Shape s = latents.get(i).mean().shape();
      float[] z = latents.get(i).mean().toArray();
      float[] direction = normal(clips.size() + i, s.dim(1));
      double length = 0;
      for (float d : direction) {
        length += (double) d * d;
      }
      double unit = by / Math.sqrt(length / direction.length);
      int plane = s.dim(3) * s.dim(4);
      int middle = (s.dim(3) / 2 * s.dim(4)) + (s.dim(4) / 2);
      for (int c = 0; c < s.dim(1); c++) {
        for (int t = 0; t < s.dim(2); t++) {
          z[(((c * s.dim(2)) + t) * plane) + middle] += (float) (unit * direction[c]);
        }
      }
      ColourGamut block = new ColourGamut();
      block.add(part(decoded(s, z), s));
      share += block.shareBeyond(gamut) / clips.size();
    }
    return share;
  }

  /** The pixels of the middle place of latents of a shape. */
  private static Clip part(Clip clip, Shape latents) {
    int side = clip.width() / latents.dim(4);
    int x = latents.dim(4) / 2 * side;
    int y = latents.dim(3) / 2 * side;
    List<byte[]> frames = new ArrayList<>();
    for (byte[] frame : clip.frames()) {
      byte[] cut = new byte[side * side * 3];
      for (int row = 0; row < side; row++) {
        int from = (((y + row) * clip.width()) + x) * 3;
        System.arraycopy(frame, from, cut, row * side * 3, side * 3);
      }
      frames.add(cut);
    }
    return Clip.of("part", side, side, frames);
  }

  private static float[] normal(long number, int count) {
    float[] draws = new float[count];
    new RandomKey(0, STREAM, number).random().normal(draws, 0, count);
    return draws;
  }
}
