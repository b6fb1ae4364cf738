package medsora.flow.raft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import nn.Entry;
import nn.Outline;
import nn.io.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * torchvision's names, written down here from its modules and not from the table under test: every
 * tensor of the authors' network is found once, with its shape.
 */
class TorchvisionNamesTest {
  @TempDir Path folder;

  /** torchvision's names of an encoder of residual blocks with batch norms, or of bottlenecks. */
  private static void encoder(
      Map<String, String> all, String there, String here, int units, boolean norms) {
    pair(all, there + ".convnormrelu.0", here + ".conv1", false);
    if (norms) {
      pair(all, there + ".convnormrelu.1", here + ".norm1", true);
    }
    for (int layer = 1; layer <= 3; layer++) {
      for (int block = 0; block <= 1; block++) {
        String at = ".layer" + layer + "." + block;
        for (int unit = 1; unit <= units; unit++) {
          pair(all, there + at + ".convnormrelu" + unit + ".0", here + at + ".conv" + unit, false);
          if (norms) {
            pair(all, there + at + ".convnormrelu" + unit + ".1", here + at + ".norm" + unit, true);
          }
        }
        if (layer > 1 && block == 0) {
          pair(all, there + at + ".downsample.0", here + at + ".downsample.0", false);
          if (norms) {
            pair(all, there + at + ".downsample.1", here + at + ".downsample.1", true);
          }
        }
      }
    }
    pair(all, there + ".conv", here + ".conv2", false);
  }

  private static void pair(Map<String, String> all, String there, String here, boolean norm) {
    all.put(there + ".weight", here + ".weight");
    all.put(there + ".bias", here + ".bias");
    if (norm) {
      for (String kept : new String[] {"running_mean", "running_var", "num_batches_tracked"}) {
        all.put(there + "." + kept, here + "." + kept);
      }
    }
  }

  /** From torchvision's names to the authors'. */
  private static Map<String, String> names(boolean basic) {
    Map<String, String> all = new LinkedHashMap<>();
    encoder(all, "feature_encoder", "fnet", basic ? 2 : 3, false);
    encoder(all, "context_encoder", "cnet", basic ? 2 : 3, basic);
    String there = "update_block.motion_encoder.";
    String here = "update_block.encoder.";
    pair(all, there + "convcorr1.0", here + "convc1", false);
    if (basic) {
      pair(all, there + "convcorr2.0", here + "convc2", false);
    }
    pair(all, there + "convflow1.0", here + "convf1", false);
    pair(all, there + "convflow2.0", here + "convf2", false);
    pair(all, there + "conv.0", here + "conv", false);
    for (String gate : new String[] {"convz", "convr", "convq"}) {
      String unit = "update_block.recurrent_block.convgru";
      pair(all, unit + "1." + gate, "update_block.gru." + gate + (basic ? "1" : ""), false);
      if (basic) {
        pair(all, unit + "2." + gate, "update_block.gru." + gate + "2", false);
      }
    }
    pair(all, "update_block.flow_head.conv1", "update_block.flow_head.conv1", false);
    pair(all, "update_block.flow_head.conv2", "update_block.flow_head.conv2", false);
    if (basic) {
      pair(all, "mask_predictor.convrelu.0", "update_block.mask.0", false);
      pair(all, "mask_predictor.conv", "update_block.mask.2", false);
    }
    return all;
  }

  private static Map<String, String> shapes(Map<String, Entry> entries) {
    Map<String, String> shapes = new TreeMap<>();
    entries.forEach((name, e) -> shapes.put(name, e.shape().toString()));
    return shapes;
  }

  /** A file under torchvision's names with the values of a network. */
  private Path file(Raft network, boolean basic) throws IOException {
    Map<String, Entry> own = network.stateDict();
    Map<String, Entry> renamed = new LinkedHashMap<>();
    names(basic).forEach((there, here) -> renamed.put(there, own.get(here)));
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Weights.add(writer, "", renamed);
    Path file = folder.resolve(basic ? "raft_large.safetensors" : "raft_small.safetensors");
    writer.write(file);
    return file;
  }

  @Test
  void bothNetworksHaveTheSameTensorsUnderBothNames() throws IOException {
    for (RaftConfig config : new RaftConfig[] {RaftConfig.BASIC, RaftConfig.SMALL}) {
      boolean basic = config.equals(RaftConfig.BASIC);
      Raft network = new Raft(config);
      network.initialize(3);
      Path file = file(network, basic);
      try (TensorSource opened = SafeTensors.open(file)) {
        assertEquals(Set.of(), missing(TorchvisionNames.translated(opened), config));
      }
      RaftEstimator read = RaftEstimator.load(file, 1);
      assertEquals(shapes(network.stateDict()), shapes(read.network().stateDict()));
      assertEquals(Weights.sha256(network.stateDict()), Weights.sha256(read.network().stateDict()));
    }
  }

  private static Set<String> missing(TensorSource translated, RaftConfig config) {
    Set<String> names = new TreeSet<>(Outline.of(() -> new Raft(config)).stateDict().keySet());
    translated.names().forEach(names::remove);
    return names;
  }

  @Test
  void theAuthorsNamesStayAsTheyAre() throws IOException {
    Raft network = new Raft(RaftConfig.SMALL);
    network.initialize(4);
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Weights.add(writer, "", network.stateDict());
    Path file = folder.resolve("raft-small.safetensors");
    writer.write(file);
    try (TensorSource opened = SafeTensors.open(file)) {
      assertSame(opened, TorchvisionNames.translated(opened));
      assertArrayEquals(
          network.stateDict().get("fnet.conv1.bias").value().toArray(),
          opened.floats("fnet.conv1.bias"));
    }
  }
}
