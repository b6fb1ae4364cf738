package medsora.flow;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.media.Clip;

/** Pictures in the form of estimators and colour codings, and back. */
public final class FlowPictures {
  private static final int CHANNELS = 3;

  private FlowPictures() {}

  /** Frames {@code begin..end-1} of a clip as [end - begin, 3, H, W] in 0..255. */
  public static Tensor of(Clip clip, int begin, int end) {
    int plane = clip.height() * clip.width();
    List<byte[]> frames = clip.frames();
    float[] out = new float[(end - begin) * CHANNELS * plane];
    for (int f = begin; f < end; f++) {
      byte[] rgb = frames.get(f);
      for (int i = 0; i < rgb.length; i++) {
        out[((f - begin) * CHANNELS + i % CHANNELS) * plane + i / CHANNELS] = rgb[i] & 0xff;
      }
    }
    return Tensor.of(Shape.of(end - begin, CHANNELS, clip.height(), clip.width()), out);
  }

  /** [N, 3, H, W] of whole numbers in 0..255 as a clip of N frames. */
  public static Clip clip(String source, Tensor pictures) {
    int plane = pictures.dim(2) * pictures.dim(3);
    float[] in = pictures.toArray();
    List<byte[]> frames = new ArrayList<>();
    for (int f = 0; f < pictures.dim(0); f++) {
      byte[] rgb = new byte[CHANNELS * plane];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) (int) in[(f * CHANNELS + i % CHANNELS) * plane + i / CHANNELS];
      }
      frames.add(rgb);
    }
    return Clip.of(source, pictures.dim(2), pictures.dim(3), frames);
  }
}
