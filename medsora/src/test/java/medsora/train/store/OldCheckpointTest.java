package medsora.train.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import medsora.align.AlignmentConfig;
import medsora.config.ConfigTree;
import medsora.config.DinoConfig;
import medsora.config.TrainConfig;
import medsora.dino.Distillation;
import medsora.dino.VitConfig;
import medsora.vae.VaeConfig;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import nn.optim.LearningRate;

/** What the first format said of a configuration comes out as a tree, or is refused by name. */
class OldCheckpointTest {
  private static final Path FILE = Path.of("old.safetensors");
  private static final String DATA =
      "Data[size=32, sampling=PAPER, flip=true, heldOut=0.1, imageWindows=8]";
  private static final String VAE =
      "seed=-3, "
          + DATA
          + ", VaeConfig[widths=[4, 4, 8, 8], layers=1, latentChannels=4, groups=4,"
          + " compensation=PAPER, compensationDropout=0.2], VaeTraining[scope=EVERYTHING, frames=8,"
          + " batch=1, learningRate=LearningRate[phases=[Phase[from=0, length=50, start=0.001,"
          + " end=1.0E-4]]], beta1=0.5, beta2=0.999, clipNorm=0.0, focal=0.1, kl=1.0E-6,"
          + " emaDecay=0.9999, steps=0], perceptual 0.5 of 77aa, adversarial 0.25 from 9, begun"
          + " from 72d0";

  private static Checkpoint.Info migrated(String stage, String text) throws IOException {
    Map<String, String> extra = Map.of("vae_sha256", "1f3a", "latent_shift", "0.5");
    return OldCheckpoint.migrated(FILE, new Checkpoint.Info(stage, 3, text, Map.of(), "d", extra));
  }

  @Example
  void everyPartOfAnAutoencodersTextIsKept() throws IOException {
    Checkpoint.Info info = migrated("vae", VAE);
    assertEquals(Map.of("begun_from", "72d0", "lpips_sha256", "77aa"), info.beside());
    assertEquals(Map.of("latent_shift", "0.5"), info.extra());
    ConfigTree tree = info.tree(FILE);
    assertEquals(-3L, tree.part("seed", long.class));
    assertEquals(
        new VaeConfig(List.of(4, 4, 8, 8), 1, 4, 4, VaeConfig.Compensation.PAPER, 0.2f),
        tree.part("vae", VaeConfig.class));
    TrainConfig.VaeTraining training = tree.part("vaeTraining", TrainConfig.VaeTraining.class);
    assertEquals(LearningRate.cosine(1e-3, 1e-4, 50), training.learningRate());
    assertEquals(1e-6, training.kl());
    // This text is older than recomputation, which has its default.
    assertEquals(false, training.recompute());
    assertEquals(
        new TrainConfig.Perceptual(0.5, 0.25, 9),
        tree.part("perceptual", TrainConfig.Perceptual.class));
  }

  @Example
  void aDenoisersAlignmentIsOffWhereTheTextHasNone() throws IOException {
    String plain = "seed=0, " + DATA + ", DenoiserConfig[inChannels=4], vae 1f3a, begun from 09";
    Checkpoint.Info info = migrated("denoiser", plain);
    assertEquals(Map.of("begun_from", "09", "vae_sha256", "1f3a"), info.beside());
    assertEquals(false, info.tree(FILE).part("alignment", AlignmentConfig.class).enabled());
    String aligned =
        plain.replace(
            ", vae 1f3a",
            ", AlignmentConfig[enabled=true, alpha=0.5], vae 1f3a, networks flow TvL1Config:a=1:"
                + " features 3c");
    info = migrated("denoiser", aligned);
    assertEquals("flow TvL1Config:a=1: features 3c", info.beside().get("networks"));
    assertEquals(0.5, info.tree(FILE).part("alignment", AlignmentConfig.class).alpha());
  }

  /** A feature network's text says in words, with commas, what its pictures are. */
  @Example
  void aFeatureNetworkIsTheSame() throws IOException {
    VitConfig shape = new VitConfig(8, 96, 4, 3, 4);
    Distillation settings =
        new Distillation(
            256, 64, 256, 32, 16, 4, 16, LearningRate.constant(1e-3), 0.996, 0, 0.07, true);
    String about = "pictures of flow TvL1, 12 of data ef75, HSV";
    Identity now =
        new Identity(
            new DinoConfig(4, about, shape, settings),
            List.of("seed", "pictures", "network", "distillation"),
            Map.of("begun_from", "aa"));
    String then = settings.toString().replace(", teacher=0.07, mirrored=true", "");
    Checkpoint.Info old =
        migrated("dino", "seed=4, " + about + ", " + shape + ", " + then + ", begun from aa");
    assertEquals(List.of(), now.differences(FILE.toString(), old, false));
  }

  @Example
  void anUnknownFieldIsRefusedWithTheNearestName() throws IOException {
    Checkpoint.Info info = migrated("vae", VAE.replace("layers=1", "layer=1"));
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> info.tree(FILE).part("vae", VaeConfig.class));
    assertTrue(e.getMessage().contains("unknown key 'vae.layer'"), e.getMessage());
    assertTrue(e.getMessage().contains("did you mean 'layers'?"), e.getMessage());
  }

  @Example
  void otherTextIsRefused() {
    String nested = "seed=0, Data[size=" + "[".repeat(10_000);
    for (String bad :
        List.of(
            "",
            ", ",
            "seed=0,",
            "Data[",
            "Data[size",
            "Data[size=]",
            "Data[size=1, size=2]",
            "Nobody[x=1]",
            "seed=0, seed=1",
            DATA + "]",
            nested)) {
      IOException e = assertThrows(IOException.class, () -> migrated("vae", bad), bad);
      assertTrue(e.getMessage().startsWith("[checkpoint] old.safetensors holds no"), bad);
    }
  }

  @Property(tries = 300)
  void anyTextIsMigratedOrRefused(@ForAll String text, @ForAll int at) {
    int cut = Math.floorMod(at, VAE.length());
    for (String one : Set.of(text, VAE.substring(0, cut) + text + VAE.substring(cut))) {
      try {
        migrated("vae", one).tree(FILE);
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("old.safetensors"), e.getMessage());
      }
    }
  }
}
