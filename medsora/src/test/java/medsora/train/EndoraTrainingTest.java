package medsora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarKernels;
import engine.testing.OpenClBackends;
import engine.testing.SimdVariants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import medsora.Autoencoder;
import medsora.Generator;
import medsora.MedSora;
import medsora.align.FrozenNetworks;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.diffusion.Sampler;
import medsora.dino.DinoExtractor;
import medsora.dino.Vit;
import medsora.dino.VitConfig;
import medsora.flow.HsvColours;
import medsora.flow.variational.TvL1Config;
import medsora.flow.variational.TvL1Estimator;
import medsora.media.Clip;
import medsora.train.store.InitialWeights;
import medsora.train.store.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endora in MedSora's loop: its prior, its autoencoder, its checkpoints and its samples. */
class EndoraTrainingTest {
  private static final TrainConfig CONFIG =
      Config.builtin("endora-tiny", Map.of("alignment.enabled", "true"));

  @TempDir Path folder;

  private static Clips clips() throws IOException {
    return DatasetClips.phantom(CONFIG, 2, done -> {});
  }

  private static FrozenNetworks networks() {
    Vit vit = new Vit(new VitConfig(8, 384, 2, 6, 4));
    vit.initialize(5);
    return new FrozenNetworks(
        new TvL1Estimator(TvL1Config.DEFAULT),
        new HsvColours(),
        new DinoExtractor(vit),
        2,
        "dino-5");
  }

  private static Stage stage(Clips clips) {
    return new Stage(
        new DenoiserObjective(
            CONFIG,
            clips,
            DenoiserObjective.fresh(CONFIG),
            VaeObjective.fresh(CONFIG),
            CONFIG.vae().published(),
            networks(),
            null));
  }

  private String train(String name, long steps) throws IOException {
    Clips clips = clips();
    try (RunFolder run = RunFolder.open(folder.resolve(name))) {
      return new Trainer(run, clips, report -> {}, () -> false, 99).run(stage(clips), steps);
    }
  }

  @Test
  void aStepSaysThePriorAndItsCorrelations() throws IOException {
    Clips clips = clips();
    assertEquals(4, clips.frames());
    assertEquals(2, clips.imagesOfWindow());
    Map<String, Double> losses = stage(clips).step().losses();
    assertTrue(
        losses.keySet().containsAll(List.of("loss", "mse", "bound", "noise", "prior")),
        losses.toString());
    double correlation = (losses.get("correlation_0") + losses.get("correlation_1")) / 2;
    assertEquals(1 - correlation, losses.get("prior"), 1e-5);
    double charged = losses.get("noise") + (0.5 * losses.get("prior"));
    assertEquals(charged, losses.get("loss"), 1e-5);
  }

  @Test
  void tenStepsHaveTheSameBitsOnEveryBackend() throws IOException {
    Map<String, Kernels> backends = new LinkedHashMap<>();
    backends.put("scalar", new ScalarKernels(new Workers(2)));
    backends.put("simd", SimdVariants.open(256, new Workers(1)));
    OpenClBackends.ALL.entrySet().stream()
        .limit(1)
        .forEach(device -> backends.put(device.getKey(), device.getValue()));
    Set<String> hashes = new LinkedHashSet<>();
    int[] n = new int[1];
    for (Kernels kernels : backends.values()) {
      hashes.add(Backends.with(kernels, () -> train("b" + n[0]++, 10)));
    }
    assertEquals(1, hashes.size(), backends.keySet().toString());
  }

  @Test
  void aContinuedRunIsTheSameByteForByte() throws IOException {
    String whole = train("whole", 4);
    train("parts", 1);
    assertEquals(whole, train("parts", 4));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("whole/denoiser.safetensors")),
        Files.readAllBytes(folder.resolve("parts/denoiser.safetensors")));
  }

  /** Autoencoder and denoiser trained in one folder, loaded from there, and sampled both ways. */
  @Test
  void aRunIsLoadedAndSampled() throws IOException {
    Clips clips = clips();
    Path out = folder.resolve("run");
    try (RunFolder run = RunFolder.open(out)) {
      Trainer trainer = new Trainer(run, clips, report -> {}, () -> false, 99);
      trainer.run(new Stage(new VaeObjective(CONFIG, clips, VaeObjective.fresh(CONFIG))), 2);
      Autoencoder vae = Autoencoder.load(out, InitialWeights.Kind.EMA);
      assertEquals(CONFIG.vae(), vae.vae().config());
      DenoiserObjective objective =
          new DenoiserObjective(
              CONFIG,
              clips,
              DenoiserObjective.fresh(CONFIG),
              vae.vae(),
              vae.statistics(),
              networks(),
              null);
      trainer.run(new Stage(objective), 2);
    }
    MedSora model = MedSora.load(out);
    assertEquals(CONFIG.denoiser(), model.config().denoiser());
    for (Sampler.Method method : List.of(new Sampler.Method.Ddim(0), new Sampler.Method.Ddpm())) {
      Generator generator = model.generator(new Generator.Settings(5, method));
      Clip clip = generator.sample(1, 0, done -> {});
      assertEquals(4, clip.length());
      assertEquals(32, clip.height());
      assertArrayEquals(clip.values(), generator.sample(1, 0, done -> {}).values());
    }
  }
}
