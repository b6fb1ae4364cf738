package tools.explore;

import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.tensor.Tensor;
import medsora.denoiser.DenoiserConfig;

/**
 * The shapes inside a block of the denoiser, for its diagram: those of what the first block's
 * pieces gave.
 */
record BlockShapes(Subject subject) {
  private static final int BLOCK = 0;

  void write(ObjectNode facts) {
    DenoiserConfig config = subject.denoiser().config();
    facts.put("count", config.depth()).put("heads", config.innerWidth() / config.headDim());
    facts.put("state", config.stateSize()).put("frames", config.frames());
    facts.put("frameTokens", config.tokens()).put("attentionHeads", config.switches().heads());
    facts.put("trueSpiral", config.switches().trueSpiral());
    facts.put("window", config.window());
    shape("tokens", subject.piece("tokens"), facts);
    shape("step", subject.piece("step"), facts);
    shape("modulation", subject.piece(BLOCK, "modulation"), facts);
    shape("rows", subject.piece(BLOCK, "mamba_hw.rows"), facts);
    shape("scanned", subject.piece(BLOCK, "mamba_hw.y"), facts);
    shape("fused", subject.piece(BLOCK, "mamba_hw.out"), facts);
    shape("temporalScanned", subject.piece(BLOCK, "mamba_f.y"), facts);
    shape("out", subject.piece(BLOCK, "out"), facts);
  }

  private static void shape(String name, Tensor x, ObjectNode facts) {
    for (int n : x.shape().dims()) {
      facts.withArray(name).add(n);
    }
  }
}
