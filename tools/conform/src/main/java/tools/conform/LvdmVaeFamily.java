package tools.conform;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.baseline.lvdm.LvdmVae;
import nn.Mode;

/**
 * {@code lvdm_vae_*}: LVDM's video autoencoder on a clip {@code in.x} and on latents {@code in.z},
 * with statistics of its stages.
 */
final class LvdmVaeFamily implements Family {
  static final Limits LIMITS = Limits.noise(4e-6);

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    LvdmVae vae = new LvdmVae(LvdmSizes.vae(file));
    ModuleCheck module = new ModuleCheck(check, vae);
    module.formulaParameters();
    List<Statistics> rows = new ArrayList<>();
    vae.watch((name, y) -> rows.add(Statistics.of(y.toArray())));
    boolean learning = file.names().stream().anyMatch(name -> name.startsWith("grad"));
    try (Tape tape = learning ? Tape.open() : Tape.noGrad()) {
      Map<String, Tensor> out = new LinkedHashMap<>();
      out.put("moments", vae.encodeMoments(module.input("x"), Mode.EVAL));
      out.put("decoded", vae.decode(module.input("z"), Mode.EVAL));
      if (file.contains("stats.stages")) {
        check.statistics("stats.stages", rows);
      }
      module.outputs(tape, out);
    }
  }
}
