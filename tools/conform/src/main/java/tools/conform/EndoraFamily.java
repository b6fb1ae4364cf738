package tools.conform;

import static engine.op.layout.Layout.permute;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.baseline.endora.Endora;
import medsora.baseline.endora.EndoraConfig;
import nn.Mode;

/**
 * {@code endora_small_*} and {@code endora_B_*}: Endora's whole network, with the outputs of its
 * blocks and the gradients of every parameter where the file has them.
 */
final class EndoraFamily implements Family {
  /** All depends on t, whose frequencies are float32 in the released code. */
  static final Limits LIMITS = name -> 5e-4;

  private static final Pattern SUB =
      Pattern.compile("block(\\d+)_sub \\[::(\\d+),::(\\d+),::(\\d+)]");

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    EndoraConfig config = EndoraSizes.of(file, "in.x");
    Endora network = new Endora(config);
    ModuleCheck module = new ModuleCheck(check, network);
    module.formulaParameters();
    boolean gradients = file.names().stream().anyMatch(n -> n.startsWith("grad"));
    try (Tape tape = gradients ? Tape.open() : Tape.noGrad()) {
      Endora.Output y = network.forward(module.input("x"), file.steps("in.t"), Mode.EVAL);
      List<Tensor> blocks = blocks(config, y);
      Map<String, Tensor> out = new LinkedHashMap<>();
      out.put("y", y.prediction());
      for (int i = 0; i < blocks.size(); i++) {
        out.put("block" + i, blocks.get(i));
      }
      parts(file, blocks, out);
      if (file.contains("stats.blocks")) {
        check.statistics(
            "stats.blocks", blocks.stream().map(b -> Statistics.of(b.toArray())).toList());
      }
      module.outputs(tape, out);
    }
  }

  /** As the file has them: [(b f), l, D] in space, [(b l), n, D] of the video in time. */
  private static List<Tensor> blocks(EndoraConfig config, Endora.Output y) {
    List<Tensor> blocks = new ArrayList<>();
    int tokens = config.tokens();
    int width = config.hidden();
    int video = config.videoFrames();
    for (int i = 0; i < y.spatial().size(); i++) {
      Tensor spatial = y.spatial().get(i);
      int b = spatial.dim(0);
      blocks.add(reshape(spatial, b * config.frames(), tokens, width));
      Tensor pair = slice(y.pairs().get(i), 1, 0, video * tokens);
      Tensor places = permute(reshape(pair, b, video, tokens, width), 0, 2, 1, 3);
      blocks.add(reshape(places, b * tokens, video, width));
    }
    return blocks;
  }

  /** Every so many rows, tokens and channels of some blocks, as the metadata say. */
  private static void parts(FixtureFile file, List<Tensor> blocks, Map<String, Tensor> out) {
    Matcher m = SUB.matcher(file.metadata("sub").orElse(""));
    while (m.find()) {
      int i = Integer.parseInt(m.group(1));
      UnfitException.unless(i < blocks.size(), "the network has no block %d", i);
      Tensor part = blocks.get(i);
      for (int axis = 0; axis < 3; axis++) {
        part = Sub.every(part, axis, Integer.parseInt(m.group(2 + axis)));
      }
      out.put("block" + i + "_sub", part);
    }
  }
}
