package medsora.metric.network;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What published files call the weights of {@link I3d}. */
final class I3dNames {
  private static final String KNOWN = "Conv3d_1a_7x7.conv3d.weight";

  private static final Map<String, String> HASSONY =
      Map.of(
          "b0", "branch_0",
          "b1a", "branch_1.0",
          "b1b", "branch_1.1",
          "b2a", "branch_2.0",
          "b2b", "branch_2.1",
          "b3b", "branch_3.1");

  private static final Map<String, String> TENSORFLOW =
      Map.of(
          "b0", "Branch_0/Conv3d_0a_1x1",
          "b1a", "Branch_1/Conv3d_0a_1x1",
          "b1b", "Branch_1/Conv3d_0b_3x3",
          "b2a", "Branch_2/Conv3d_0a_1x1",
          "b2b", "Branch_2/Conv3d_0b_3x3",
          "b3b", "Branch_3/Conv3d_0b_1x1");

  private static final Map<String, String> TENSORFLOW_LEAVES =
      Map.of(
          "conv3d.weight", "conv_3d/w",
          "conv3d.bias", "conv_3d/b",
          "bn.weight", "batch_norm/gamma",
          "bn.bias", "batch_norm/beta",
          "bn.running_mean", "batch_norm/moving_mean",
          "bn.running_var", "batch_norm/moving_variance");

  private I3dNames() {}

  /** piergiaj's, which are ours; hassony2's; TensorFlow's, whose kernels are [t,h,w,in,out]. */
  static List<Naming> all() {
    return List.of(
        Naming.own(KNOWN, name -> false),
        Naming.renamed(KNOWN, I3dNames::hassony, name -> false),
        new Naming(
            entry -> List.of(tensorFlow(entry)), I3dNames::tensorFlowAxes, KNOWN, name -> false));
  }

  private static String hassony(String entry) {
    if (entry.startsWith("logits.")) {
      return entry.replace("logits.", "conv3d_0c_1x1.");
    }
    String[] path = entry.split("\\.");
    String leaf = path[path.length - 2].replace("bn", "batch3d") + "." + path[path.length - 1];
    String unit = path[0].toLowerCase(Locale.ROOT);
    return unit + (path.length == 4 ? "." + HASSONY.get(path[1]) : "") + "." + leaf;
  }

  private static String tensorFlow(String entry) {
    String[] path = entry.split("\\.");
    String ours = path[path.length - 2] + "." + path[path.length - 1];
    String leaf = TENSORFLOW_LEAVES.getOrDefault(ours, ours);
    String unit = path[0].equals("logits") ? "Logits/Conv3d_0c_1x1" : path[0];
    String branch = path.length == 4 ? "/" + TENSORFLOW.get(path[1]) : "";
    if (unit.equals("Mixed_5b") && path[1].equals("b2b")) {
      // So it is called in the published graph.
      branch = "/Branch_2/Conv3d_0a_3x3";
    }
    return "RGB/inception_i3d/" + unit + branch + "/" + leaf;
  }

  private static List<Integer> tensorFlowAxes(String entry, int rank) {
    if (rank != 5) {
      return List.of();
    }
    return entry.endsWith("conv3d.weight") ? List.of(4, 3, 0, 1, 2) : List.of(4);
  }
}
