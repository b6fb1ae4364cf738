package medsora.dino;

import engine.io.RenamedTensors;
import engine.io.TensorSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that Hugging Face's transformers give a vision transformer ({@code
 * facebook/dino-vits16} and its likes), and those of DINO's code, which the modules here have.
 * Query, key and value, three tensors there, are one below the other in {@code qkv} here. Its
 * pooler and its classifier, which DINO has not, are left out.
 */
public final class HuggingFaceNames {
  private static final Map<String, String> NAMES =
      Map.of(
          "embeddings.cls_token", "cls_token",
          "embeddings.position_embeddings", "pos_embed",
          "embeddings.patch_embeddings.projection.weight", "patch_embed.proj.weight",
          "embeddings.patch_embeddings.projection.bias", "patch_embed.proj.bias",
          "layernorm.weight", "norm.weight",
          "layernorm.bias", "norm.bias");

  private static final Map<String, String> PARTS =
      Map.of(
          "layernorm_before", "norm1",
          "layernorm_after", "norm2",
          "attention.output.dense", "attn.proj",
          "intermediate.dense", "mlp.fc1",
          "output.dense", "mlp.fc2");

  private static final Pattern LAYER =
      Pattern.compile("encoder\\.layer\\.(\\d{1,4})\\.(.+)\\.(weight|bias)");

  private static final String PROJECTION = "attention.attention.";
  private static final List<String> PROJECTIONS = List.of("query", "key", "value");

  private static final List<String> LEFT_OUT = List.of("pooler.", "classifier.");

  /** Before all names of the network in a classifier. */
  private static final String NETWORK = "vit.";

  private HuggingFaceNames() {}

  /** The same weights under DINO's names; any others as they are. */
  public static TensorSource translated(TensorSource file) {
    String first = "embeddings.patch_embeddings.projection.weight";
    String prefix = file.contains(NETWORK + first) ? NETWORK : "";
    if (!file.contains(prefix + first)) {
      return file;
    }
    Map<String, List<String>> names = new LinkedHashMap<>();
    for (String there : file.names()) {
      String plain = there.startsWith(prefix) ? there.substring(prefix.length()) : there;
      if (LEFT_OUT.stream().noneMatch(plain::startsWith)) {
        add(names, file, prefix, plain, there);
      }
    }
    return new RenamedTensors(file, names);
  }

  private static void add(
      Map<String, List<String>> names,
      TensorSource file,
      String prefix,
      String plain,
      String there) {
    Matcher layer = LAYER.matcher(plain);
    if (!layer.matches()) {
      names.put(NAMES.getOrDefault(plain, there), List.of(there));
      return;
    }
    String block = "blocks." + layer.group(1) + ".";
    String part = layer.group(2);
    String kind = "." + layer.group(3);
    if (PARTS.containsKey(part)) {
      names.put(block + PARTS.get(part) + kind, List.of(there));
      return;
    }
    String before = prefix + "encoder.layer." + layer.group(1) + "." + PROJECTION;
    List<String> three = PROJECTIONS.stream().map(p -> before + p + kind).toList();
    if (three.contains(there) && three.stream().allMatch(file::contains)) {
      names.put(block + "attn.qkv" + kind, three);
    } else {
      names.put(there, List.of(there));
    }
  }
}
