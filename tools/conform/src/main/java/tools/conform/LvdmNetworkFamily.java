package tools.conform;

import static engine.op.layout.Layout.permute;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.baseline.lvdm.LvdmDenoiser;
import medsora.baseline.lvdm.LvdmProcess;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.StepFrequencies;
import nn.Mode;

/**
 * {@code lvdm_unet_*}: LVDM's denoiser with what its stages give, and {@code lvdm_train_step}: the
 * loss of noised latents. Tensors of the files are [b, C, T, H, W], those of the network [b, T, C,
 * H, W].
 */
final class LvdmNetworkFamily implements Family {
  /** All depends on t, whose frequencies are float32 in the released code. */
  static final Limits LIMITS = name -> 5e-4;

  private static final String START = "in.x_start";

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    boolean step = file.contains(START);
    Shape x = file.shape(step ? START : "in.x", 5);
    LvdmDenoiser network = new LvdmDenoiser(LvdmSizes.denoiser(file, x));
    ModuleCheck module = new ModuleCheck(check, network);
    module.formulaParameters();
    if (step) {
      trainStep(check, network, module);
    } else {
      network(check, network, module);
    }
  }

  /** [b, C, T, H, W] -> [b, T, C, H, W], and back. */
  private static Tensor turned(Tensor x) {
    return permute(x, 0, 2, 1, 3, 4);
  }

  private static Tensor run(LvdmDenoiser network, Tensor x, float... t) {
    return turned(network.forward(turned(x), t, Mode.EVAL).prediction());
  }

  private static void network(Check check, LvdmDenoiser network, ModuleCheck module) {
    FixtureFile file = check.file();
    float[] t = file.steps("in.t");
    List<Statistics> rows = new ArrayList<>();
    Map<String, Tensor> out = new LinkedHashMap<>();
    network.watch((name, y) -> {
      if (name.equals("emb")) {
        out.put(name, y);
      } else {
        rows.add(Statistics.of(y.toArray()));
        String held = "out." + name + "_sub";
        if (file.contains(held)) {
          out.put(name + "_sub", Sub.like(file.shape(held), y));
        }
      }
    });
    if (file.contains("out.t_freq")) {
      check.floats("out.t_freq", StepFrequencies.of(network.config().width(), t));
    }
    try (Tape tape = Tape.open()) {
      out.put("y", run(network, module.input("x"), t));
      if (file.contains("stats.blocks")) {
        check.statistics("stats.blocks", rows);
      }
      module.outputs(tape, out);
    }
  }

  private static void trainStep(Check check, LvdmDenoiser network, ModuleCheck module) {
    FixtureFile file = check.file();
    int[] t = file.ints("in.t");
    NoiseLoss loss = new NoiseLoss(LvdmProcess.PRACTICE.schedule(), LvdmProcess.PRACTICE.error());
    Tensor start = file.tensor(START);
    Tensor noise = file.tensor("in.noise");
    try (Tape tape = Tape.open()) {
      Tensor noised = loss.noised(start, noise, t);
      check.floats("out.x_noisy", noised);
      Tensor y = run(network, noised, file.steps("in.t"));
      check.floats("out.y", y);
      NoiseLoss.Terms terms = loss.terms(turned(y), turned(start), turned(noise), t);
      check.floats("out.loss_per_sample", terms.mse());
      check.floats("out.loss", terms.total());
      module.gradients(tape.backward(terms.total()));
    }
  }
}
