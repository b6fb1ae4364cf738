package medsora.baseline.lvdm;

import static engine.op.layout.Layout.permute;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.media.Clip;
import medsora.vae.ClipCodec;
import medsora.vae.LatentCodec;
import medsora.vae.LatentStatistics;
import medsora.vae.Tiling;
import org.jspecify.annotations.Nullable;

/**
 * LVDM's autoencoder in use.
 *
 * @param vae the network
 * @param statistics {@link LvdmVae#STATISTICS}, or what a checkpoint says
 */
public record LvdmAutoencoder(LvdmVae vae, LatentStatistics statistics) implements ClipCodec {
  private static final int CHANNELS = 3;

  @Override
  public LatentCodec codec() {
    return vae;
  }

  /** In whole frames; its values become bytes as in the released code ({@link LvdmProcess}). */
  @Override
  public Clip decode(String source, Tensor normalised, @Nullable Tiling tiling) {
    if (tiling != null) {
      throw new IllegalArgumentException(
          "[lvdm] its autoencoder decodes whole frames alone: leave the tiles out");
    }
    try (Tape scope = Tape.noGrad()) {
      Tensor clip = vae.decode(statistics.latents(normalised));
      // [T, H, W, 3]
      float[] values = permute(clip, 0, 2, 3, 4, 1).toArray();
      int height = clip.dim(3);
      int wide = clip.dim(4);
      return Clip.of(source, height, wide, frames(values, CHANNELS * height * wide));
    }
  }

  private static List<byte[]> frames(float[] values, int size) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = LvdmProcess.toByte(values[i]);
    }
    List<byte[]> frames = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += size) {
      frames.add(Arrays.copyOfRange(bytes, from, from + size));
    }
    return frames;
  }
}
