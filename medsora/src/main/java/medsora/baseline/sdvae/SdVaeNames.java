package medsora.baseline.sdvae;

import engine.io.PermutedTensors;
import engine.io.RenamedTensors;
import engine.io.TensorSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The three sets of names under which the image autoencoder is published: those that diffusers
 * write now, which the modules here have; those that they wrote before, whose attention is {@code
 * query, key, value, proj_attn}; and those of the original code (CompVis), alone or as {@code
 * first_stage_model} of a whole model, which stores the attention's layers as 1x1 convolutions.
 */
public final class SdVaeNames {
  private static final Map<String, String> ATTENTION =
      Map.of(
          "query", "to_q",
          "key", "to_k",
          "value", "to_v",
          "proj_attn", "to_out.0",
          "norm", "group_norm",
          "q", "to_q",
          "k", "to_k",
          "v", "to_v",
          "proj_out", "to_out.0");

  private static final Pattern OLD =
      Pattern.compile(
          "((?:en|de)coder\\.mid_block\\.attentions\\.0\\.)(query|key|value|proj_attn)(\\..+)");

  private static final Pattern MIDDLE =
      Pattern.compile("((?:en|de)coder\\.)mid\\.(block_[12]|attn_1\\.\\w+)(\\..+)");
  private static final Pattern LEVEL =
      Pattern.compile(
          "(en|de)coder\\.(?:down|up)\\.(\\d{1,2})\\.(block|downsample|upsample)\\.(.+)");

  private static final String WHOLE_MODEL = "first_stage_model.";
  private static final String ORIGINAL = "encoder.down.0.block.0.conv1.weight";

  /** What stands beside the network in files of it: its loss, and a moving average's parts. */
  private static final List<String> LEFT_OUT = List.of("loss.", "model_ema.");

  /** Rank of a convolution's weight. */
  private static final int CONVOLUTION = 4;

  private SdVaeNames() {}

  /** The same weights under the present names; any others as they are. */
  public static TensorSource translated(TensorSource file) {
    if (file.contains(WHOLE_MODEL + ORIGINAL)) {
      return original(file, WHOLE_MODEL);
    }
    if (file.contains(ORIGINAL)) {
      return original(file, "");
    }
    Map<String, List<String>> names = new LinkedHashMap<>();
    boolean old = false;
    for (String there : file.names()) {
      Matcher m = OLD.matcher(there);
      old |= m.matches();
      names.put(
          m.matches() ? m.group(1) + ATTENTION.get(m.group(2)) + m.group(3) : there,
          List.of(there));
    }
    return old ? matrices(new RenamedTensors(file, names)) : file;
  }

  private static TensorSource original(TensorSource file, String prefix) {
    int levels = 0;
    while (file.contains(prefix + "encoder.down." + levels + ".block.0.conv1.weight")) {
      levels++;
    }
    Map<String, List<String>> names = new LinkedHashMap<>();
    for (String there : file.names()) {
      String plain = there.startsWith(prefix) ? there.substring(prefix.length()) : "";
      if (!plain.isEmpty() && LEFT_OUT.stream().noneMatch(plain::startsWith)) {
        names.put(present(plain, levels), List.of(there));
      }
    }
    return matrices(new RenamedTensors(file, names));
  }

  /** An original name as diffusers have it: levels of the decoder are counted from the deepest. */
  private static String present(String name, int levels) {
    Matcher middle = MIDDLE.matcher(name);
    if (middle.matches()) {
      String part = middle.group(2);
      String here =
          part.startsWith("block_")
              ? "resnets." + (part.charAt(part.length() - 1) - '1')
              : "attentions.0." + attention(part.substring(part.indexOf('.') + 1));
      return middle.group(1) + "mid_block." + here + middle.group(3);
    }
    Matcher level = LEVEL.matcher(name);
    if (!level.matches()) {
      return name.replace("coder.norm_out.", "coder.conv_norm_out.");
    }
    boolean down = level.group(1).equals("en");
    int number = Integer.parseInt(level.group(2));
    String blocks = down ? "down_blocks." + number : "up_blocks." + (levels - 1 - number);
    String part =
        switch (level.group(3)) {
          case "block" -> "resnets";
          case "downsample" -> "downsamplers.0";
          default -> "upsamplers.0";
        };
    String rest = level.group(4).replace("nin_shortcut", "conv_shortcut");
    return level.group(1) + "coder." + blocks + "." + part + "." + rest;
  }

  private static String attention(String part) {
    return ATTENTION.getOrDefault(part, part);
  }

  /** The attention's 1x1 convolutions [out, in, 1, 1] as matrices [out, in]. */
  private static TensorSource matrices(TensorSource file) {
    Map<String, List<Integer>> orders = new LinkedHashMap<>();
    for (String name : file.names()) {
      long[] shape = file.shape(name);
      boolean attention = name.contains("mid_block.attentions.0.to_");
      if (attention && shape.length == CONVOLUTION && shape[2] == 1 && shape[3] == 1) {
        orders.put(name, List.of(0, 1));
      }
    }
    return orders.isEmpty() ? file : new PermutedTensors(file, orders);
  }
}
