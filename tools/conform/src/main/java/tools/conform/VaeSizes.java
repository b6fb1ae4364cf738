package tools.conform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.config.Config;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;

/** The configuration of an autoencoder as a file tells it. */
final class VaeSizes {
  private static final String DOWN = "param.encoder.down_blocks.";

  private VaeSizes() {}

  /** From the shapes of stored parameters; groups from the metadata, for no shape shows them. */
  static VaeConfig ofParameters(FixtureFile file) {
    List<Integer> widths = new ArrayList<>();
    while (file.contains(DOWN + widths.size() + ".resnets.0.conv1.conv.weight")) {
      String first = DOWN + widths.size() + ".resnets.0.conv1.conv.weight";
      widths.add(file.shape(first, 5).dim(0));
    }
    UnfitException.unless(!widths.isEmpty(), "no %s0.resnets.0.conv1.conv.weight", DOWN);
    int layers = 0;
    while (file.contains(DOWN + "0.resnets." + layers + ".conv1.conv.weight")) {
      layers++;
    }
    int latent = file.shape("param.decoder.conv_in.conv.weight", 5).dim(1);
    boolean plain = file.namesUnder("param.").stream().noneMatch(Vae::isCompensation);
    return new VaeConfig(
        widths,
        layers,
        latent,
        file.number("groups", released().groups()),
        plain ? VaeConfig.Compensation.NONE : VaeConfig.Compensation.RELEASED,
        0f);
  }

  /** From the metadata, and the full size where they say nothing. */
  static VaeConfig ofMetadata(FixtureFile file) {
    VaeConfig full = released();
    return new VaeConfig(
        file.metadata("block_out_channels").map(VaeSizes::widths).orElse(full.widths()),
        file.number("layers_per_block", full.layers()),
        file.number("latent", full.latentChannels()),
        file.number("groups", full.groups()),
        VaeConfig.Compensation.RELEASED,
        0f);
  }

  private static VaeConfig released() {
    return VaeConfig.of(Config.builtin("medsora-b").vae()).with(VaeConfig.Compensation.RELEASED);
  }

  /** A Python tuple or list of whole numbers. */
  private static List<Integer> widths(String text) {
    try {
      return Arrays.stream(text.replaceAll("[()\\[\\]\\s]", "").split(","))
          .map(Integer::valueOf)
          .toList();
    } catch (NumberFormatException e) {
      throw new UnfitException("metadata block_out_channels='" + text + "'");
    }
  }
}
