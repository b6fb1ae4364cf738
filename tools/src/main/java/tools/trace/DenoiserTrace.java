package tools.trace;

import engine.autodiff.Tape;
import engine.random.RandomKey;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.diffusion.NoisePredictor;
import medsora.diffusion.Schedule;
import nn.Mode;

/**
 * How far off a denoiser is at single diffusion steps of held-out clips: of the noise, and of x_0
 * as it follows from the noise.
 *
 * @param starts x_0 of the clips [1, F, C, h, w]
 */
public record DenoiserTrace(NoisePredictor denoiser, List<Tensor> starts, LatentRange range) {
  private static final int[] STEPS = {0, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 999};
  private static final long STREAM = 0x7472_6164L;
  private static final Schedule SCHEDULE = Schedule.full();

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int t : STEPS) {
      double[] found = at(t);
      lines.add(
          "t %3d: error of the noise %.4f, of x_0 %.3f deviations; x_0 is %.3f of its estimate; %.2f %% of x_0 beyond the data's range"
              .formatted(t, found[0], found[1], found[3], 100 * found[2]));
    }
    return lines;
  }

  /**
   * Root mean squares of both errors over the video, the share of x_0 beyond the range, and the
   * coefficient of x_0 regressed on its estimate: 1 where estimates are as large as they should be.
   */
  private double[] at(int t) {
    double ofNoise = 0;
    double ofStart = 0;
    double beyond = 0;
    double product = 0;
    double square = 0;
    long count = 0;
    double a = SCHEDULE.sqrtAlphaCumprod(t);
    double s = SCHEDULE.sqrtOneMinusAlphaCumprod(t);
    for (int i = 0; i < starts.size(); i++) {
      float[] start = starts.get(i).toArray();
      float[] noise = new float[start.length];
      new RandomKey(0, STREAM + t, i).random().normal(noise, 0, noise.length);
      float[] x = new float[start.length];
      for (int k = 0; k < x.length; k++) {
        x[k] = (float) ((a * start[k]) + (s * noise[k]));
      }
      float[] eps = predicted(Tensor.of(starts.get(i).shape(), x), t);
      int video = start.length / starts.get(i).dim(1) * denoiser.latents().videoFrames();
      for (int k = 0; k < video; k++) {
        double off = eps[k] - noise[k];
        ofNoise += off * off;
        ofStart += off * off * (s / a) * (s / a);
        x[k] = (float) ((x[k] - (s * eps[k])) / a);
        product += (double) x[k] * start[k];
        square += (double) x[k] * x[k];
      }
      count += video;
      Tensor estimate = Tensor.of(starts.get(i).shape(), x);
      int frames = denoiser.latents().videoFrames();
      beyond += range.shareBeyond(LatentClips.ofVideo(estimate, frames).toArray()) / starts.size();
    }
    return new double[] {
      Math.sqrt(ofNoise / count), Math.sqrt(ofStart / count), beyond, product / square
    };
  }

  private float[] predicted(Tensor x, int t) {
    try (Tape scope = Tape.noGrad()) {
      return denoiser.forward(x, new float[] {t}, Mode.EVAL).prediction().toArray();
    }
  }
}
