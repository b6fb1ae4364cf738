package medsora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.Dtype;
import engine.io.SafeTensors;
import engine.io.TorchWriter;
import engine.reference.Formula;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.baseline.endora.Endora;
import medsora.baseline.endora.EndoraConfig;
import medsora.baseline.sdvae.SdVae;
import medsora.baseline.sdvae.SdVaeConfig;
import medsora.diffusion.Sampler;
import medsora.media.Clip;
import medsora.train.store.ExportedWeights;
import medsora.train.store.InitialWeights.Kind;
import nn.Buffer;
import nn.Entry;
import nn.Module;
import nn.Outline;
import nn.io.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endora's checkpoints and its autoencoder's in every published form. */
class EndoraWeightsTest {
  private static final SdVaeConfig VAE = new SdVaeConfig(List.of(32, 32, 64, 64), 1, 4, 32);

  private static final EndoraConfig ENDORA =
      new EndoraConfig(
          4, 4, 2, 64, 4, 1, 24, 16, new EndoraConfig.Prior(0.5, List.of(0), List.of(2)));

  @TempDir Path folder;

  private static <M extends Module> M filled(M module, long seed) {
    int p = 0;
    for (Map.Entry<String, Entry> e : module.stateDict().entrySet()) {
      long[] shape = Weights.extents(e.getValue().shape());
      e.getValue().write(Formula.value(e.getKey(), shape, seed, p++));
    }
    return module;
  }

  private static String sha256(Module module) {
    return Weights.sha256(module.stateDict());
  }

  @Test
  void theFullSizeHasThePublishedEntries() {
    SdVae full = Outline.of(SdVaeConfig.PUBLISHED::network);
    assertEquals(83_653_863, full.parameterCount());
    List<String> names = List.copyOf(full.stateDict().keySet());
    assertEquals(248, names.size());
    // In the decoder the levels stand before the middle, and in a middle the attention is first.
    assertEquals(214, names.indexOf("decoder.mid_block.attentions.0.group_norm.weight"));
    assertEquals(108, names.indexOf("decoder.up_blocks.0.resnets.0.norm1.weight"));
    assertEquals(88, names.indexOf("encoder.mid_block.resnets.0.norm1.weight") + 2);
    assertEquals("post_quant_conv.bias", names.getLast());
  }

  /** The present names of diffusers, the former ones and the original ones. */
  @Test
  void allThreeSetsOfNamesAreRead() throws IOException {
    SdVae vae = filled(VAE.network(), 3);
    Map<String, Entry> former = new LinkedHashMap<>();
    Map<String, Entry> original = new LinkedHashMap<>();
    vae.stateDict()
        .forEach((name, entry) -> {
          former.put(former(name), entry);
          original.put("first_stage_model." + original(name), originalShape(name, entry));
        });
    original.put("model.diffusion_model.out.weight", new Buffer(Tensor.zeros(Shape.of(2)), false));
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("present", ReleasedFile.plain(folder.resolve("present.pt"), vae.stateDict()));
    files.put("former", ReleasedFile.plain(folder.resolve("former.pt"), former));
    files.put("original", ReleasedFile.plain(folder.resolve("original.ckpt"), original));
    for (Map.Entry<String, Path> file : files.entrySet()) {
      Autoencoder read = Autoencoder.load(file.getValue(), Kind.EMA);
      assertEquals(VAE, read.vae().config(), file.getKey());
      assertEquals(sha256(vae), sha256(read.vae().module()), file.getKey());
      assertEquals(List.of(0.18215f), read.statistics().scales());
      assertEquals(List.of(0f), read.statistics().shifts());
    }
  }

  private static String former(String name) {
    return name.replace("attentions.0.to_q.", "attentions.0.query.")
        .replace("attentions.0.to_k.", "attentions.0.key.")
        .replace("attentions.0.to_v.", "attentions.0.value.")
        .replace("attentions.0.to_out.0.", "attentions.0.proj_attn.");
  }

  private static String original(String name) {
    String at = name;
    for (int i = 0; i < 4; i++) {
      at = at.replace("decoder.up_blocks." + i + ".", "decoder.up." + (3 - i) + ".");
      at = at.replace("down_blocks." + i + ".", "down." + i + ".");
      at = at.replace(".mid_block.resnets." + i + ".", ".mid.block_" + (i + 1) + ".");
      at = at.replace(".resnets." + i + ".", ".block." + i + ".");
    }
    return at.replace("mid_block.attentions.0.group_norm.", "mid.attn_1.norm.")
        .replace("mid_block.attentions.0.to_q.", "mid.attn_1.q.")
        .replace("mid_block.attentions.0.to_k.", "mid.attn_1.k.")
        .replace("mid_block.attentions.0.to_v.", "mid.attn_1.v.")
        .replace("mid_block.attentions.0.to_out.0.", "mid.attn_1.proj_out.")
        .replace("conv_shortcut", "nin_shortcut")
        .replace("conv_norm_out", "norm_out")
        .replace("downsamplers.0", "downsample")
        .replace("upsamplers.0", "upsample");
  }

  /** The attention's layers as 1x1 convolutions. */
  private static Entry originalShape(String name, Entry entry) {
    Shape s = entry.shape();
    boolean matrix = name.contains("attentions.0.to_") && s.rank() == 2;
    return matrix
        ? new Buffer(entry.value().view(Shape.of(s.dim(0), s.dim(1), 1, 1)), false)
        : entry;
  }

  /** {"ema": state dict}, as the released training saves it; both classes; and back out again. */
  @Test
  void aCheckpointOfTheReleasedTrainingIsReadSampledAndWritten() throws IOException {
    Path vae = ReleasedFile.plain(folder.resolve("vae.pt"), filled(VAE.network(), 4).stateDict());
    Endora endora = filled(ENDORA.network(), 6);
    Path file = new ReleasedFile().part("ema", endora).write(folder.resolve("0010000.pt"));
    Autoencoder autoencoder = Autoencoder.load(vae, Kind.EMA);
    MedSora model = MedSora.load(file, Kind.EMA, autoencoder);
    EndoraConfig read = (EndoraConfig) model.config().denoiser();
    assertEquals(List.of(64, 4, 1, 24, 16), sizes(read));
    assertEquals(sha256(endora), sha256(model.denoiser().module()));
    Generator generator = model.generator(new Generator.Settings(2, new Sampler.Method.Ddpm()));
    Clip clip = generator.sample(1, 0, done -> {});
    assertEquals(16, clip.length());
    assertEquals(32, clip.height());

    Path out = folder.resolve("out.safetensors");
    ExportedWeights.write(file, Kind.EMA, Dtype.F32, out);
    try (SafeTensors exported = SafeTensors.open(out)) {
      assertEquals(List.copyOf(endora.stateDict().keySet()), exported.names());
    }
    Path pickle = folder.resolve("out.pt");
    try (SafeTensors exported = SafeTensors.open(out)) {
      TorchWriter.write(exported, "ema", pickle);
    }
    MedSora third = MedSora.load(pickle, Kind.EMA, autoencoder);
    assertEquals(sha256(endora), sha256(third.denoiser().module()));
    MedSora again = MedSora.load(out, Kind.EMA, autoencoder);
    assertArrayEquals(
        clip.values(),
        again
            .generator(new Generator.Settings(2, new Sampler.Method.Ddpm()))
            .sample(1, 0, done -> {})
            .values());
  }

  private static List<Integer> sizes(EndoraConfig c) {
    return List.of(c.hidden(), c.depth(), c.heads(), c.frames(), c.videoFrames());
  }

  /** The class for sampling has no convolution of the prior, and no images. */
  @Test
  void theClassWithoutImagesIsRead() throws IOException {
    EndoraConfig video = new EndoraConfig(4, 4, 2, 64, 4, 1, 16, 16, ENDORA.prior());
    Endora endora = filled(video.network(), 6);
    Path file = new ReleasedFile().part("ema", endora).write(folder.resolve("video.pt"));
    Path vae = ReleasedFile.plain(folder.resolve("vae.pt"), filled(VAE.network(), 4).stateDict());
    MedSora model = MedSora.load(file, Kind.EMA, Autoencoder.load(vae, Kind.EMA));
    assertEquals(List.of(64, 4, 1, 16, 16), sizes((EndoraConfig) model.config().denoiser()));
    assertTrue(Files.size(file) > 0);
  }
}
