package medsora;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import medsora.data.VideoTransform;
import medsora.media.Video;

/**
 * A short video as the networks see it.
 *
 * @param values [3, length, height, width] in [-1, 1]; generated clips may lie a little outside
 */
public record Clip(int length, int height, int width, float[] values) {
  public Clip {
    if (values.length != 3L * length * height * width) {
      throw new IllegalArgumentException(
          "[clip] %d frames of %dx%d want %d values, got %d"
              .formatted(length, width, height, 3L * length * height * width, values.length));
    }
  }

  /**
   * Frames of RGB bytes as a clip.
   *
   * @param frames each [height, width, 3]
   */
  public static Clip of(List<byte[]> frames, int height, int width) {
    int plane = height * width;
    float[] values = new float[3 * frames.size() * plane];
    for (int t = 0; t < frames.size(); t++) {
      byte[] frame = frames.get(t);
      for (int i = 0; i < 3 * plane; i++) {
        int channel = (i % 3 * frames.size()) + t;
        values[(channel * plane) + (i / 3)] = (float) (((frame[i] & 0xff) / 255.0 - 0.5) / 0.5);
      }
    }
    return new Clip(frames.size(), height, width, values);
  }

  /** Each frame as RGB bytes [height, width, 3], row by row. */
  public byte[][] frames() {
    byte[][] out = new byte[length][];
    int plane = height * width;
    for (int t = 0; t < length; t++) {
      out[t] = VideoTransform.toBytes(values, t * plane, length * plane, height, width);
    }
    return out;
  }

  /** The frames under a name, for the writers of video files. */
  public Video video(String name) {
    return new Video(name, height, width, List.of(frames()));
  }

  Tensor tensor() {
    return Tensor.of(Shape.of(1, 3, length, height, width), values);
  }

  static Clip of(Tensor x) {
    return new Clip(x.dim(2), x.dim(3), x.dim(4), x.toArray());
  }
}
