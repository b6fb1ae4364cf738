package tools.inspect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.cost.Cost;
import medsora.cost.ModelRuns;
import medsora.cost.ShapeRun;
import medsora.denoiser.DenoiserConfig;
import medsora.diffusion.NoisePredictor;
import medsora.vae.ClipAutoencoder;
import medsora.vae.Vae;
import nn.Module;
import nn.Outline;

/** What there is to say about a configuration. */
public final class Inspection {
  /** All names, as a message lists them. */
  private static final List<String> NAMES =
      Stream.concat(Config.BUILT_IN.stream(), Stream.of("medsora-xl", "vae")).toList();

  private static final int XL_DEPTH = 48;
  private static final int DENOISER_LEVELS = 3;
  private static final int VAE_LEVELS = 2;

  private static final Pattern UP_SAMPLER =
      Pattern.compile("(decoder\\.up_blocks\\.)(\\d+)\\.upsamplers\\.0\\.conv");

  private static final Pattern CONDITION =
      Pattern.compile("(.*\\.)(norm1|norm2|norm_out)\\.conv_[yb]\\.conv");

  /** Table 1 of the paper: millions of parameters by depth. */
  private static final Map<Integer, String> TABLE_1 = Map.of(6, "43.76", 12, "86.47", 24, "171.89");

  private final TrainConfig config;
  private final boolean denoiser;
  private final boolean vae;

  private Inspection(TrainConfig config, boolean denoiser, boolean vae) {
    this.config = config;
    this.denoiser = denoiser;
    this.vae = vae;
  }

  /**
   * @param name MedSora-S, -B, -L, -XL (their denoiser), vae (their autoencoder), another built-in
   *     configuration or a YAML file (both)
   * @param profile paper, reference or null for that of the configuration
   */
  public static Inspection of(String name, String profile) throws IOException {
    Map<String, String> changes = new LinkedHashMap<>();
    if (profile != null) {
      changes.put("profile", profile);
    }
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "vae" -> {
        // The paper's way with a pretrained autoencoder: what it adds learns, the rest is frozen.
        changes.put("vaeTraining.scope", "compensation");
        yield new Inspection(Config.read("medsora-s", changes), false, true);
      }
      case "medsora-s", "medsora-b", "medsora-l", "endora-s", "endora-b", "endora-l", "endora-xl" ->
          new Inspection(Config.read(lower, changes), true, false);
      case "medsora-xl" -> {
        changes.put("denoiser.depth", Integer.toString(XL_DEPTH));
        yield new Inspection(Config.read("medsora-l", changes), true, false);
      }
      default -> {
        Config.requireSource(name, NAMES);
        yield new Inspection(Config.read(name, changes), true, true);
      }
    };
  }

  public TrainConfig config() {
    return config;
  }

  /** Everything, line by line. */
  public List<String> lines(boolean full) {
    List<String> lines = new ArrayList<>();
    if (denoiser) {
      lines.addAll(denoiser(full));
    }
    if (denoiser && vae) {
      lines.add("");
    }
    if (vae) {
      lines.addAll(vae(full));
    }
    return lines;
  }

  /** The peak of memory by module, for each piece of work. */
  public List<String> memory() {
    List<String> lines = new ArrayList<>();
    if (denoiser) {
      lines.addAll(MemoryTable.denoiser(config));
    }
    if (denoiser && vae) {
      lines.add("");
    }
    if (vae) {
      lines.addAll(MemoryTable.vae(config));
    }
    lines.add("");
    lines.add(
        "float32, counted from every allocation to its release; saved: what gradients read;"
            + " run again: activations of a block that recomputation runs in backward; passing:"
            + " temporaries and gradients of activations. Not counted: packed panels and scratch"
            + " arrays inside kernels, the data, the Java machine.");
    return lines;
  }

  private List<String> denoiser(boolean full) {
    NoisePredictor network = Outline.of(config.denoiser()::network);
    ShapeRun run = ModelRuns.predict(network);
    Node root = Node.of("denoiser", network.module(), run.costs());
    List<String> lines = new ArrayList<>();
    lines.add(head(network) + "; multiply-adds in G of one prediction");
    lines.addAll(TreeText.of(root, full, DENOISER_LEVELS));
    lines.add("");
    lines.addAll(totals(root));
    if (config.denoiser() instanceof DenoiserConfig c) {
      lines.addAll(tableOne(c));
    }
    lines.add(multiplyAdds("a prediction", run.total()));
    if (config.denoiser() instanceof DenoiserConfig) {
      lines.add(directions(run.costs()));
    }
    lines.addAll(memory(network, root).lines());
    return lines;
  }

  /** A U-Net has no depth and no tokens: its levels differ. */
  private String head(NoisePredictor network) {
    NoisePredictor.Latents latents = network.latents();
    NoisePredictor.Hidden hidden = network.hidden();
    return hidden.blocks() == 0
        ? "denoiser, kind %s, %d latent frames of %dx%d"
            .formatted(
                config.denoiser().kind(), latents.frames(), latents.height(), latents.width())
        : "denoiser, depth %d, %d latent frames of %d tokens"
            .formatted(hidden.blocks(), latents.frames(), hidden.tokens());
  }

  private MemoryText memory(NoisePredictor network, Node root) {
    int depth = Math.max(1, network.hidden().blocks());
    long plain = ModelRuns.train(network, false).kept();
    int batch = config.denoiserTraining().batch();
    if (!config.denoiserTraining().recompute()) {
      return new MemoryText(root.parameters(), root.trained(), batch, plain, 0);
    }
    long kept = ModelRuns.train(network, true).kept();
    long inside = (plain - kept) / depth;
    return new MemoryText(root.parameters(), root.trained(), batch, kept, inside);
  }

  /** What Table 1 counts, and where the paper's own equations give another number. */
  private static List<String> tableOne(DenoiserConfig c) {
    if (c.hidden() != 512 || !TABLE_1.containsKey(c.depth())) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "Table 1 of the paper: "
            + TABLE_1.get(c.depth())
            + " million, the count of the released code (profile reference), for L with its"
            + " buffers");
    if (c.switches().attentionOutput()) {
      long matrix = (long) c.hidden() * c.hidden();
      lines.add(
          String.format(
              Locale.ROOT,
              "  Table 1 and Eq. 7 disagree: W_o, which Table 1 does not count, adds %,d per block,"
                  + " %,d in all",
              matrix,
              matrix * c.depth()));
    }
    if (!c.switches().learnedVariance()) {
      long pixels = (long) c.patch() * c.patch() * c.inChannels();
      lines.add(
          String.format(
              Locale.ROOT,
              "  Table 1 and Eq. 17 disagree: Eq. 17 predicts the noise alone, Table 1 counts the"
                  + " projection to a learned variance too: %,d fewer here",
              pixels * (c.hidden() + 1)));
    }
    return lines;
  }

  private List<String> vae(boolean full) {
    ClipAutoencoder vae = Outline.of(config.vae()::network);
    Module module = vae.module();
    ShapeRun training = ModelRuns.train(vae, config);
    int size = config.data().size();
    ShapeRun encode = ModelRuns.encode(vae, config.clipFrames(), size);
    ShapeRun decode = ModelRuns.decode(vae, config.clipFrames(), size);
    Map<String, Cost> both = new LinkedHashMap<>(encode.costs());
    decode.costs().forEach((path, cost) -> both.merge(path, cost, Cost::plus));
    Node root = Node.of("vae", module, both);
    List<String> lines = new ArrayList<>();
    lines.add(
        "autoencoder; multiply-adds in G of encoding and decoding %d frames of %dx%d"
            .formatted(config.clipFrames(), size, size));
    lines.addAll(TreeText.of(root, full, VAE_LEVELS));
    lines.add("");
    lines.addAll(totals(root));
    if (module instanceof Vae own) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  frequency compensation: %,d",
              own.compensation().stream().mapToLong(p -> p.shape().size()).sum()));
    }
    lines.add(multiplyAdds("encoding", encode.total()));
    lines.add(multiplyAdds("decoding", decode.total()));
    if (module instanceof Vae) {
      lines.add(conditioning(decode.costs()));
    }
    int batch = config.vaeTraining().batch();
    lines.addAll(
        new MemoryText(root.parameters(), root.trained(), batch, training.kept(), 0).lines());
    return lines;
  }

  /** The released code projects each direction of a scan by itself. */
  private static String directions(Map<String, Cost> prediction) {
    long more = 0;
    for (Map.Entry<String, Cost> e : prediction.entrySet()) {
      more += e.getKey().endsWith("mamba_hw.out_proj") ? e.getValue().products() : 0;
    }
    return String.format(
        Locale.ROOT,
        "  the two directions of a scan are added before their projection; added after it, as"
            + " released, a prediction would have %.2f G more",
        more / 1e9);
  }

  /**
   * The released code enlarges the latent first and runs these 1x1x1 convolutions on the result,
   * and so with the up-samplers and their frames.
   */
  private static String conditioning(Map<String, Cost> decode) {
    long more = 0;
    for (Map.Entry<String, Cost> e : decode.entrySet()) {
      Matcher m = CONDITION.matcher(e.getKey());
      if (m.matches()) {
        String beside = m.group(1) + (m.group(2).equals("norm_out") ? "conv_out" : "conv2");
        Cost conv = decode.get(beside + ".conv");
        long large = conv.output().size() / conv.output().dim(1);
        long small = e.getValue().output().size() / e.getValue().output().dim(1);
        more += e.getValue().products() * (large - small) / small;
      }
      Matcher up = UP_SAMPLER.matcher(e.getKey());
      if (up.matches()) {
        String next = up.group(1) + (Integer.parseInt(up.group(2)) + 1) + ".resnets.0.conv1.conv";
        int doubled = decode.get(next).output().dim(2);
        int frames = e.getValue().output().dim(2);
        more += e.getValue().products() * (doubled - frames) / frames;
      }
    }
    return String.format(
        Locale.ROOT,
        "  conv_y and conv_b run on the small latent, up-samplers on frames before they are"
            + " doubled, with equal results; as released, decoding would have %.2f G more",
        more / 1e9);
  }

  private static List<String> totals(Node root) {
    return List.of(
        String.format(
            Locale.ROOT,
            "parameters %,d, of which trained %,d; with buffers %,d",
            root.parameters(),
            root.trained(),
            root.elements()));
  }

  private static String multiplyAdds(String what, Cost c) {
    return String.format(
        Locale.ROOT,
        "multiply-adds of %s: convolutions and linear layers %.2f G, scans %.2f G, attention %.2f"
            + " G",
        what,
        c.products() / 1e9,
        c.scan() / 1e9,
        c.attention() / 1e9);
  }
}
