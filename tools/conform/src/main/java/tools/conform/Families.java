package tools.conform;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which family checks a file, by the beginning of its name. */
final class Families {
  /** How a kind of file is checked. */
  record Kind(Family family, Limits limits) {}

  private static final Map<String, Kind> KINDS = kinds();

  private Families() {}

  private static Map<String, Kind> kinds() {
    Map<String, Kind> k = new LinkedHashMap<>();
    k.put("embed", new Kind(new EmbedFamily(), EmbedFamily.LIMITS));
    k.put("local_attention_", new Kind(new LocalAttentionFamily(), LocalAttentionFamily.LIMITS));
    k.put("ssd_scan", new Kind(new SsdScanFamily(), SsdScanFamily.LIMITS));
    k.put("causal_conv1d_silu", new Kind(new CausalConv1dFamily(), CausalConv1dFamily.LIMITS));
    k.put("rmsnorm_gated", new Kind(new RmsNormFamily(), RmsNormFamily.LIMITS));
    k.put("temporal_mamba", new Kind(new TemporalMambaFamily(), TemporalMambaFamily.LIMITS));
    k.put("spatial_mamba_", new Kind(new SpatialMambaFamily(), SpatialMambaFamily.LIMITS));
    k.put("mamba_block", new Kind(new MambaBlockFamily(), MambaBlockFamily.LIMITS));
    Kind network = new Kind(new NetworkFamily(), NetworkFamily.LIMITS);
    k.put("medsora_small", network);
    k.put("medsora_deep_formula", network);
    k.put("medsora_full_formula", network);
    k.put("spiral", new Kind(new SpiralFamily(), SpiralFamily.LIMITS));
    k.put("diffusion_schedule", new Kind(new ScheduleFamily(), ScheduleFamily.LIMITS));
    k.put("sampling_toy", new Kind(new SamplingFamily(), SamplingFamily.LIMITS));
    k.put("noise_loss", new Kind(new NoiseLossFamily(), NoiseLossFamily.LIMITS));
    k.put("frame_sampling", new Kind(new FrameSamplingFamily(), FrameSamplingFamily.LIMITS));
    k.put("video_transform", new Kind(new VideoTransformFamily(), VideoTransformFamily.LIMITS));
    k.put(
        "focal_frequency_loss", new Kind(new FocalFrequencyFamily(), FocalFrequencyFamily.LIMITS));
    k.put("optimizer_adamw_clip_ema", new Kind(new OptimiserFamily(), OptimiserFamily.LIMITS));
    k.put("vae_small_eval", new Kind(new VaeEvalFamily(), VaeEvalFamily.LIMITS));
    k.put("vae_small_train", new Kind(new VaeTrainFamily(), VaeTrainFamily.LIMITS));
    k.put("vae_full_formula", new Kind(new VaeFormulaFamily(), VaeFormulaFamily.LIMITS));
    k.put("raft_ops", new Kind(new RaftOpsFamily(), RaftOpsFamily.LIMITS));
    k.put("raft_", new Kind(new RaftFamily(), RaftFamily.LIMITS));
    k.put("flow_to_image", new Kind(new FlowColoursFamily(), FlowColoursFamily.LIMITS));
    k.put("dino_", new Kind(new DinoFamily(), DinoFamily.LIMITS));
    k.put("align_", new Kind(new AlignFamily(), AlignFamily.LIMITS));
    k.put("lpips_", new Kind(new LpipsFamily(), LpipsFamily.LIMITS));
    k.put("metric_frechet", new Kind(new FrechetFamily(), FrechetFamily.LIMITS));
    k.put(
        "metric_inception_score",
        new Kind(new InceptionScoreFamily(), InceptionScoreFamily.LIMITS));
    k.put("metric_clip_sampling", new Kind(new ClipSamplingFamily(), ClipSamplingFamily.LIMITS));
    k.put("metric_i3d_formula", new Kind(new MetricI3dFamily(), MetricI3dFamily.LIMITS));
    k.put(
        "metric_inception_formula",
        new Kind(new MetricInceptionFamily(), MetricInceptionFamily.LIMITS));
    k.put("metric_clip_formula", new Kind(new MetricClipFamily(), MetricClipFamily.LIMITS));
    k.put("metric_videomae_", new Kind(new MetricVideoMaeFamily(), MetricVideoMaeFamily.LIMITS));
    k.put("metric_c3d_formula", new Kind(new MetricC3dFamily(), MetricC3dFamily.LIMITS));
    k.put("metric_resize", new Kind(new MetricResizeFamily(), MetricResizeFamily.LIMITS));
    k.put("metric_end_to_end", new Kind(new EndToEndFamily(), EndToEndFamily.LIMITS));
    addEndora(k);
    k.put("styleganv_ops", new Kind(new StyleGanOpsFamily(), Limits.noise(3.4e-7)));
    k.put("styleganv_small", new Kind(new GanFamily(), GanFamily.limits(1.1e-5)));
    k.put("styleganv_full", new Kind(new GanFamily(), GanFamily.limits(2.3e-5)));
    k.put("mostganv_ops", new Kind(new MoStGanOpsFamily(), Limits.noise(4.1e-7)));
    k.put("mostganv_small", new Kind(new GanFamily(), GanFamily.limits(3.9e-6)));
    k.put("mostganv_full", new Kind(new GanFamily(), GanFamily.limits(3.4e-5)));
    k.put("timesformer_", new Kind(new TimeSformerFamily(), TimeSformerFamily.LIMITS));
    k.put("fixmatch_", new Kind(new FixMatchFamily(), FixMatchFamily.LIMITS));
    k.put("baseline_", new Kind(new PickleFamily(), name -> 0));
    addLvdm(k);
    return k;
  }

  private static void addLvdm(Map<String, Kind> k) {
    Kind network = new Kind(new LvdmNetworkFamily(), LvdmNetworkFamily.LIMITS);
    k.put("lvdm_unet_", network);
    k.put("lvdm_train_step", network);
    k.put("lvdm_attention_", new Kind(new LvdmAttentionFamily(), LvdmAttentionFamily.LIMITS));
    k.put("lvdm_vae_", new Kind(new LvdmVaeFamily(), LvdmVaeFamily.LIMITS));
    k.put("lvdm_process", new Kind(new LvdmProcessFamily(), LvdmProcessFamily.LIMITS));
  }

  private static void addEndora(Map<String, Kind> k) {
    k.put("endora_embed", new Kind(new EndoraEmbedFamily(), EndoraEmbedFamily.LIMITS));
    k.put("endora_prior_tiny", new Kind(new EndoraPriorFamily(), EndoraPriorFamily.TINY));
    k.put("endora_prior", new Kind(new EndoraPriorFamily(), EndoraPriorFamily.LIMITS));
    k.put("endora_train_step", new Kind(new EndoraTrainFamily(), EndoraTrainFamily.LIMITS));
    k.put("endora_", new Kind(new EndoraFamily(), EndoraFamily.LIMITS));
    k.put("sdvae_small_formula", new Kind(new SdVaeFamily(), SdVaeFamily.SMALL));
    k.put("sdvae_full_formula", new Kind(new SdVaeFamily(), SdVaeFamily.FULL));
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
