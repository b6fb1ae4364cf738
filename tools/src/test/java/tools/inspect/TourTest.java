package tools.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import engine.kernel.AttentionArgs;
import engine.kernel.Backends;
import engine.kernel.InterceptedKernels;
import engine.kernel.Kernels;
import engine.kernel.SsdArgs;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.cost.Counted;
import medsora.cost.ShapeRun;
import medsora.data.ClipSampler;
import medsora.denoiser.Denoiser;
import medsora.denoiser.DenoiserConfig;
import medsora.denoiser.Spiral;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.Schedule;
import medsora.media.PixelScale;
import medsora.vae.LatentStatistics;
import medsora.vae.Moments;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Mode;
import nn.Outline;
import org.junit.jupiter.api.Test;

/**
 * Every row of docs/tour.md is what the code says of MedSora-B: shapes come from running the model
 * on shapes alone. A failure prints the rows as they should stand.
 */
class TourTest {
  private static final Path PAGE = Path.of("../docs/tour.md");
  private static final int STEP = 500;

  private final TrainConfig config = config();
  private final Map<String, String> rows = new TreeMap<>();

  private static TrainConfig config() {
    try {
      return Config.read("medsora-b");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyRowIsTrue() throws IOException {
    Tensor latents = encoded(frames(), images());
    Tensor noised = noised(latents);
    denoised(noised);
    decoded();
    Map<String, String> found = new TreeMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 4 && !cells[1].contains("---") && !cells[1].equals(" what ")) {
        found.put(cells[1].strip(), cells[2].strip());
      }
    }
    assertEquals(text(rows), text(found));
  }

  /** So that nothing is claimed beside the tables. */
  @Test
  void shapesStandInTablesOnly() throws IOException {
    Pattern shape = Pattern.compile("\\[\\d+[,\\]]");
    for (String line : Files.readAllLines(PAGE)) {
      assertFalse(!line.startsWith("|") && shape.matcher(line).find(), line);
    }
  }

  private static String text(Map<String, String> rows) {
    return rows.entrySet().stream()
        .map(e -> "| " + e.getKey() + " | " + e.getValue() + " |")
        .collect(Collectors.joining("\n"));
  }

  private void row(String what, Object value) {
    String cell = value instanceof Tensor t ? t.shape().toString() : value.toString();
    rows.put(what, cell.contains(",") || cell.startsWith("[") ? "`" + cell + "`" : cell);
  }

  private int side() {
    return config.data().size();
  }

  private Tensor frames() {
    int[] picked = ClipSampler.PAPER.indices(49, 0);
    row(
        "frames taken of a video of 49, from its first",
        Arrays.stream(picked).mapToObj(Integer::toString).collect(Collectors.joining(", ")));
    row("frames that are encoded; the last is for the optical flow", config.clipFrames());
    row("a byte 0 becomes", PixelScale.value((byte) 0));
    row("a byte 255 becomes", PixelScale.value((byte) 255));
    Tensor clip = Counted.tensor(1, 3, config.clipFrames(), side(), side());
    row("the clip x", clip);
    return clip;
  }

  private Tensor images() {
    Tensor images = Counted.tensor(1, 3, config.clipImages(), side(), side());
    row("the eight images", images);
    return images;
  }

  private Tensor encoded(Tensor clip, Tensor images) {
    Vae vae = Outline.of(() -> new Vae(VaeConfig.of(config.vae())));
    Tensor[] out = new Tensor[2];
    ShapeRun run =
        ShapeRun.of(
            vae,
            () -> {
              Moments m = vae.encode(clip, Mode.EVAL);
              out[0] = m.mean();
              out[1] = vae.encode(images, Mode.EVAL).mean();
            });
    row("frames of a chunk", VaeConfig.FRAMES_PER_CHUNK);
    row("a chunk after the first convolution", output(run, "encoder.conv_in.conv"));
    for (int i = 0; i < VaeConfig.of(config.vae()).widths().size(); i++) {
      int last = VaeConfig.of(config.vae()).layers() - 1;
      String path = "encoder.down_blocks." + i + ".resnets." + last + ".conv2.conv";
      row("a chunk at the end of level " + i, output(run, path));
    }
    row("its moments, mean and log-variance", output(run, "encoder.conv_out.conv"));
    row("the latents of the clip", out[0]);
    row("the latents of the images", out[1]);
    DenoiserConfig c = DenoiserConfig.of(config.denoiser());
    Shape joined =
        Shape.of(1, out[0].dim(2) + out[1].dim(2), out[0].dim(1), out[0].dim(3), out[0].dim(4));
    assertEquals(Shape.of(1, c.frames(), c.inChannels(), c.inputSize(), c.inputSize()), joined);
    row("both, in the denoiser's order: z_0", joined);
    row(
        "factor that gives the released latents unit variance",
        LatentStatistics.RELEASED.scales().getFirst());
    return Counted.tensor(joined.dims());
  }

  private static Shape output(ShapeRun run, String path) {
    return run.costs().get(path).output();
  }

  private Tensor noised(Tensor latents) {
    Schedule s = Schedule.full();
    row("diffusion steps", s.steps());
    row("share of z_0 in z_t at t = " + STEP, four(s.sqrtAlphaCumprod(STEP)));
    row("share of the noise", four(s.sqrtOneMinusAlphaCumprod(STEP)));
    return latents;
  }

  private static String four(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** What scans and attention the kernels are asked for. */
  private record Asked(List<SsdArgs> scans, List<AttentionArgs> attention) {}

  private static Kernels watched(Kernels kernels, Asked asked) {
    return InterceptedKernels.of(call -> {
      for (Object argument : call.arguments()) {
        if (argument instanceof SsdArgs a) {
          asked.scans().add(a);
        } else if (argument instanceof AttentionArgs a) {
          asked.attention().add(a);
        }
      }
      return call.on(kernels);
    });
  }

  private void denoised(Tensor noised) {
    DenoiserConfig c = DenoiserConfig.of(config.denoiser());
    Denoiser denoiser = Outline.of(() -> new Denoiser(c));
    Asked asked = new Asked(new ArrayList<>(), new ArrayList<>());
    Denoiser.Output[] outs = new Denoiser.Output[1];
    ShapeRun run =
        ShapeRun.of(
            denoiser,
            () ->
                outs[0] =
                    Backends.with(
                        watched(Backends.current(), asked),
                        () -> denoiser.forward(noised, new float[] {STEP}, Mode.EVAL)));
    Denoiser.Output out = outs[0];
    row("patches of all frames", output(run, "x_embedder.proj"));
    row("tokens of a frame, l", c.tokens());
    row("all tokens", out.blocks().get(0));
    row("the embedded step t, c", output(run, "t_embedder.mlp.2"));
    row("blocks", c.depth());
    row("shift, scale and gate of the three parts", output(run, "blocks.0.adaLN_modulation.1"));
    AttentionArgs a = asked.attention().get(0);
    row("frames that attention sees one by one", a.batch());
    row("heads, and the width of each", a.heads() + ", " + a.dim());
    row(
        "keys that a token in the middle sees",
        a.endKey(c.tokens() / 2) - a.firstKey(c.tokens() / 2));
    row("z, x, B, C and dt of each token", output(run, "blocks.0.mamba_hw.in_proj"));
    row("first steps of the spiral, as (frame, place)", spiral(c));
    List<SsdArgs> scans = asked.scans();
    int perBlock = scans.size() / c.depth();
    assertEquals(2, perBlock);
    row("the four spatial walks at once: sequences, steps, heads, width, N", scan(scans.get(0)));
    row("the temporal scan", scan(scans.get(1)));
    row("what the last layer gives", output(run, "final_layer.linear"));
    row("the predicted noise", out.prediction());
    NoiseLoss.Terms[] terms = new NoiseLoss.Terms[1];
    ShapeRun.of(
        denoiser,
        () ->
            terms[0] =
                new NoiseLoss(Schedule.full())
                    .terms(out.prediction(), noised, noised, new int[] {STEP}));
    row("its squared error, one number per clip", terms[0].mse());
    row("parameters", String.format(Locale.ROOT, "%,d", denoiser.parameterCount()));
    row(
        "multiply-adds of convolutions and linear layers, in G",
        String.format(Locale.ROOT, "%.1f", run.total().products() / 1e9));
    row("the first prediction of an untrained denoiser", untrained());
  }

  private static String spiral(DenoiserConfig c) {
    int[] path = Spiral.path(c.frames(), c.grid());
    return IntStream.of(0, 1, 7, 8, 12, 13)
        .mapToObj(i -> i + ": (" + (path[i] / c.grid()) + ", " + (path[i] % c.grid()) + ")")
        .collect(Collectors.joining("; "));
  }

  private static String scan(SsdArgs a) {
    return a.batch() + ", " + a.length() + ", " + a.heads() + ", " + a.headDim() + ", " + a.state();
  }

  /** Its last layer begins at zero. */
  private static String untrained() {
    try {
      TrainConfig tiny = Config.read("tiny");
      Denoiser denoiser = new Denoiser(DenoiserConfig.of(tiny.denoiser()));
      denoiser.initialize(3);
      DenoiserConfig c = denoiser.config();
      Tensor x =
          Tensor.generate(
              Shape.of(1, c.frames(), c.inChannels(), c.inputSize(), c.inputSize()), Math::sin);
      float[] y = denoiser.forward(x, new float[] {STEP}, Mode.EVAL).prediction().toArray();
      return IntStream.range(0, y.length).allMatch(i -> y[i] == 0) ? "0 everywhere" : "not 0";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void decoded() {
    Vae vae = Outline.of(() -> new Vae(VaeConfig.of(config.vae())));
    DenoiserConfig c = DenoiserConfig.of(config.denoiser());
    Tensor z = Counted.tensor(1, c.inChannels(), c.videoFrames(), c.inputSize(), c.inputSize());
    row("the latents of a drawn clip, without those of its images", z);
    Tensor[] out = new Tensor[1];
    ShapeRun run = ShapeRun.of(vae, () -> out[0] = vae.decode(z, Mode.EVAL));
    row("latent frames of a chunk", VaeConfig.LATENTS_PER_CHUNK);
    row("a chunk after the first convolution of the decoder", output(run, "decoder.conv_in.conv"));
    for (int i = 0; i < VaeConfig.of(config.vae()).widths().size() - 1; i++) {
      row(
          "a chunk behind the up-sampler of level "
              + i
              + (i < 2 ? ", its frames not yet doubled" : ""),
          output(run, "decoder.up_blocks." + i + ".upsamplers.0.conv"));
    }
    row("the frames", out[0]);
  }
}
