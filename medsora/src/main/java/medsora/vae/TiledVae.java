package medsora.vae;

import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import nn.Mode;

/**
 * An autoencoder that works on large frames in overlapping tiles, whose memory depends on the tile
 * and not on the frame. One tile goes through all chunks of a clip with causal caches of its own
 * before the next begins, so that beside the weights, the input and the result only one tile and
 * one chunk of it are held. Tiles are joined by linear blending: of raw moments when encoding, of
 * frames when decoding. The result differs from that of the whole frame, for norms see a tile
 * instead of the frame and borders of a tile are zeros. A frame that fits one tile has the very
 * bits of the plain autoencoder. For evaluation only; nothing here is recorded by a tape.
 */
public final class TiledVae {
  private final ClipAutoencoder vae;
  private final Tiling tiling;
  private final IntConsumer tileDone;

  public TiledVae(ClipAutoencoder vae, Tiling tiling) {
    this(vae, tiling, done -> {});
  }

  /**
   * @param tileDone is told after each tile how many tiles of this call are done
   */
  public TiledVae(ClipAutoencoder vae, Tiling tiling, IntConsumer tileDone) {
    this.vae = vae;
    this.tiling = tiling;
    this.tileDone = tileDone;
  }

  /** Tiles of a frame. */
  public static int tiles(Tiling tiling, int latentHeight, int latentWidth) {
    return new TileAxis(latentHeight, tiling).count() * new TileAxis(latentWidth, tiling).count();
  }

  /**
   * The posterior of a clip's latents.
   *
   * @param x frames in [-1, 1], [b, 3, T, H, W], T of whole chunks, H and W of whole latent pixels
   */
  public Moments encode(Tensor x) {
    int factor = vae.config().spaceFactor();
    int chunk = vae.config().framesPerChunk();
    ShapeException.require(
        x.shape().rank() == 5
            && x.dim(1) == 3
            && x.dim(2) > 0
            && x.dim(2) % chunk == 0
            && x.dim(3) > 0
            && x.dim(4) > 0
            && x.dim(3) % factor == 0
            && x.dim(4) % factor == 0,
        "tiled encode",
        "wants x=[b,3,T,H,W] with T a multiple of %d and H, W of %d: x=%s",
        chunk,
        factor,
        x.shape());
    Shape moments =
        Shape.of(
            x.dim(0),
            2 * vae.config().latentChannels(),
            x.dim(2) / vae.config().timeFactor(),
            x.dim(3) / factor,
            x.dim(4) / factor);
    return Moments.of(joined(x, moments, factor, 1, tile -> vae.encodeMoments(tile, Mode.EVAL)));
  }

  /**
   * The frames of latents.
   *
   * @param z [b, C, t, h, w], t of whole chunks
   * @return [b, 3, T, H, W]
   */
  public Tensor decode(Tensor z) {
    int time = vae.config().timeFactor();
    int chunk = vae.config().framesPerChunk() / time;
    ShapeException.require(
        z.shape().rank() == 5
            && z.dim(1) == vae.config().latentChannels()
            && z.dim(2) > 0
            && z.dim(2) % chunk == 0
            && z.dim(3) > 0
            && z.dim(4) > 0,
        "tiled decode",
        "wants z=[b,%d,t,h,w] with t a multiple of %d: z=%s",
        vae.config().latentChannels(),
        chunk,
        z.shape());
    int factor = vae.config().spaceFactor();
    Shape frames = Shape.of(z.dim(0), 3, time * z.dim(2), factor * z.dim(3), factor * z.dim(4));
    return joined(z, frames, 1, factor, tile -> vae.decode(tile, Mode.EVAL));
  }

  /**
   * Sends tiles through {@code body} and adds up their weighted results.
   *
   * @param in input pixels per latent pixel
   * @param out output pixels per latent pixel
   */
  private Tensor joined(Tensor x, Shape result, int in, int out, UnaryOperator<Tensor> body) {
    TileAxis rows = new TileAxis(x.dim(3) / in, tiling);
    TileAxis columns = new TileAxis(x.dim(4) / in, tiling);
    float[] sum = new float[result.size()];
    for (int i = 0; i < rows.count(); i++) {
      for (int j = 0; j < columns.count(); j++) {
        try (Tape scope = Tape.noGrad()) {
          Tensor band = part(x, 3, rows, i, in);
          Tensor tile = body.apply(part(band, 4, columns, j, in));
          int corner = (rows.start(i) * out * result.dim(4)) + (columns.start(j) * out);
          add(sum, result, corner, tile, rows.weights(i, out), columns.weights(j, out));
        }
        tileDone.accept((i * columns.count()) + j + 1);
      }
    }
    return Tensor.of(result, sum);
  }

  private static Tensor part(Tensor x, int axis, TileAxis tiles, int i, int scale) {
    return slice(x, axis, tiles.start(i) * scale, (tiles.start(i) + tiles.size()) * scale);
  }

  /** sum += weight * tile in every plane; {@code corner} is where the tile begins in a plane. */
  private static void add(
      float[] sum, Shape shape, int corner, Tensor tile, float[] rowWeights, float[] weights) {
    float[] values = tile.toArray();
    int plane = shape.dim(3) * shape.dim(4);
    int from = 0;
    for (int p = 0; p < shape.size() / plane; p++) {
      for (int y = 0; y < rowWeights.length; y++) {
        int to = (p * plane) + corner + (y * shape.dim(4));
        for (int x = 0; x < weights.length; x++) {
          sum[to + x] = Math.fma(rowWeights[y] * weights[x], values[from + x], sum[to + x]);
        }
        from += weights.length;
      }
    }
  }
}
