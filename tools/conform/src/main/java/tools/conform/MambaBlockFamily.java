package tools.conform;

import static engine.op.layout.Layout.reshape;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.denoiser.DenoiserConfig;
import medsora.denoiser.Parts;

/** {@code mamba_block}: a whole block on x [b, frames, tokens, D] and c [b, D]. */
final class MambaBlockFamily implements Family {
  static final Limits LIMITS = Limits.noise(7e-5);

  @Override
  public void check(Check check) throws IOException {
    FixtureFile file = check.file();
    Shape x = file.shape("in.x", 4);
    int grid = (int) Math.round(Math.sqrt(x.dim(2)));
    UnfitException.unless(grid * grid == x.dim(2), "in.x=%s: frames are not square", x);
    ScanLists lists = ScanLists.of(check, x.dim(1), grid);
    DenoiserConfig config =
        MambaSizes.of(file, "param.mamba_hw.")
            .network(
                file, MambaSizes.Frames.tokens(x.dim(1), grid), 1, MambaSizes.RELEASED.switches());
    Parts.Block block = Parts.block(config, lists.forward(), lists.backward());
    ModuleCheck module = new ModuleCheck(check, block.module());
    module.loadParameters();
    try (Tape tape = Tape.open()) {
      Tensor tokens = reshape(module.input("x"), x.dim(0), x.dim(1) * x.dim(2), x.dim(3));
      Parts.BlockOutput y = block.forward().apply(tokens, module.input("c"));
      Map<String, Tensor> out = new LinkedHashMap<>();
      out.put("x", y.output());
      out.put("local_x", y.spatial());
      module.outputs(tape, out);
    }
  }
}
