package tools.conform;

import engine.autodiff.Tape;
import java.io.IOException;
import java.util.Map;
import medsora.denoiser.DenoiserConfig;
import medsora.denoiser.Parts;

/** {@code temporal_mamba}: one causal scan over sequences of frames. */
final class TemporalMambaFamily implements Family {
  static final Limits LIMITS = Limits.noise(5e-7);

  @Override
  public void check(Check check) throws IOException {
    FixtureFile file = check.file();
    int frames = file.shape("in.u", 3).dim(1);
    DenoiserConfig config =
        MambaSizes.of(file, "param.")
            .network(file, MambaSizes.Frames.tokens(frames, 1), 1, ScanLists.SWITCHES);
    Parts.Layer layer = Parts.temporalMamba(config);
    ModuleCheck module = new ModuleCheck(check, layer.module());
    module.loadParameters();
    try (Tape tape = Tape.open()) {
      module.outputs(tape, Map.of("y", layer.forward().apply(module.input("u"))));
    }
  }
}
