package medsora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.audit.SampleModel;
import medsora.baseline.lvdm.LvdmConfig;
import medsora.baseline.lvdm.LvdmDenoiser;
import medsora.baseline.lvdm.LvdmVae;
import medsora.baseline.lvdm.LvdmVaeConfig;
import medsora.diffusion.Sampler;
import medsora.media.Clip;
import medsora.media.Label;
import medsora.train.manifest.DrawRecord;
import medsora.train.manifest.Provenance;
import medsora.train.store.InitialWeights;
import medsora.vae.LatentStatistics;
import nn.Buffer;
import nn.Entry;
import nn.Module;
import nn.io.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LVDM out of checkpoints of PyTorch Lightning. */
class LvdmTest {
  private static final LvdmConfig SIZES =
      new LvdmConfig(2, 4, 2, 32, List.of(1, 2), 1, List.of(2), 4);
  private static final LvdmVaeConfig VAE = new LvdmVaeConfig(16, 4, 4, 2);

  private static final int SIDE = 16;

  @TempDir Path folder;

  private final LvdmDenoiser raw = initialized(new LvdmDenoiser(SIZES), 1);
  private final LvdmDenoiser average = initialized(new LvdmDenoiser(SIZES), 2);
  private final LvdmVae vae = initialized(new LvdmVae(VAE), 3);

  private static <M extends Module> M initialized(M module, long seed) {
    module.initialize(seed);
    return module;
  }

  private static Entry number(float value) {
    return new Buffer(Tensor.scalar(value), false);
  }

  /** The state dict of a released checkpoint. */
  private Map<String, Entry> released() {
    Map<String, Entry> all = new LinkedHashMap<>();
    all.put("betas", new Buffer(Tensor.zeros(Shape.of(3)), false));
    all.put("scale_factor", number(0.25f));
    raw.stateDict().forEach((name, e) -> all.put("model.diffusion_model." + name, e));
    all.put("model_ema.decay", number(0.9999f));
    average
        .stateDict()
        .forEach((name, e) -> all.put("model_ema.diffusion_model" + name.replace(".", ""), e));
    vae.stateDict().forEach((name, e) -> all.put("first_stage_model." + name, e));
    all.put("first_stage_model.loss.logvar", number(0));
    return all;
  }

  private Path written(Map<String, Entry> entries) throws IOException {
    return new ReleasedFile()
        .lightning()
        .part("state_dict", entries)
        .opt()
        .write(folder.resolve("lvdm.ckpt"));
  }

  private static String sha256(Module module) {
    return Weights.sha256(module.stateDict());
  }

  @Test
  void aCheckpointOfLightningIsRead() throws IOException {
    Path file = written(released());
    assertTrue(Lvdm.isOne(file));
    MedSora plain = loaded(file, InitialWeights.Kind.RAW);
    assertEquals(SIZES, plain.config().denoiser());
    assertEquals(VAE, plain.config().vae());
    assertEquals(sha256(raw), sha256(plain.denoiser().module()));
    assertEquals(
        sha256(average), sha256(loaded(file, InitialWeights.Kind.EMA).denoiser().module()));
    LatentStatistics statistics = plain.autoencoder().statistics();
    assertEquals(0.25f, statistics.scales().getFirst());
    assertEquals(-1.4606637f, statistics.shifts().getFirst());
    assertEquals(sha256(vae), sha256(plain.autoencoder().vae().module()));
    Autoencoder alone = Autoencoder.load(file, InitialWeights.Kind.EMA);
    assertEquals(sha256(vae), sha256(alone.vae().module()));
    assertEquals(statistics, alone.statistics());
  }

  private static MedSora loaded(Path file, InitialWeights.Kind kind) throws IOException {
    return Lvdm.load(file, kind, null, SIDE);
  }

  /** A weight that two names share may lie under either of them. */
  @Test
  void aSharedWeightMayHaveOneName() throws IOException {
    for (boolean inner : new boolean[] {true, false}) {
      Map<String, Entry> entries = released();
      for (String name : vae.stateDict().keySet()) {
        String outer = name.replace(".conv.weight", ".weight");
        if (!outer.equals(name)) {
          entries.remove("first_stage_model." + (inner ? name : outer));
        }
      }
      assertTrue(entries.size() < released().size());
      MedSora read = loaded(written(entries), InitialWeights.Kind.RAW);
      assertEquals(sha256(vae), sha256(read.autoencoder().vae().module()));
    }
  }

  @Test
  void withoutAverageTheRawWeightsAreTaken() throws IOException {
    Map<String, Entry> entries = released();
    entries.keySet().removeIf(name -> name.startsWith("model_ema."));
    MedSora read = loaded(written(entries), InitialWeights.Kind.EMA);
    assertEquals(sha256(raw), sha256(read.denoiser().module()));
  }

  @Test
  void whatIsMissingOrTooMuchIsNamed() throws IOException {
    Map<String, Entry> fewer = released();
    fewer.remove("model.diffusion_model.out.2.bias");
    assertNamed(fewer, "out.2.bias");
    Map<String, Entry> more = released();
    more.put("model.diffusion_model.label_emb.weight", number(1));
    assertNamed(more, "unexpected label_emb.weight");
    Map<String, Entry> alone = released();
    alone.keySet().removeIf(name -> name.startsWith("first_stage_model."));
    assertNamed(alone, "holds no video autoencoder of LVDM");
    Path other = ReleasedFile.plain(folder.resolve("other.pt"), Map.of("a.weight", number(1)));
    assertFalse(Lvdm.isOne(other));
    assertFalse(Lvdm.isOne(folder));
  }

  private void assertNamed(Map<String, Entry> entries, String wanted) throws IOException {
    Path file = written(entries);
    String said =
        assertThrows(IOException.class, () -> loaded(file, InitialWeights.Kind.RAW)).getMessage();
    assertTrue(said.contains(wanted) && said.contains(file.toString()), said);
  }

  /** At the size of the training, and larger. */
  @Test
  void clipsAreDrawn() throws IOException {
    Path file = written(released());
    for (int size : new int[] {SIDE, 2 * SIDE}) {
      MedSora model = Lvdm.load(file, InitialWeights.Kind.RAW, null, size);
      for (Sampler.Method method :
          List.of(new Sampler.Method.Ddpm(), model.denoiser().practice().ddim(1))) {
        Generator generator = model.generator(new Generator.Settings(2, method));
        Clip clip = generator.sample(1, 0, done -> {});
        assertEquals(8, clip.length());
        assertEquals(size, clip.height());
        assertArrayEquals(clip.frames().get(5), generator.sample(1, 0, done -> {}).frames().get(5));
      }
    }
  }

  /** A manifest says the size, and the same clip is drawn again by it. */
  @Test
  void aSampleIsDrawnAgain() throws IOException {
    Path file = written(released());
    SampleModel model = SampleModel.load(file, null, "raw", 2 * SIDE);
    assertEquals(2 * SIDE, model.record().size());
    DrawRecord.Settings settings =
        new DrawRecord.Settings(3, "ddim", 1, 2, 0, 0, 6, DrawRecord.Condition.NONE);
    Clip drawn = model.draw(settings, 0);
    assertEquals(2 * SIDE, drawn.width());
    Label label = Provenance.of(model.record(), settings, 0, drawn).label();
    DrawRecord.Model said = Provenance.read("clip", label).model();
    assertEquals(2 * SIDE, said.size());
    Clip again = SampleModel.load(file, null, said.weights(), said.size()).draw(settings, 0);
    assertEquals(Provenance.framesSha256(drawn), Provenance.framesSha256(again));
    Path other = ReleasedFile.plain(folder.resolve("other.pt"), Map.of("a.weight", number(1)));
    assertThrows(
        IllegalArgumentException.class, () -> SampleModel.load(other, null, "raw", 2 * SIDE));
  }
}
