package medsora.flow;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.data.Video;

/** Pictures in the form that estimators want. */
public final class FlowPictures {
  private static final int CHANNELS = 3;

  private FlowPictures() {}

  /** Frames {@code begin..end-1} of a video as [end - begin, 3, H, W] in 0..255. */
  public static Tensor of(Video video, int begin, int end) {
    int plane = video.height() * video.width();
    float[] out = new float[(end - begin) * CHANNELS * plane];
    for (int f = begin; f < end; f++) {
      byte[] rgb = video.frames().get(f);
      for (int i = 0; i < rgb.length; i++) {
        out[((f - begin) * CHANNELS + i % CHANNELS) * plane + i / CHANNELS] = rgb[i] & 0xff;
      }
    }
    return Tensor.of(Shape.of(end - begin, CHANNELS, video.height(), video.width()), out);
  }
}
