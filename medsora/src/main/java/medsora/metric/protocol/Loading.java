package medsora.metric.protocol;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import medsora.media.Clip;
import medsora.metric.resample.Filter;
import medsora.metric.resample.Loaders;
import medsora.metric.resample.Pillow;

/** What a protocol does to frames when it reads them, before any network. */
public enum Loading {
  /** Nothing; all frames must be of one size. */
  AS_THEY_ARE("frames as they are"),
  /** To 128x128 with Pillow's bicubic filter, whatever the shape (Endora). */
  SQUARE_128("frames to 128x128 by Pillow bicubic"),
  /** Short side to 128, antialiased bilinear, centre crop, cut off to bytes (CD-FVD). */
  CROP_128("frames to 128 by antialiased bilinear and centre crop");

  private static final int EDGE = 128;

  private final String words;

  Loading(String words) {
    this.words = words;
  }

  /** The side of the frames that come of it, or 0 where that is what the files have. */
  public int side() {
    return this == AS_THEY_ARE ? 0 : EDGE;
  }

  /** A clip as the protocol sees it. */
  public Clip applied(Clip clip) {
    return switch (this) {
      case AS_THEY_ARE -> clip;
      case SQUARE_128 -> resized(clip, x -> Pillow.bytes(x, EDGE, EDGE, Filter.BICUBIC));
      case CROP_128 -> resized(clip, x -> Loaders.truncated(Loaders.contentDebiased(x, EDGE)));
    };
  }

  /** Frame by frame, as bytes in between. */
  private static Clip resized(Clip clip, UnaryOperator<Tensor> resize) {
    int plane = clip.height() * clip.width();
    List<byte[]> frames = new ArrayList<>();
    try (Tape scope = Tape.noGrad()) {
      for (byte[] frame : clip.frames()) {
        Tensor planes =
            Tensor.generate(
                Shape.of(3, clip.height(), clip.width()),
                i -> frame[3 * (i % plane) + i / plane] & 0xff);
        frames.add(interleaved(resize.apply(planes).toArray()));
      }
    }
    return Clip.of(clip.source(), EDGE, EDGE, frames);
  }

  /** Planes [3, h, w] of whole numbers as RGB bytes [h, w, 3]. */
  private static byte[] interleaved(float[] planes) {
    int plane = planes.length / 3;
    byte[] out = new byte[planes.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (int) planes[(i % 3) * plane + i / 3];
    }
    return out;
  }

  /** In words, as a result is quoted. */
  public String words() {
    return words;
  }
}
