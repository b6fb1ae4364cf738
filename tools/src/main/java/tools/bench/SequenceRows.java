package tools.bench;

import engine.kernel.SsdArgs;
import engine.op.attention.WindowSpec;
import java.util.ArrayList;
import java.util.List;
import medsora.denoiser.DenoiserConfig;

/**
 * What MedSora-B does along sequences: the causal convolution and the scan of its two Mamba layers,
 * and local attention. Named by [sequences x length]; the long ones are those of longer clips and
 * larger frames.
 */
final class SequenceRows {
  private static final int LONG = 1536;
  private static final int LARGE = 4096;

  private final DenoiserConfig config;
  private final List<Row> rows = new ArrayList<>();

  private SequenceRows(DenoiserConfig config) {
    this.config = config;
  }

  static List<Row> all() {
    DenoiserConfig c = Models.denoiserConfig(12);
    SequenceRows made = new SequenceRows(c);
    made.addMamba(c.grid(), c.frames() * c.grid());
    made.addMamba(c.tokens(), c.frames());
    made.addMamba(1, LONG);
    made.addAttention(c.frames(), c.tokens());
    made.addAttention(c.frames(), LARGE);
    return made.rows;
  }

  private void addMamba(int sequences, int length) {
    int inner = config.innerWidth();
    int heads = inner / config.headDim();
    int channels = inner + (2 * config.stateSize());
    SsdArgs scan =
        new SsdArgs(
            sequences, length, heads, config.headDim(), 1, config.stateSize(), config.chunk(), 0);
    for (Pass pass : new Pass[] {Pass.FORWARD, Pass.BACKWARD}) {
      String shape = "-%dx%d%s".formatted(sequences, length, pass.suffix());
      rows.add(Row.of("ssd" + shape, Row.Family.SCAN, new StateSpaceScan(pass, scan)));
      rows.add(
          Row.of(
              "conv1d" + shape,
              Row.Family.SCAN,
              new CausalConvolution(
                  pass, sequences, length, channels, channels + heads, config.convWidth())));
    }
  }

  private void addAttention(int frames, int tokens) {
    int heads = config.switches().heads();
    WindowSpec.Sliding window = new WindowSpec.Sliding(heads, config.window());
    for (Pass pass : new Pass[] {Pass.FORWARD, Pass.BACKWARD}) {
      String name = "attention-%dx%d%s".formatted(frames, tokens, pass.suffix());
      rows.add(
          Row.of(
              name,
              Row.Family.SCAN,
              new WindowAttention(pass, frames, tokens, config.hidden() / heads, window)));
    }
  }
}
