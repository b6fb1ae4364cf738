package medsora.metric.network;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What published files call the weights of {@link Clip}. */
final class ClipNames {
  private static final String KNOWN = "class_embedding";
  private static final String VISUAL = "visual.";

  private static final Map<String, String> OUTSIDE =
      Map.of(
          "class_embedding", "vision_model.embeddings.class_embedding",
          "positional_embedding", "vision_model.embeddings.position_embedding.weight",
          "proj", "visual_projection.weight",
          "conv1.weight", "vision_model.embeddings.patch_embedding.weight");

  /** As published, the first spelling too. */
  private static final Map<String, String> NORMS =
      Map.of(
          "ln_pre", "vision_model.pre_layrnorm",
          "ln_post", "vision_model.post_layernorm");

  private static final Map<String, String> LAYERS =
      Map.of(
          "attn.out_proj", "self_attn.out_proj",
          "ln_1", "layer_norm1",
          "mlp.c_fc", "mlp.fc1",
          "mlp.c_proj", "mlp.fc2",
          "ln_2", "layer_norm2");

  /** What is beside the visual half in OpenAI's archive. */
  private static final Set<String> TEXT =
      Set.of(
          "positional_embedding",
          "text_projection",
          "logit_scale",
          "input_resolution",
          "context_length",
          "vocab_size");

  private ClipNames() {}

  /**
   * OpenAI's, the whole model or its visual half alone; Hugging Face's, which keeps query, key and
   * value apart and the projection transposed.
   */
  static List<Naming> all() {
    return List.of(
        Naming.renamed(KNOWN, VISUAL::concat, ClipNames::isText),
        new Naming(
            ClipNames::huggingFace,
            (entry, rank) -> entry.equals("proj") && rank == 2 ? List.of(1, 0) : List.of(),
            KNOWN,
            ClipNames::isUnused),
        Naming.own(KNOWN, name -> false));
  }

  private static boolean isText(String name) {
    return TEXT.contains(name)
        || name.startsWith("transformer.")
        || name.startsWith("token_embedding.")
        || name.startsWith("ln_final.");
  }

  private static boolean isUnused(String name) {
    return name.equals("logit_scale")
        || name.startsWith("text_model.")
        || name.startsWith("text_projection.")
        || name.endsWith(".position_ids");
  }

  private static List<String> huggingFace(String entry) {
    if (OUTSIDE.containsKey(entry)) {
      return List.of(OUTSIDE.get(entry));
    }
    int dot = entry.lastIndexOf('.');
    String layer = entry.substring(0, dot);
    String leaf = entry.substring(dot);
    if (NORMS.containsKey(layer)) {
      return List.of(NORMS.get(layer) + leaf);
    }
    String[] path = entry.split("\\.", 4);
    String block = "vision_model.encoder.layers." + path[2] + ".";
    if (path[3].startsWith("attn.in_proj_")) {
      String end = "_proj." + path[3].substring("attn.in_proj_".length());
      String attention = block + "self_attn.";
      return List.of(attention + "q" + end, attention + "k" + end, attention + "v" + end);
    }
    String inner = path[3].substring(0, path[3].lastIndexOf('.'));
    return List.of(block + LAYERS.get(inner) + leaf);
  }
}
