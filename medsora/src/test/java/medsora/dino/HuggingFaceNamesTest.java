package medsora.dino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import nn.Entry;
import nn.Outline;
import nn.io.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hugging Face's names of a vision transformer, as facebook/dino-vits16 and its likes have them.
 */
class HuggingFaceNamesTest {
  private static final VitConfig CONFIG = new VitConfig(8, 128, 2, 2, 4);

  @TempDir Path folder;
  private Vit network;

  @BeforeEach
  void draw() {
    network = new Vit(CONFIG);
    network.initialize(5);
  }

  private float[] values(String name) {
    return network.stateDict().get(name).value().toArray();
  }

  private SafeTensorsWriter writer(String prefix, boolean whole) {
    SafeTensorsWriter w = new SafeTensorsWriter();
    copy(w, prefix + "embeddings.cls_token", "cls_token");
    copy(w, prefix + "embeddings.position_embeddings", "pos_embed");
    copy(w, prefix + "embeddings.patch_embeddings.projection.weight", "patch_embed.proj.weight");
    copy(w, prefix + "embeddings.patch_embeddings.projection.bias", "patch_embed.proj.bias");
    for (int i = 0; i < CONFIG.depth(); i++) {
      String there = prefix + "encoder.layer." + i + ".";
      String here = "blocks." + i + ".";
      Map<String, String> parts = new LinkedHashMap<>();
      parts.put("layernorm_before", "norm1");
      parts.put("layernorm_after", "norm2");
      parts.put("attention.output.dense", "attn.proj");
      parts.put("intermediate.dense", "mlp.fc1");
      parts.put("output.dense", "mlp.fc2");
      for (String kind : new String[] {".weight", ".bias"}) {
        parts.forEach((a, b) -> copy(w, there + a + kind, here + b + kind));
        float[] qkv = values(here + "attn.qkv" + kind);
        int third = qkv.length / 3;
        String[] three = {"query", "key", "value"};
        for (int k = 0; k < (whole ? 3 : 2); k++) {
          float[] own = Arrays.copyOfRange(qkv, k * third, (k + 1) * third);
          long[] shape = kind.equals(".bias") ? new long[] {third} : new long[] {128, third / 128};
          w.floats(there + "attention.attention." + three[k] + kind, shape, own);
        }
      }
    }
    copy(w, prefix + "layernorm.weight", "norm.weight");
    copy(w, prefix + "layernorm.bias", "norm.bias");
    return w;
  }

  private void copy(SafeTensorsWriter w, String there, String here) {
    Entry e = network.stateDict().get(here);
    w.floats(there, Weights.extents(e.shape()), e.value().toArray());
  }

  private Path write(SafeTensorsWriter w) throws IOException {
    Path file = folder.resolve("model.safetensors");
    w.write(file);
    return file;
  }

  @Test
  void queryKeyAndValueBecomeOneProjection() throws IOException {
    String wanted = Weights.sha256(network.stateDict());
    Vit read = DinoExtractor.load(write(writer("", true))).network();
    assertEquals(wanted, Weights.sha256(read.stateDict()));
    // A classifier has the network under vit., and what DINO lacks beside it.
    SafeTensorsWriter classifier = writer("vit.", true);
    classifier.floats("classifier.weight", new long[] {2, 128}, new float[256]);
    classifier.floats("vit.pooler.dense.bias", new long[] {128}, new float[128]);
    assertEquals(
        wanted, Weights.sha256(DinoExtractor.load(write(classifier)).network().stateDict()));
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    Path file = write(writer("", false));
    String said = assertThrows(IOException.class, () -> DinoExtractor.load(file)).getMessage();
    assertTrue(said.contains("missing blocks.0.attn.qkv.weight"), said);
    assertTrue(said.contains("unexpected encoder.layer.0.attention.attention.query.weight"), said);
  }

  /** The published S/16 has these names and no others: 12 layers of 16 tensors, 6 beside. */
  @Test
  void theTableCoversThePublishedNetwork() {
    Vit s16 = Outline.of(() -> new Vit(new VitConfig(16, 384, 12, 6, 14)));
    assertEquals(150, s16.stateDict().size());
    assertEquals(21_665_664, s16.parameterCount());
  }
}
