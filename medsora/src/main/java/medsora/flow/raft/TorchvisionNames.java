package medsora.flow.raft;

import engine.io.RenamedTensors;
import engine.io.TensorSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that torchvision gives RAFT's weights ({@code raft_large}, {@code raft_small}), and
 * those of the authors' code, which the modules here have. The networks are the same; torchvision
 * converted the authors' weights.
 */
public final class TorchvisionNames {
  /** Beginnings of names, there and here; the first that fits is taken. */
  private static final Map<String, String> BEGINNINGS = beginnings();

  /** A convolution with its norm: {@code convnormrelu2.0} is conv2, {@code .1} is norm2. */
  private static final Pattern UNIT =
      Pattern.compile("(.*)\\.convnormrelu(\\d?)\\.([01])\\.(\\w+)");

  private static final String SHORTCUT_NORM = ".downsample.1.";

  private TorchvisionNames() {}

  private static Map<String, String> beginnings() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("feature_encoder.conv.", "fnet.conv2.");
    all.put("context_encoder.conv.", "cnet.conv2.");
    all.put("feature_encoder.", "fnet.");
    all.put("context_encoder.", "cnet.");
    String motion = "update_block.motion_encoder.";
    all.put(motion + "convcorr1.0.", "update_block.encoder.convc1.");
    all.put(motion + "convcorr2.0.", "update_block.encoder.convc2.");
    all.put(motion + "convflow1.0.", "update_block.encoder.convf1.");
    all.put(motion + "convflow2.0.", "update_block.encoder.convf2.");
    all.put(motion + "conv.0.", "update_block.encoder.conv.");
    all.put("update_block.flow_head.", "update_block.flow_head.");
    all.put("mask_predictor.convrelu.0.", "update_block.mask.0.");
    all.put("mask_predictor.conv.", "update_block.mask.2.");
    return all;
  }

  /** The same weights under the authors' names; any others as they are. */
  public static TensorSource translated(TensorSource file) {
    if (!file.contains("feature_encoder.conv.weight")) {
      return file;
    }
    boolean basic = file.contains("mask_predictor.conv.weight");
    Map<String, List<String>> names = new LinkedHashMap<>();
    for (String there : file.names()) {
      String here = name(there, basic);
      names.put(here, List.of(there));
      int norm = here.indexOf(SHORTCUT_NORM);
      if (norm >= 0) {
        // The authors' code has this norm under two names.
        names.put(
            here.substring(0, norm) + ".norm3." + here.substring(norm + SHORTCUT_NORM.length()),
            List.of(there));
      }
    }
    return new RenamedTensors(file, names);
  }

  /**
   * The authors' name; a name that torchvision does not have stays as it is.
   *
   * @param basic whether there are two recurrent units, which are numbered then
   */
  static String name(String there, boolean basic) {
    String unit = "update_block.recurrent_block.convgru";
    if (there.startsWith(unit)) {
      // convgru1.convz.weight is gru.convz1.weight of the basic network, gru.convz.weight of the
      // small one.
      String[] parts = there.substring(unit.length()).split("\\.", 3);
      return parts.length == 3
          ? "update_block.gru." + parts[1] + (basic ? parts[0] : "") + "." + parts[2]
          : there;
    }
    for (Map.Entry<String, String> e : BEGINNINGS.entrySet()) {
      if (there.startsWith(e.getKey())) {
        return unit(e.getValue() + there.substring(e.getKey().length()));
      }
    }
    return there;
  }

  private static String unit(String name) {
    Matcher m = UNIT.matcher(name);
    if (!m.matches()) {
      return name;
    }
    // The first unit of an encoder has no number.
    String number = m.group(2).isEmpty() ? "1" : m.group(2);
    return m.group(1) + (m.group(3).equals("0") ? ".conv" : ".norm") + number + "." + m.group(4);
  }
}
