package tools.conform;

import static engine.op.layout.Layout.permute;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.data.VideoTransform;
import medsora.media.Clip;
import medsora.media.PixelScale;

/**
 * {@code video_transform}: {@code X.frames} [t,3,h,w] gives {@code X.out_flip0} and {@code
 * X.out_flip1} [t,3,s,s]; {@code uint8.in} becomes the bytes {@code uint8.out}.
 */
final class VideoTransformFamily implements Family {
  static final Limits LIMITS = Limits.STANDARD;

  private static final Pattern RESULT = Pattern.compile("(?<clip>.+)\\.out_flip(?<flip>[01])");

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    for (String name : file.names()) {
      Matcher m = RESULT.matcher(name);
      if (m.matches()) {
        transform(check, name, m.group("clip") + ".frames", m.group("flip").equals("1"));
      } else if (name.endsWith(".out")) {
        bytes(check, name, name.substring(0, name.length() - ".out".length()) + ".in");
      }
    }
  }

  private static void transform(Check check, String name, String frames, boolean flip) {
    Shape in = check.file().shape(frames, 4);
    Shape out = check.file().shape(name, 4);
    UnfitException.unless(
        in.dim(1) == 3 && out.dim(2) == out.dim(3),
        "%s=%s: wanted are colours and a square result %s",
        frames,
        in,
        out);
    Clip clip = Clip.of(frames, in.dim(2), in.dim(3), interleaved(check.file(), frames, in));
    Tensor got = new VideoTransform(out.dim(2), flip).apply(clip).tensor();
    check.floats(name, permute(got, 0, 2, 1, 3, 4).toArray());
  }

  /** Planar integers [t,3,h,w] as frames of bytes [h,w,3]. */
  private static List<byte[]> interleaved(FixtureFile file, String name, Shape shape) {
    int[] planar = file.ints(name);
    int plane = shape.dim(2) * shape.dim(3);
    List<byte[]> frames = new ArrayList<>();
    for (int t = 0; t < shape.dim(0); t++) {
      byte[] frame = new byte[3 * plane];
      for (int i = 0; i < frame.length; i++) {
        int value = planar[(((t * 3) + (i % 3)) * plane) + (i / 3)];
        UnfitException.unless((value & 0xff) == value, "%s holds %d, no byte", name, value);
        frame[i] = (byte) value;
      }
      frames.add(frame);
    }
    return frames;
  }

  private static void bytes(Check check, String name, String input) {
    float[] in = check.file().floats(input);
    int[] got = new int[in.length];
    for (int i = 0; i < in.length; i++) {
      got[i] = PixelScale.toByte(in[i]) & 0xff;
    }
    check.integers(name, got);
  }
}
