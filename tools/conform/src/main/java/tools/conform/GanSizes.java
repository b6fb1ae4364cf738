package tools.conform;

import engine.reference.Formula;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import medsora.baseline.mostganv.Words;
import medsora.baseline.mostganv.WordsConfig;
import medsora.baseline.styleganv.Generator;
import medsora.baseline.styleganv.GeneratorConfig;

/** The generators of the {@code styleganv_*} and {@code mostganv_*} files, by their metadata. */
final class GanSizes {
  private GanSizes() {}

  /** A generator with the file's weights; the form is that of layers with words. */
  static Generator generator(FixtureFile file, WordsConfig.Form form) {
    GeneratorConfig config = config(file);
    Generator generator =
        hasWords(file) ? Words.generator(config, words(file, config, form)) : new Generator(config);
    FormulaWeights.fill(generator, FormulaWeights.seed(file), GanSizes::range);
    return generator;
  }

  static boolean hasWords(FixtureFile file) {
    return file.metadata("motion_num").isPresent();
  }

  private static GeneratorConfig config(FixtureFile file) {
    GeneratorConfig.Motion motion =
        new GeneratorConfig.Motion(
            file.number("motion_z_dim"),
            file.number("motion_v_dim"),
            file.number("motion_z_distance"),
            file.number("kernel_size"),
            file.number("time_enc_dim"),
            file.number("min_period_len"),
            file.number("max_period_len"));
    List<Integer> channels = new ArrayList<>();
    int side = 4;
    for (String pair : file.metadata("channels").orElse("").split(",")) {
      String[] two = pair.trim().split(":");
      UnfitException.unless(
          two.length == 2 && two[0].equals(Integer.toString(side)) && two[1].matches("\\d{1,6}"),
          "metadata channels: '%s', wanted is %d:CHANNELS",
          pair,
          side);
      channels.add(Integer.parseInt(two[1]));
      side *= 2;
    }
    return new GeneratorConfig(
        file.number("z_dim"),
        file.number("w_dim"),
        file.number("mapping_layers"),
        motion,
        channels,
        (float) file.decimal("conv_clamp"));
  }

  /** The layer before the words is as wide as the words' number times the content code. */
  private static WordsConfig words(
      FixtureFile file, GeneratorConfig config, WordsConfig.Form form) {
    int count = file.number("motion_num");
    Set<Integer> sides = new HashSet<>();
    for (String side : file.metadata("mod_layers").orElse("").split(",")) {
      UnfitException.unless(side.trim().matches("\\d{1,6}"), "metadata mod_layers: '%s'", side);
      sides.add(Integer.parseInt(side.trim()));
    }
    return new WordsConfig(count, file.number("motion_dim"), count * config.w(), sides, form);
  }

  /** Weights are stored with another deviation than they are used with, so their ranges differ. */
  private static Formula.Range range(String name, long... shape) {
    String leaf = name.substring(name.lastIndexOf('.') + 1);
    boolean slow = name.startsWith("mapping.fc") || name.contains("motion_encoder.conv.");
    return switch (leaf) {
      case "freqs", "phase_scales", "resample_filter" -> null;
      case "w_avg" -> new Formula.Range(0, 0.5);
      case "bias" ->
          name.endsWith("affine.bias")
              ? new Formula.Range(1, 0.2)
              : new Formula.Range(0, slow ? 10 : 0.1);
      default -> new Formula.Range(0, slow ? 175 : 1.75);
    };
  }
}
