package medsora.vae;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;
import static engine.op.resample.Resample.nearest;

import engine.autodiff.Tape;
import engine.tensor.Tensor;

/** Latents [b, c, t, h, w] enlarged to the frames, height and width of features, by nearest. */
final class LatentResize {
  private LatentResize() {}

  /** With an odd number of frames above one, the first frame is enlarged apart from the rest. */
  static Tensor to(Tensor z, Tensor like) {
    return Tape.scoped(() -> enlarged(z, like));
  }

  private static Tensor enlarged(Tensor z, Tensor like) {
    int frames = like.dim(2);
    if (frames > 1 && frames % 2 == 1) {
      Tensor first = space(slice(z, 2, 0, 1), like);
      Tensor rest = nearest(slice(z, 2, 1, z.dim(2)), 2, frames - 1);
      return concat(2, first, space(rest, like));
    }
    return space(nearest(z, 2, frames), like);
  }

  private static Tensor space(Tensor z, Tensor like) {
    return nearest(nearest(z, 3, like.dim(3)), 4, like.dim(4));
  }
}
