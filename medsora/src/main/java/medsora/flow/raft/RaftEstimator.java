package medsora.flow.raft;

import engine.autodiff.Tape;
import engine.io.RenamedTensors;
import engine.io.TensorSource;
import engine.op.layout.Layout;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import medsora.flow.FlowEstimator;
import nn.io.Weights;

/**
 * RAFT with given weights as an estimator. Pictures are padded to multiples of 8 by repeating their
 * rims: up to half above and half below, and half left and half right.
 */
public final class RaftEstimator implements FlowEstimator {
  /** Steps that the released code takes. */
  public static final int ITERATIONS = 20;

  private final Raft network;
  private final int iterations;

  public RaftEstimator(Raft network, int iterations) {
    this.network = network;
    this.iterations = iterations;
    network.setTrainable(false);
  }

  /**
   * Reads published weights, safetensors or PyTorch, under the authors' names or torchvision's; the
   * size is told by the names.
   *
   * @throws IOException listing names that are missing or unexpected
   */
  public static RaftEstimator load(Path weights, int iterations) throws IOException {
    try (TensorSource opened = TensorSource.open(weights)) {
      TensorSource file = TorchvisionNames.translated(RenamedTensors.bare(opened));
      // The basic network alone learns how to enlarge.
      boolean basic = file.contains("update_block.mask.0.weight");
      Raft network = new Raft(basic ? RaftConfig.BASIC : RaftConfig.SMALL);
      Weights.load(file, "", network);
      return new RaftEstimator(network, iterations);
    }
  }

  public int iterations() {
    return iterations;
  }

  public Raft network() {
    return network;
  }

  @Override
  public String identity() {
    return "raft:" + iterations + ":" + Weights.sha256(network.stateDict());
  }

  @Override
  public Tensor flow(Tensor first, Tensor second) {
    try (Tape scope = Tape.noGrad()) {
      Padding h = Padding.of(first.dim(2));
      Padding w = Padding.of(first.dim(3));
      Tensor flow = network.forward(padded(first, h, w), padded(second, h, w), iterations).flow();
      Tensor rows = Layout.slice(flow, 2, h.before, h.before + first.dim(2));
      Tensor cut = Layout.slice(rows, 3, w.before, w.before + first.dim(3));
      return Tensor.of(cut.shape(), cut.toArray());
    }
  }

  /** Rows or columns to add to an extent. */
  private record Padding(int before, int after) {
    static Padding of(int extent) {
      int missing = Math.floorMod(-extent, RaftConfig.SCALE);
      return new Padding(missing / 2, missing - missing / 2);
    }
  }

  /** Pictures [N, C, H, W] with their rims repeated to multiples of 8, as published. */
  public static Tensor padded(Tensor picture) {
    return padded(picture, Padding.of(picture.dim(2)), Padding.of(picture.dim(3)));
  }

  private static Tensor padded(Tensor picture, Padding h, Padding w) {
    Tensor wide = Layout.replicate(picture, 3, w.before, w.after);
    return Layout.replicate(wide, 2, h.before, h.after);
  }
}
