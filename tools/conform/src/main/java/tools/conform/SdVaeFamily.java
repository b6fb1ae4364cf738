package tools.conform;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.baseline.sdvae.SdVae;
import medsora.baseline.sdvae.SdVaeConfig;
import medsora.vae.Moments;

/**
 * {@code sdvae_small_formula} and {@code sdvae_full_formula}: the image autoencoder's moments of
 * {@code in.x} and pictures of {@code in.z}, statistics of its stages, and gradients.
 */
final class SdVaeFamily implements Family {
  static final Limits SMALL = Limits.noise(1.1e-5);
  static final Limits FULL = Limits.noise(2.7e-6);

  private static final String WIDTHS = "\\(\\d{1,5}(, \\d{1,5})*,?\\)";

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    SdVaeConfig config = config(file);
    SdVae vae = new SdVae(config);
    ModuleCheck module = new ModuleCheck(check, vae);
    module.formulaParameters();
    StageStatistics stages = new StageStatistics();
    vae.watch(stages);
    boolean gradients = file.names().stream().anyMatch(n -> n.startsWith("grad"));
    try (Tape tape = gradients ? Tape.open() : Tape.noGrad()) {
      Map<String, Tensor> out = new LinkedHashMap<>();
      Tensor moments = vae.moments(module.input("x"));
      out.put("moments", moments);
      out.put("logvar_clamped", Moments.of(moments).logVariance());
      out.put("decoded", vae.pictures(module.input("z")));
      stages.compare(check);
      module.outputs(tape, out);
    }
  }

  private static SdVaeConfig config(FixtureFile file) {
    String said = file.metadata("block_out_channels").orElse("");
    UnfitException.unless(said.matches(WIDTHS), "metadata block_out_channels='%s'", said);
    List<Integer> widths =
        Arrays.stream(said.replaceAll("[() ]", "").split(",")).map(Integer::valueOf).toList();
    try {
      return new SdVaeConfig(
          widths, file.number("layers_per_block"), file.number("latent"), file.number("groups"));
    } catch (IllegalArgumentException e) {
      throw new UnfitException(e.getMessage());
    }
  }
}
