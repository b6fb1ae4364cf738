package medsora.baseline.lvdm;

import static engine.op.layout.Layout.permute;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.media.Clip;
import medsora.vae.PlainAutoencoder;
import nn.Mode;

/**
 * LVDM's video autoencoder: 3-D convolutions whose border is repeated outwards, no attention, whole
 * clips at once. State-dict names and order are those of the released code below {@code
 * first_stage_model}.
 */
public final class LvdmVae extends PlainAutoencoder<LvdmVaeConfig> {
  private final LvdmEncoder encoder;
  private final LvdmDecoder decoder;
  private final ReplicatedConv3d quant;
  private final ReplicatedConv3d postQuant;

  public LvdmVae(LvdmVaeConfig config) {
    super(config);
    int latent = config.latentChannels();
    this.encoder = child("encoder", new LvdmEncoder(config));
    this.decoder = child("decoder", new LvdmDecoder(config));
    this.quant = child("quant_conv", new ReplicatedConv3d(2 * latent, 2 * latent, 1));
    this.postQuant = child("post_quant_conv", new ReplicatedConv3d(latent, latent, 1));
  }

  /** The whole clip at once. */
  @Override
  public Tensor encodeMoments(Tensor x, Mode mode) {
    Shape s = x.shape();
    int time = config().timeFactor();
    int space = config().spaceFactor();
    ShapeException.require(
        s.rank() == 5
            && s.dim(1) == 3
            && s.dim(2) > 0
            && s.dim(2) % time == 0
            && s.dim(3) % space == 0
            && s.dim(4) % space == 0,
        "lvdm encoder",
        "wants x [b,3,T,H,W] with T a multiple of %d, H and W of %d, got x=%s",
        time,
        space,
        s);
    return Tape.consume(encoder.forward(x, pass(mode)), quant::forward);
  }

  /** The whole clip at once, about -1 to 1. */
  @Override
  public Tensor decode(Tensor z, Mode mode) {
    ShapeException.require(
        z.shape().rank() == 5 && z.dim(1) == config().latentChannels(),
        "lvdm decoder",
        "wants z [b,%d,t,h,w], got %s",
        config().latentChannels(),
        z.shape());
    return decoder.consume(postQuant.forward(z), pass(mode));
  }

  private VolumePass pass(Mode mode) {
    return new VolumePass(watcher(), recomputes(mode));
  }

  /** Its values become bytes as in the released code ({@link LvdmProcess#toByte}). */
  @Override
  public Clip clip(String source, Tensor frames) {
    try (Tape scope = Tape.noGrad()) {
      // [T, H, W, 3]
      float[] values = permute(frames, 0, 2, 3, 4, 1).toArray();
      int height = frames.dim(3);
      int width = frames.dim(4);
      return Clip.of(source, height, width, pictures(values, frames.dim(1) * height * width));
    }
  }

  private static List<byte[]> pictures(float[] values, int size) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = LvdmProcess.toByte(values[i]);
    }
    List<byte[]> pictures = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += size) {
      pictures.add(Arrays.copyOfRange(bytes, from, from + size));
    }
    return pictures;
  }
}
