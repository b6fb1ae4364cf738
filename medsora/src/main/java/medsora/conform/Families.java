package medsora.conform;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which family checks a file, by the beginning of its name. */
final class Families {
  /** A kind of file: how it is checked, or why it is not. */
  sealed interface Kind {
    /** Checked. */
    record Checked(Family family, Limits limits) implements Kind {}

    /** Passed over. */
    record Skipped(String reason) implements Kind {}
  }

  private static final Map<String, Kind> KINDS = kinds();

  private Families() {}

  private static Map<String, Kind> kinds() {
    Map<String, Kind> k = new LinkedHashMap<>();
    k.put("embed", new Kind.Checked(new EmbedFamily(), EmbedFamily.LIMITS));
    k.put(
        "local_attention_",
        new Kind.Checked(new LocalAttentionFamily(), LocalAttentionFamily.LIMITS));
    k.put("ssd_scan", new Kind.Checked(new SsdScanFamily(), SsdScanFamily.LIMITS));
    k.put(
        "causal_conv1d_silu",
        new Kind.Checked(new CausalConv1dFamily(), CausalConv1dFamily.LIMITS));
    k.put("rmsnorm_gated", new Kind.Checked(new RmsNormFamily(), RmsNormFamily.LIMITS));
    k.put(
        "temporal_mamba", new Kind.Checked(new TemporalMambaFamily(), TemporalMambaFamily.LIMITS));
    k.put("spatial_mamba_", new Kind.Checked(new SpatialMambaFamily(), SpatialMambaFamily.LIMITS));
    k.put("mamba_block", new Kind.Checked(new MambaBlockFamily(), MambaBlockFamily.LIMITS));
    Kind network = new Kind.Checked(new NetworkFamily(), NetworkFamily.LIMITS);
    k.put("medsora_small", network);
    k.put("medsora_deep_formula", network);
    k.put("medsora_full_formula", network);
    k.put("spiral", new Kind.Checked(new SpiralFamily(), SpiralFamily.LIMITS));
    k.put("diffusion_schedule", new Kind.Checked(new ScheduleFamily(), ScheduleFamily.LIMITS));
    k.put("sampling_toy", new Kind.Checked(new SamplingFamily(), SamplingFamily.LIMITS));
    k.put("noise_loss", new Kind.Checked(new NoiseLossFamily(), NoiseLossFamily.LIMITS));
    k.put(
        "frame_sampling", new Kind.Checked(new FrameSamplingFamily(), FrameSamplingFamily.LIMITS));
    k.put(
        "video_transform",
        new Kind.Checked(new VideoTransformFamily(), VideoTransformFamily.LIMITS));
    k.put(
        "focal_frequency_loss",
        new Kind.Checked(new FocalFrequencyFamily(), FocalFrequencyFamily.LIMITS));
    k.put(
        "optimizer_adamw_clip_ema",
        new Kind.Checked(new OptimiserFamily(), OptimiserFamily.LIMITS));
    k.put("vae_small_eval", new Kind.Checked(new VaeEvalFamily(), VaeEvalFamily.LIMITS));
    k.put("vae_small_train", new Kind.Checked(new VaeTrainFamily(), VaeTrainFamily.LIMITS));
    k.put("vae_full_formula", new Kind.Checked(new VaeFormulaFamily(), VaeFormulaFamily.LIMITS));
    k.put("raft_ops", new Kind.Checked(new RaftOpsFamily(), RaftOpsFamily.LIMITS));
    k.put("raft_", new Kind.Checked(new RaftFamily(), RaftFamily.LIMITS));
    k.put("flow_to_image", new Kind.Checked(new FlowColoursFamily(), FlowColoursFamily.LIMITS));
    k.put("dino_", new Kind.Checked(new DinoFamily(), DinoFamily.LIMITS));
    k.put("align_", new Kind.Checked(new AlignFamily(), AlignFamily.LIMITS));
    k.put("lpips_", new Kind.Checked(new LpipsFamily(), LpipsFamily.LIMITS));
    return k;
  }

  /** The kind of a file; empty for a name that is none of the fixtures'. */
  static Optional<Kind> of(String fileName) {
    int dot = fileName.lastIndexOf('.');
    String stem = dot < 0 ? fileName : fileName.substring(0, dot);
    return KINDS.entrySet().stream()
        .filter(e -> named(stem, e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** A key is a whole name, or the first words of one: "embed" is not that of "embeddings". */
  private static boolean named(String stem, String key) {
    boolean words = key.endsWith("_") || stem.length() == key.length();
    return stem.startsWith(key) && (words || stem.charAt(key.length()) == '_');
  }
}
