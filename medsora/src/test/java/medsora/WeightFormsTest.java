package medsora;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.Dtype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import medsora.config.Config;
import medsora.denoiser.DenoiserConfig;
import medsora.diffusion.NoisePredictor;
import medsora.train.store.Checkpoint;
import medsora.train.store.ExportedWeights;
import medsora.train.store.InitialWeights.Kind;
import medsora.train.store.WeightsFile;
import medsora.vae.ClipAutoencoder;
import medsora.vae.CogVideoXFile;
import medsora.vae.LatentStatistics;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import medsora.vae.VaeConfig.Compensation;
import nn.io.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights in every form that people have them in: each gives the same network. */
class WeightFormsTest {
  private static final VaeConfig SIZES =
      new VaeConfig(CogVideoXFile.WIDTHS, 1, CogVideoXFile.LATENT, 32, Compensation.RELEASED, 0.2f);

  /** The released code's switches; frames, chunk and window, which no weight shows, are its own. */
  private static final DenoiserConfig SMALL =
      new DenoiserConfig(
          CogVideoXFile.LATENT,
          8,
          2,
          32,
          2,
          6,
          4,
          8,
          8,
          2,
          4,
          256,
          8,
          Config.profile("reference").part("denoiser.switches", DenoiserConfig.Switches.class));

  @TempDir Path folder;

  private static Vae vae(VaeConfig sizes) {
    Vae vae = new Vae(sizes);
    vae.initialize(11);
    return vae;
  }

  private static NoisePredictor denoiser(long seed) {
    NoisePredictor denoiser = SMALL.network();
    denoiser.module().initialize(seed);
    return denoiser;
  }

  private Path released(NoisePredictor model, NoisePredictor ema) throws IOException {
    return new ReleasedFile()
        .part("model", model.module())
        .part("ema", ema.module())
        .opt()
        .args()
        .write(folder.resolve("0020000.pt"));
  }

  private static String sha256(NoisePredictor denoiser) {
    return Weights.sha256(denoiser.module().stateDict());
  }

  private static String sha256(ClipAutoencoder vae) {
    return Weights.sha256(vae.module().stateDict());
  }

  @Test
  void theReleasedAutoencoderIsRead() throws IOException {
    Vae vae = vae(SIZES);
    Path file = new ReleasedFile().part("model", vae).args().write(folder.resolve("vae.pt"));
    for (Path path : List.of(file, folder, Path.of(file + "#model"))) {
      Autoencoder read = Autoencoder.load(path, Kind.EMA);
      assertEquals(sha256(vae), sha256(read.vae()));
      assertEquals(SIZES, read.vae().config());
      assertEquals(LatentStatistics.RELEASED, read.statistics());
    }
    IOException e =
        assertThrows(IOException.class, () -> Autoencoder.load(Path.of(file + "#ema"), Kind.EMA));
    assertTrue(e.getMessage().contains("no part 'ema'; there are\n  model: "), e.getMessage());
  }

  @Test
  void theReleasedDenoiserIsReadAveragedOrRaw() throws IOException {
    NoisePredictor model = denoiser(1);
    NoisePredictor ema = denoiser(2);
    Path file = released(model, ema);
    Autoencoder autoencoder = Autoencoder.random(SIZES, 3);
    MedSora averaged = MedSora.load(file, Kind.EMA, autoencoder);
    assertEquals(SMALL, averaged.config().denoiser());
    assertEquals(sha256(ema), sha256(averaged.denoiser()));
    assertEquals(sha256(model), sha256(MedSora.load(file, Kind.RAW, autoencoder).denoiser()));
    Path named = Path.of(file + "#model");
    assertEquals(sha256(model), sha256(MedSora.load(named, Kind.EMA, autoencoder).denoiser()));
  }

  @Test
  void theAutoencoderBesideIsTakenOrAskedFor() throws IOException {
    Path file = released(denoiser(1), denoiser(2));
    String alone = assertThrows(IOException.class, () -> MedSora.load(file)).getMessage();
    assertTrue(alone.contains("no autoencoder lies beside") && alone.contains("--vae"), alone);
    Vae vae = vae(SIZES);
    new ReleasedFile().part("model", vae).args().write(folder.resolve("vae.pt"));
    assertEquals(sha256(vae), sha256(MedSora.load(file).autoencoder().vae()));
    // The other way round each is told what it is.
    String swapped =
        assertThrows(IOException.class, () -> Autoencoder.load(file, Kind.EMA)).getMessage();
    assertTrue(swapped.contains("holds a denoiser, wanted is a vae"), swapped);
  }

  @Test
  void whatIsExportedOfThemIsTheSame() throws IOException {
    NoisePredictor ema = denoiser(2);
    Path file = released(denoiser(1), ema);
    Path out = folder.resolve("out.safetensors");
    List<ExportedWeights.Row> rows = ExportedWeights.write(file, Kind.EMA, Dtype.F32, out);
    assertEquals(ema.module().stateDict().size(), rows.size());
    assertTrue(rows.stream().allMatch(ExportedWeights.Row::averaged));
    Autoencoder autoencoder = Autoencoder.random(SIZES, 3);
    MedSora read = MedSora.load(out, Kind.EMA, autoencoder);
    assertEquals(sha256(ema), sha256(read.denoiser()));
    assertEquals(SMALL, read.config().denoiser());
    Checkpoint.Info info = WeightsFile.info(out);
    assertEquals("denoiser", info.stage());
    Vae vae = vae(SIZES);
    Path vaeFile = new ReleasedFile().part("model", vae).args().write(folder.resolve("vae.pt"));
    ExportedWeights.write(vaeFile, Kind.EMA, Dtype.F32, out);
    assertEquals(sha256(vae), sha256(Autoencoder.load(out, Kind.EMA).vae()));
  }

  private static String config(String more) {
    return """
    {
      "_class_name": "AutoencoderKLCogVideoX", "_diffusers_version": "0.32.0.dev0",
      "act_fn": "silu", "block_out_channels": [32, 32, 64, 64],
      "down_block_types": ["CogVideoXDownBlock3D"], "force_upcast": true,
      "latent_channels": 4, "latents_mean": null, "layers_per_block": 1,
      "norm_eps": 1e-06, "norm_num_groups": 16, "temporal_compression_ratio": 4%s
    }
    """
        .formatted(more);
  }

  private Path diffusers(String name, String more) throws IOException {
    Path vae = Files.createDirectories(folder.resolve("pipeline").resolve("vae"));
    Files.writeString(vae.resolve("config.json"), config(more));
    Vae plain = vae(SIZES.with(Compensation.NONE));
    ReleasedFile.plain(vae.resolve(name), plain.stateDict());
    return vae;
  }

  @Test
  void aFolderOfDiffusersSaysItsGroupsAndItsScale() throws IOException {
    Path vae = diffusers("diffusion_pytorch_model.fp16.bin", ", \"scaling_factor\": 0.5");
    for (Path path :
        List.of(vae, vae.getParent(), vae.resolve("diffusion_pytorch_model.fp16.bin"))) {
      Autoencoder read = Autoencoder.load(path, Kind.EMA);
      assertEquals(16, VaeConfig.of(read.vae().config()).groups());
      assertEquals(new LatentStatistics(0, 0.5f), read.statistics());
      assertEquals(sha256(vae(SIZES.with(Compensation.NONE))), sha256(read.vae()));
    }
    diffusers(
        "diffusion_pytorch_model.fp16.bin",
        ", \"scaling_factor\": 0.5, \"shift_factor\": 0.25, \"invert_scale_latents\": true");
    assertEquals(new LatentStatistics(0.25f, 2), Autoencoder.load(vae, Kind.EMA).statistics());
    diffusers("diffusion_pytorch_model.fp16.bin", "");
    assertEquals(LatentStatistics.RELEASED, Autoencoder.load(vae, Kind.EMA).statistics());
  }

  @Test
  void aConfigurationOfAnotherModelIsRefused() throws IOException {
    Path vae = diffusers("diffusion_pytorch_model.bin", "");
    Path file = vae.resolve("config.json");
    String good = config("");
    String[][] wrong = {
      {
        "AutoencoderKLCogVideoX",
        "AutoencoderKLWan",
        "wants one of [AutoencoderKLCogVideoX, AutoencoderKL]"
      },
      {"[32, 32, 64, 64]", "[32, 32, 64, 128]", "belongs to another model"},
      {"\"latent_channels\": 4", "\"latent_channels\": 16", "belongs to another model"},
      {"\"latents_mean\": null", "\"latents_mean\": [0.5]", "by channel are not read"},
      {"compression_ratio\": 4", "compression_ratio\": 8", "'temporal_compression_ratio' wants 4"},
      {"groups\": 16", "groups\": 48", "cannot be in 48 groups"},
      {"groups\": 16", "groups\": 1.5", "'norm_num_groups' wants a whole number"},
      {"groups\": 16", "groups\": {}", "'norm_num_groups' wants a number"},
      {"[32, 32, 64, 64]", "32", "'block_out_channels' wants a list"}
    };
    for (String[] w : wrong) {
      assertTrue(good.contains(w[0]), w[0]);
      Files.writeString(file, good.replace(w[0], w[1]));
      String said =
          assertThrows(IOException.class, () -> Autoencoder.load(vae, Kind.EMA)).getMessage();
      assertTrue(said.contains(w[2]) && said.contains(vae.toString()), said);
      assertTrue(!said.contains("restore"), said);
    }
    Files.writeString(file, "[".repeat(100_000));
    assertThrows(IOException.class, () -> Autoencoder.load(vae, Kind.EMA));
  }

  /** Whatever stands there is read or refused by name, and nothing is built before that. */
  @Test
  void aDamagedConfigurationIsReadOrRefused() throws IOException {
    Path vae = diffusers("diffusion_pytorch_model.bin", ", \"scaling_factor\": 0.7");
    String good = config(", \"scaling_factor\": 0.7");
    Random random = new Random(20);
    for (int n = 0; n < 300; n++) {
      StringBuilder text = new StringBuilder(good);
      for (int k = random.nextInt(4); k >= 0; k--) {
        String letters = "0123456789-.,[]{}:eN\" x\u0000";
        char letter = letters.charAt(random.nextInt(letters.length()));
        text.setCharAt(random.nextInt(text.length()), letter);
      }
      Files.writeString(vae.resolve("config.json"), text);
      try {
        medsora.config.DiffusersConfig.beside(vae.resolve("diffusion_pytorch_model.bin"));
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("config.json"), e.getMessage());
      }
    }
  }

  @Test
  void weightsOfAnotherNetworkAreToldSo() throws IOException {
    Path file =
        new ReleasedFile()
            .part("model", new nn.layer.Linear(2, 2, true, nn.init.Init.ones()))
            .write(folder.resolve("linear.pt"));
    String said =
        assertThrows(IOException.class, () -> Autoencoder.load(file, Kind.EMA)).getMessage();
    assertTrue(said.contains("holds neither a denoiser nor an autoencoder"), said);
    assertTrue(said.contains("its 2 names") && said.contains("'weight'"), said);
  }
}
