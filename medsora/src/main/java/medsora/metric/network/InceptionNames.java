package medsora.metric.network;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What published files call the weights of {@link Inception}. */
final class InceptionNames {
  private static final String KNOWN = "Conv2d_1a_3x3.conv.weight";

  private static final List<String> STEM =
      List.of("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3");

  private static final List<String> BLOCKS =
      List.of("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c");

  private static final Map<String, String> LEAVES =
      Map.of(
          "conv.weight", "weight",
          "bn.weight", "gamma",
          "bn.bias", "beta",
          "bn.running_mean", "mean",
          "bn.running_var", "var");

  private static final Map<String, String> ARCHIVE = archive();

  private InceptionNames() {}

  /** torchvision's and pytorch-fid's, which are ours; those of NVIDIA's archive. */
  static List<Naming> all() {
    return List.of(
        Naming.own(KNOWN, name -> name.startsWith("AuxLogits.")),
        Naming.renamed(KNOWN, InceptionNames::archived, name -> false));
  }

  private static String archived(String entry) {
    if (entry.startsWith("fc.")) {
      return entry.replace("fc.", "output.");
    }
    int unit = entry.lastIndexOf('.', entry.lastIndexOf('.') - 1);
    String leaf = entry.substring(unit + 1);
    return ARCHIVE.get(entry.substring(0, unit)) + "." + LEAVES.getOrDefault(leaf, leaf);
  }

  private static Map<String, String> archive() {
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < STEM.size(); i++) {
      names.put(STEM.get(i), "layers.conv" + counted(i));
    }
    for (int i = 0; i < BLOCKS.size(); i++) {
      String block = BLOCKS.get(i);
      Block b = new Block(names, "Mixed_" + block + ".", "layers.mixed" + counted(i) + ".");
      switch (block) {
        case "5b", "5c", "5d" -> {
          b.put("branch1x1", "conv");
          b.tower("tower", "branch5x5", 2);
          b.tower("tower_1", "branch3x3dbl", 3);
          b.put("branch_pool", "tower_2.conv");
        }
        case "6a" -> {
          b.put("branch3x3", "conv");
          b.tower("tower", "branch3x3dbl", 3);
        }
        case "7a" -> {
          b.tower("tower", "branch3x3", 2);
          b.tower("tower_1", "branch7x7x3", 4);
        }
        case "7b", "7c" -> b.flat();
        default -> {
          b.put("branch1x1", "conv");
          b.tower("tower", "branch7x7", 3);
          b.tower("tower_1", "branch7x7dbl", 5);
          b.put("branch_pool", "tower_2.conv");
        }
      }
    }
    return names;
  }

  /** The first of several names has no number, the second is _1. */
  private static String counted(int i) {
    return i == 0 ? "" : "_" + i;
  }

  private record Block(Map<String, String> names, String ours, String theirs) {
    void put(String unit, String name) {
      names.put(ours + unit, theirs + name);
    }

    void tower(String tower, String branch, int units) {
      for (int i = 0; i < units; i++) {
        put(branch + "_" + (i + 1), tower + ".conv" + counted(i));
      }
    }

    void flat() {
      put("branch1x1", "conv");
      put("branch3x3_1", "tower_conv");
      put("branch3x3_2a", "tower_mixed_conv");
      put("branch3x3_2b", "tower_mixed_conv_1");
      put("branch3x3dbl_1", "tower_1_conv");
      put("branch3x3dbl_2", "tower_1_conv_1");
      put("branch3x3dbl_3a", "tower_1_mixed_conv");
      put("branch3x3dbl_3b", "tower_1_mixed_conv_1");
      put("branch_pool", "tower_2_conv");
    }
  }
}
