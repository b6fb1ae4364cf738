package nn.layer;

/** What the projections of an attention layer are called in a state dict. */
public sealed interface AttentionNames {
  /** PyTorch's nn.MultiheadAttention, and OpenAI's CLIP. */
  AttentionNames TORCH = new Fused("in_proj_weight", "in_proj_bias", "out_proj");

  /** The vision transformers of timm and DINO. */
  AttentionNames TIMM = new Fused("qkv.weight", "qkv.bias", "proj");

  /** BEiT's and VideoMAE's: one matrix, biases for query and value alone. */
  AttentionNames BEIT = new KeyUnbiased("qkv.weight", "q_bias", "v_bias", "proj");

  /** The transformers library: q_proj, k_proj, v_proj, out_proj. */
  AttentionNames TRANSFORMERS = new Separate("q_proj", "k_proj", "v_proj", "out_proj");

  /** The cross attention of latent diffusion: to_q, to_k, to_v, to_out.0. */
  AttentionNames LATENT_DIFFUSION = new Separate("to_q", "to_k", "to_v", "to_out.0");

  /** The layer that follows the heads. */
  String output();

  /**
   * Query, key and value by one matrix, one below the other.
   *
   * @param weight full name of the weight [3 heads d, width]
   * @param bias full name of the bias [3 heads d]
   */
  record Fused(String weight, String bias, String output) implements AttentionNames {}

  /**
   * The same with a bias [heads d] for query and one for value; the key has none.
   *
   * @param query full name of the query's bias
   * @param value full name of the value's
   */
  record KeyUnbiased(String weight, String query, String value, String output)
      implements AttentionNames {}

  /** A layer each. */
  record Separate(String query, String key, String value, String output)
      implements AttentionNames {}
}
