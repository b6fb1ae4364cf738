package tools.explore;

import static engine.op.elementwise.Elementwise.sqrt;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.reduce.Reduce.sum;
import static engine.op.spectral.Spectral.fft2;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import medsora.Autoencoder;
import medsora.media.Clip;
import medsora.metric.FrameQuality;
import medsora.metric.PowerSpectrum;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.loss.FocalFrequencyLoss;

/**
 * Station 7: the clip through the autoencoder, with its frequency compensation and with it taken
 * out; the spectra of all three; the weights of the focal frequency loss (Eq. 16); and what causal
 * chunks mean.
 */
record AutoencoderStation() implements Station {
  private static final int[] SHOWN = {0, 5, 10, 15};

  @Override
  public String id() {
    return "autoencoder";
  }

  @Override
  public List<Place> places() {
    return List.of(
        Place.model("pixels to latents", 0, "vae/Encoder", "forward"),
        Place.model("latents to pixels", 0, "vae/Decoder", "forward"),
        Place.model("convolutions that see no later frame", 0, "vae/CausalConv3d", "forward"),
        new Place(
            "the focal frequency loss",
            16,
            "nn/src/main/java/nn/loss/FocalFrequencyLoss.java",
            "of"));
  }

  @Override
  public void write(Subject s, Arrays arrays, ObjectNode facts) {
    Autoencoder whole = s.model().autoencoder();
    Clip rebuilt = whole.reconstruct(s.clip()).shown();
    VaeConfig.Compensation compensation = s.vae().config().compensation();
    facts.put("compensation", compensation.name());
    ArrayNode clips = facts.putArray("clips");
    add(clips, "the clip", s.clip(), s.clip(), arrays);
    add(clips, "rebuilt", rebuilt, s.clip(), arrays);
    if (compensation != VaeConfig.Compensation.NONE) {
      Clip bare = without(s.vae(), whole).reconstruct(s.clip()).shown();
      add(clips, "rebuilt, compensation taken out", bare, s.clip(), arrays);
    }
    facts.set("focal", focal(s.clip(), rebuilt, facts, arrays));
    facts.put("focalLoss", focalLoss(s.clip(), rebuilt));
    facts.put("lambda", s.model().config().vaeTraining().focal());
    chunks(s.clip(), whole, facts);
  }

  /** The same weights without the modules that MedSora adds. */
  static Autoencoder without(Vae vae, Autoencoder whole) {
    Vae bare = new Vae(vae.config().with(VaeConfig.Compensation.NONE));
    bare.initialize(0);
    var weights = vae.parameters();
    bare.parameters().forEach((name, p) -> p.write(weights.get(name).value().toArray()));
    return new Autoencoder(bare, whole.statistics(), whole.size(), whole.training());
  }

  private static void add(ArrayNode clips, String name, Clip clip, Clip truth, Arrays arrays) {
    ObjectNode node = clips.addObject().put("name", name);
    node.set("frames", arrays.frames(clip, SHOWN));
    if (clip != truth) {
      node.put("psnr", psnr(clip, truth));
    }
    PowerSpectrum.of(List.of(clip)).octaves().forEach(node.putArray("octaves")::add);
  }

  private static double psnr(Clip a, Clip b) {
    double error = 0;
    List<byte[]> truth = b.frames();
    List<byte[]> frames = a.frames();
    for (int i = 0; i < frames.size(); i++) {
      error += FrameQuality.squaredError(frames.get(i), truth.get(i)) / frames.size();
    }
    return FrameQuality.psnr(error);
  }

  /**
   * |F(x - x')| over its largest, of the first frame's green: the weights where alpha is 1. The
   * largest itself goes into the facts.
   */
  private static ObjectNode focal(Clip clip, Clip rebuilt, ObjectNode facts, Arrays arrays) {
    int size = clip.height();
    try (Tape scope = Tape.noGrad()) {
      Tensor off = Tensor.of(Shape.of(1, 1, size, clip.width()), difference(clip, rebuilt, 1));
      Tensor squares = square(fft2(off, true));
      float[] w = sqrt(sum(squares, squares.shape().rank() - 1, squares.shape().rank())).toArray();
      float most = Float.MIN_VALUE;
      for (float v : w) {
        most = Math.max(most, v);
      }
      for (int i = 0; i < w.length; i++) {
        w[i] /= most;
      }
      facts.put("focalLargest", most);
      return arrays.floats(w, size, clip.width());
    }
  }

  private static double focalLoss(Clip clip, Clip rebuilt) {
    try (Tape scope = Tape.noGrad()) {
      Shape shape = Shape.of(1, 1, clip.height(), clip.width());
      Tensor off = Tensor.of(shape, difference(clip, rebuilt, 1));
      return FocalFrequencyLoss.STANDARD.of(off, Tensor.zeros(shape)).item();
    }
  }

  /** One colour of the first frames. */
  private static float[] difference(Clip a, Clip b, int colour) {
    int plane = a.height() * a.width();
    int from = colour * a.length() * plane;
    float[] x = a.values();
    float[] y = b.values();
    float[] out = new float[plane];
    for (int i = 0; i < plane; i++) {
      out[i] = y[from + i] - x[from + i];
    }
    return out;
  }

  /** The first half alone is what it is in the whole clip; the second alone lacks its memory. */
  private static void chunks(Clip clip, Autoencoder autoencoder, ObjectNode facts) {
    int half = VaeConfig.FRAMES_PER_CHUNK;
    float[] whole = autoencoder.encode(clip).toArray();
    int[] second = IntStream.range(half, 2 * half).toArray();
    float[] first = autoencoder.encode(clip.first(half)).toArray();
    float[] alone = autoencoder.encode(clip.pick(second)).toArray();
    facts.put("firstDiffers", largest(whole, 0, first));
    facts.put("secondDiffers", largest(whole, whole.length - alone.length, alone));
  }

  private static double largest(float[] whole, int from, float[] part) {
    double most = 0;
    for (int i = 0; i < part.length; i++) {
      most = Math.max(most, Math.abs(whole[from + i] - part[i]));
    }
    return most;
  }
}
