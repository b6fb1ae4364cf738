package medsora.denoiser;

import engine.tensor.Tensor;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import nn.Mode;
import nn.Module;

/**
 * The parts of the denoiser by themselves, in evaluation mode, for those who study one or hold it
 * against other implementations. Each comes as a module, whose state dict has the released names,
 * and a function that runs it.
 */
public final class Parts {
  private Parts() {}

  /** A part with one input; the shapes of what it takes and gives stand where it is made. */
  public record Layer(Module module, UnaryOperator<Tensor> forward) {}

  /** What a whole block gives: its output and its state after the spatial part, [b, f*l, D]. */
  public record BlockOutput(Tensor output, Tensor spatial) {}

  /** A whole block as a function of tokens [b, f*l, D] and the embedded timestep [b, D]. */
  public record Block(Module module, BiFunction<Tensor, Tensor, BlockOutput> forward) {}

  /** Patch embedding: frames [N, C, H, W] to tokens [N, (H/p)(W/p), D]. */
  public static Layer patches(int channels, int hidden, int patch) {
    PatchEmbedding module = new PatchEmbedding(channels, hidden, patch);
    return new Layer(module, module::forward);
  }

  /** Timestep embedding: steps [b] to [b, D]. */
  public static Layer timesteps(int hidden) {
    TimestepEmbedding module = new TimestepEmbedding(hidden);
    return new Layer(module, t -> module.forward(t.toArray()));
  }

  /** Cosines, then sines, of the timestep embedding [b, 256]. */
  public static Tensor frequencies(float... steps) {
    return TimestepEmbedding.frequencies(steps);
  }

  /** The position table [1, grid^2, width]. */
  public static Tensor positions(int grid, int width) {
    return PositionTable.of(grid, width);
  }

  /** Temporal Mamba: sequences [s, f, D] to the same shape. */
  public static Layer temporalMamba(DenoiserConfig config) {
    TemporalMamba module = new TemporalMamba(config);
    return new Layer(module, module::forward);
  }

  /**
   * Spatial Mamba with given orders: tokens [b, f*h*w, D] to the same shape.
   *
   * @param forward order of the first direction, a permutation of the frames x grid indices
   * @param backward order of the second
   */
  public static Layer spatialMamba(DenoiserConfig config, int[] forward, int[] backward) {
    SpatialMamba module = new SpatialMamba(config, orders(config, forward, backward));
    return new Layer(module, module::forward);
  }

  /** A whole block with given orders of its spatial part. */
  public static Block block(DenoiserConfig config, int[] forward, int[] backward) {
    MambaBlock module = new MambaBlock(config, orders(config, forward, backward));
    return new Block(
        module,
        (x, c) -> {
          MambaBlock.Result result = module.forward(x, c, Mode.EVAL);
          return new BlockOutput(result.output(), result.spatial());
        });
  }

  private static ScanOrder orders(DenoiserConfig config, int[] forward, int[] backward) {
    int places = config.frames() * config.grid();
    return new ScanOrder(permutation(forward, places), permutation(backward, places));
  }

  private static int[] permutation(int[] order, int places) {
    boolean[] met = new boolean[places];
    for (int place : order) {
      if (order.length != places || place < 0 || place >= places || met[place]) {
        throw new IllegalArgumentException(
            "[scan order] wants a permutation of 0.."
                + (places - 1)
                + ", got "
                + order.length
                + " indices with "
                + place);
      }
      met[place] = true;
    }
    return order;
  }
}
