package nn.loss;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sqrt;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.elementwise.Elementwise.unary;
import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.reduce.Reduce.mean;
import static engine.op.reduce.Reduce.sum;
import static engine.op.spectral.Spectral.fft2;

import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.kernel.Binary;
import engine.kernel.Kernels;
import engine.kernel.ReduceArgs;
import engine.kernel.Unary;
import engine.op.elementwise.BinaryOp;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;

/**
 * Focal frequency loss (Jiang et al., ICCV 2021), FFL of MedSora's Eq. 16: the squared distance of
 * two images' orthonormal spectra, each frequency weighted by how hard it is at present.
 *
 * <p>{@code loss = lossWeight * mean(w * |F|^2)}, F the spectrum of pred - target, {@code w =
 * |F|^alpha / max |F|^alpha} over the frequencies of one plane, without a gradient of its own; 0
 * where the images are equal. The transform is linear, so one transform of the difference serves
 * for the two of the images.
 *
 * @param lossWeight a factor of the whole
 * @param alpha sharpness of the weights; at least 0
 * @param patchFactor planes are cut into patchFactor x patchFactor patches, each transformed alone
 * @param averageSpectrum spectra are averaged over the batch first
 * @param logMatrix weights are log(1 + |F|^alpha) before they are divided by their maximum
 * @param batchMatrix one maximum over the whole batch in place of one per plane
 */
public record FocalFrequencyLoss(
    float lossWeight,
    float alpha,
    int patchFactor,
    boolean averageSpectrum,
    boolean logMatrix,
    boolean batchMatrix) {
  /** What the paper's autoencoder is trained with: alpha 1, whole planes, nothing averaged. */
  public static final FocalFrequencyLoss STANDARD =
      new FocalFrequencyLoss(1f, 1f, 1, false, false, false);

  public FocalFrequencyLoss {
    if (!(alpha >= 0)) {
      throw new IllegalArgumentException(
          "[focalFrequencyLoss] alpha must be at least 0, got " + alpha);
    }
    if (patchFactor < 1) {
      throw new IllegalArgumentException(
          "[focalFrequencyLoss] patch factor must be positive, got " + patchFactor);
    }
  }

  public FocalFrequencyLoss withLossWeight(float value) {
    return new FocalFrequencyLoss(
        value, alpha, patchFactor, averageSpectrum, logMatrix, batchMatrix);
  }

  public FocalFrequencyLoss withAlpha(float value) {
    return new FocalFrequencyLoss(
        lossWeight, value, patchFactor, averageSpectrum, logMatrix, batchMatrix);
  }

  public FocalFrequencyLoss withPatchFactor(int value) {
    return new FocalFrequencyLoss(
        lossWeight, alpha, value, averageSpectrum, logMatrix, batchMatrix);
  }

  public FocalFrequencyLoss withAverageSpectrum(boolean value) {
    return new FocalFrequencyLoss(lossWeight, alpha, patchFactor, value, logMatrix, batchMatrix);
  }

  public FocalFrequencyLoss withLogMatrix(boolean value) {
    return new FocalFrequencyLoss(
        lossWeight, alpha, patchFactor, averageSpectrum, value, batchMatrix);
  }

  public FocalFrequencyLoss withBatchMatrix(boolean value) {
    return new FocalFrequencyLoss(
        lossWeight, alpha, patchFactor, averageSpectrum, logMatrix, value);
  }

  /** The loss of pred [B, C, H, W] against target of the same shape, as a scalar. */
  public Tensor of(Tensor pred, Tensor target) {
    Shape shape = pred.shape();
    ShapeException.require(
        shape.rank() == 4 && shape.size() > 0 && shape.equals(target.shape()),
        "focalFrequencyLoss",
        "wants two images of one shape [B,C,H,W]: pred=%s target=%s",
        shape,
        target.shape());
    Tensor spectrum = fft2(patches(sub(pred, target)), true);
    if (averageSpectrum) {
      spectrum = mean(spectrum, 0, 1);
    }
    int rank = spectrum.shape().rank();
    Tensor distance = sum(square(spectrum), rank - 1, rank);
    Tensor planes = reshape(distance, -1, distance.dim(-2) * distance.dim(-1));
    return scale(mean(mul(weights(planes.detach()), planes)), lossWeight);
  }

  /** [B,C,H,W] to [B,p,p,C,H/p,W/p], p the patch factor. */
  private Tensor patches(Tensor x) {
    if (patchFactor == 1) {
      return x;
    }
    int p = patchFactor;
    int h = x.dim(2);
    int w = x.dim(3);
    ShapeException.require(
        h % p == 0 && w % p == 0,
        "focalFrequencyLoss",
        "patch factor %d does not divide height and width: x=%s",
        p,
        x.shape());
    Tensor cut = reshape(x, x.dim(0), x.dim(1), p, h / p, p, w / p);
    return permute(cut, 0, 2, 4, 1, 3, 5);
  }

  /** In [0, 1], from squared distances [planes, frequencies] that carry no gradient. */
  private Tensor weights(Tensor squared) {
    Tensor w = power(squared);
    if (logMatrix) {
      w = unary(Unary.LOG1P, w);
    }
    // Equal images divide 0 by the smallest positive float, so that their weights are 0, not NaN.
    Tensor largest =
        Tape.apply(new BinaryOp(Binary.MAX), maxima(w), Tensor.scalar(Float.MIN_VALUE));
    return div(w, largest);
  }

  /** |F|^alpha from |F|^2: products for whole exponents, else by exp and log. */
  private Tensor power(Tensor squared) {
    Tensor d = sqrt(squared);
    if (alpha != Math.rint(alpha) || alpha > 16) {
      return exp(scale(unary(Unary.LOG, d), alpha));
    }
    if (alpha == 0) {
      return add(scale(d, 0f), Tensor.scalar(1f));
    }
    Tensor power = d;
    for (int i = 1; i < (int) alpha; i++) {
      power = mul(power, d);
    }
    return power;
  }

  /** The largest weight of each plane [planes, 1], or of all [1, 1]. */
  private Tensor maxima(Tensor w) {
    int rows = batchMatrix ? 1 : w.dim(0);
    Kernels k = Backends.current();
    Tensor largest = new Tensor(Shape.of(rows, 1), k.allocate(rows));
    k.reduce().max(new ReduceArgs(rows, w.size() / rows, 1), w.storage(), largest.storage());
    return largest;
  }
}
