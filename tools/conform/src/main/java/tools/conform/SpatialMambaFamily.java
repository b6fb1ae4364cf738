package tools.conform;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import java.io.IOException;
import java.util.Map;
import medsora.denoiser.DenoiserConfig;
import medsora.denoiser.Parts;

/** {@code spatial_mamba_*}: four scans over all frames along stored orders. */
final class SpatialMambaFamily implements Family {
  static final Limits LIMITS = Limits.noise(4e-6);

  @Override
  public void check(Check check) throws IOException {
    FixtureFile file = check.file();
    Shape y = file.shape("out.y", 5);
    UnfitException.unless(
        y.dim(2) == y.dim(3), "out.y=%s: the spiral lists are for square frames", y);
    ScanLists lists = ScanLists.of(check, y.dim(1), y.dim(2));
    DenoiserConfig config =
        MambaSizes.of(file, "param.")
            .network(file, MambaSizes.Frames.tokens(y.dim(1), y.dim(2)), 1, ScanLists.SWITCHES);
    Parts.Layer layer = Parts.spatialMamba(config, lists.forward(), lists.backward());
    ModuleCheck module = new ModuleCheck(check, layer.module());
    module.loadParameters();
    try (Tape tape = Tape.open()) {
      module.outputs(tape, Map.of("y", layer.forward().apply(module.input("u"))));
    }
  }
}
