package tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Conv3dArgs;
import engine.kernel.Padding3;
import engine.kernel.SsdArgs;
import engine.kernel.Stride3;
import engine.op.attention.WindowSpec;
import java.util.List;
import medsora.config.Config;
import medsora.cost.Counted;
import nn.Module;
import org.junit.jupiter.api.Test;
import tools.inspect.PaperModel;

/** The formulas of work against what the operations themselves ask of the kernels. */
class WorkTest {
  /** A module without parameters. */
  private static final class Nothing extends Module {}

  /** What a row would run, on kernels that count; the forward pass before a gradient left out. */
  private static long counted(Operation operation, Operation forward) {
    long all = count(operation);
    return forward == null ? all : all - count(forward);
  }

  private static long count(Operation operation) {
    return Counted.multiplyAdds(
        new Nothing(), () -> assertTrue(operation.open(Counted::tensor).seconds() >= 0));
  }

  @Test
  void productsOfEveryRowAreCounted() {
    for (Row row : ProductRows.all()) {
      assertEquals(count(row.operation()), row.operation().work().amount(), row.name());
    }
  }

  @Test
  void convolutionsOfEveryRowAreCounted() {
    for (Row row : ConvolutionRows.all()) {
      Convolution c = (Convolution) row.operation();
      Convolution forward = new Convolution(Pass.FORWARD, c.args());
      assertEquals(
          counted(c, c.pass() == Pass.FORWARD ? null : forward),
          c.work().multiplyAdds(),
          row.name());
    }
  }

  @Test
  void convolutionsWithGroupsStridesAndPaddingAreCounted() {
    Conv3dArgs args =
        new Conv3dArgs(
            2, 4, 5, 7, 6, 6, 3, 2, 3, new Stride3(1, 2, 1), new Padding3(2, 0, 1, 0, 1, 1), 2);
    // 2 samples, 6 outputs of 5 x 4 x 6 positions, 2 inputs of 18 taps each.
    long expected = 2L * 6 * (5 * 4 * 6) * 2 * 18;
    assertEquals(expected, new Convolution(Pass.FORWARD, args).work().multiplyAdds());
    assertEquals(expected, count(new Convolution(Pass.FORWARD, args)));
    assertEquals(
        4 * ((2 * 4 * 5 * 7 * 6) + (6 * 2 * 18) + (2 * 6 * 5 * 4 * 6)),
        new Convolution(Pass.FORWARD, args).work().bytes());
  }

  /** The layers that a peer runs are those that ours counts. */
  @Test
  void metricNetworksAreTheirConvolutions() {
    for (FeatureRun.Network network : FeatureRun.Network.values()) {
      FeatureRun run = new FeatureRun(network);
      long sum = run.convolutions().stream().mapToLong(c -> c.work().multiplyAdds()).sum();
      assertEquals(run.work().multiplyAdds(), sum, network.name());
    }
    long i3d = new FeatureRun(FeatureRun.Network.I3D).work().multiplyAdds();
    assertEquals(27.8e9, (double) i3d, 0.05e9);
  }

  @Test
  void sequencesOfEveryRowAreCounted() {
    for (Row row : SequenceRows.all()) {
      Operation operation = row.operation();
      Operation forward =
          switch (operation) {
            case StateSpaceScan s -> before(s.pass(), new StateSpaceScan(Pass.FORWARD, s.args()));
            case CausalConvolution c ->
                before(
                    c.pass(),
                    new CausalConvolution(
                        Pass.FORWARD, c.batch(), c.length(), c.channels(), c.width(), c.taps()));
            case WindowAttention w ->
                before(
                    w.pass(),
                    new WindowAttention(Pass.FORWARD, w.batch(), w.length(), w.dim(), w.window()));
            default -> throw new AssertionError(operation);
          };
      assertEquals(counted(operation, forward), operation.work().multiplyAdds(), row.name());
    }
  }

  private static Operation before(Pass pass, Operation forward) {
    return pass == Pass.FORWARD ? null : forward;
  }

  /** One chunk of 3 steps and one of 2, by hand. */
  @Test
  void scanInChunks() {
    SsdArgs args = new SsdArgs(1, 5, 2, 4, 1, 3, 3, 0);
    long first = (6 * 3) + (6 * 8) + (3 * 3 * 8);
    long second = (3 * 3) + (3 * 8) + (2 * 3 * 8);
    assertEquals(first + second, new StateSpaceScan(Pass.FORWARD, args).work().multiplyAdds());
  }

  /** 5 tokens in a band of 1 on each side: 13 pairs. */
  @Test
  void attentionInABand() {
    WindowSpec.Sliding window = new WindowSpec.Sliding(2, 3);
    Work work = new WindowAttention(Pass.FORWARD, 7, 5, 4, window).work();
    assertEquals(2 * 13 * 7 * 2 * 4, work.multiplyAdds());
    assertEquals(4 * 4 * (7 * 5 * 8), work.bytes());
  }

  /** What {@code inspect} counts of MedSora-B, and a step of three times as much but for ends. */
  @Test
  void modelsAreCounted() {
    long forward = new DenoiserRun(12, false).work().multiplyAdds();
    long step = new DenoiserRun(12, true).work().multiplyAdds();
    assertEquals(3.0, (double) step / forward, 0.01);
    long encode = new VaeRun(false, 16).work().multiplyAdds();
    assertEquals(2 * encode, new VaeRun(false, 32).work().multiplyAdds());
  }

  /** Of its parameters one is for the prior alone, which a bare step has not. */
  @Test
  void endoraIsStepped() {
    DenoiserRun run = new DenoiserRun(Config.builtin("endora-tiny").denoiser(), true);
    assertTrue(run.open(new SeededTensors()).seconds() > 0);
    long video = new DenoiserRun(PaperModel.ENDORA_S.ofVideo(), false).work().multiplyAdds();
    long whole = new DenoiserRun(PaperModel.ENDORA_S.config(), false).work().multiplyAdds();
    assertTrue(video < whole && 1.5 * video > whole, "the images are a third of the frames");
  }

  @Test
  void bytesMoveOnce() {
    assertEquals(2 * 4 * 35, new Pointwise(Pointwise.Kind.EXP, Pass.FORWARD, 5, 7).work().bytes());
    assertEquals(3 * 4 * 35, new Pointwise(Pointwise.Kind.EXP, Pass.BACKWARD, 5, 7).work().bytes());
    assertEquals(3 * 4 * 35, new Pointwise(Pointwise.Kind.ADD, Pass.FORWARD, 5, 7).work().bytes());
    assertEquals(36 * 10, new OptimiserStep(10).work().bytes());
    for (Normalisation.Kind kind : List.of(Normalisation.Kind.values())) {
      long tensors = kind == Normalisation.Kind.RMS_NORM_GATED ? 3 : 2;
      Work work = new Normalisation(kind, Pass.FORWARD, 3, 32, 2).work();
      assertEquals(tensors * 4 * 3 * 32 * 2, work.bytes(), kind.name());
    }
  }
}
