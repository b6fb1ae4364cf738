package engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that PyTorch itself wrote, in the forms that trainings leave: testdata/torch. */
class PublishedCheckpointTest {
  private static final List<String> NET =
      List.of("0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias");

  private static Path file(String name) {
    return Fixtures.testdata().resolve("torch").resolve(name);
  }

  @ParameterizedTest
  @CsvSource({
    "c01-model-ema-opt-namespace.pt, ema, 0.5",
    "c01b-vae-model-namespace.pt, model, 0.25",
    "c02-omegaconf.pt, ema, 0.5",
    "c03-lightning-class-key.ckpt, state_dict, 0.25",
    "c04c-numpy-array.pt, model, 0.25",
    "c05-tutorial-loss-tensor.pt, model_state_dict, 0.25",
    "c05b-rng-state.pt, ema, 0.5",
    "c09b-dtypes.pt, model, 0.25",
    "c10-compiled.pt, model, 0.25",
    "c10c-ema-pytorch.pt, ema, 0.5"
  })
  void thePartThatIsMeantIsRead(String name, String part, float value) throws IOException {
    try (TorchCheckpoint t = TorchCheckpoint.open(file(name))) {
      assertEquals(part, t.part());
      assertEquals(NET, t.names());
      assertArrayEquals(new long[] {2, 1, 3, 3}, t.shape("2.weight"));
      int elements = 0;
      for (String tensor : t.names()) {
        for (float v : t.floats(tensor)) {
          assertEquals(value, v, 2e-3, tensor);
          elements++;
        }
      }
      assertEquals(41, elements);
    }
  }

  @Test
  void rawWeightsAreReadWhereTheyAreAskedFor() throws IOException {
    Path both = file("c01-model-ema-opt-namespace.pt");
    try (TensorSource raw = TensorSource.open(both, TensorSource.Choice.RAW)) {
      assertEquals(0.25f, raw.floats("1.bias")[0], 2e-3);
    }
    try (TensorSource named = TensorSource.open(both, TensorSource.Choice.part("model"))) {
      assertEquals(0.25f, named.floats("1.bias")[0], 2e-3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "metric_torchscript_sample.pt, param., ''",
    "baseline_persistent_pickle_sample.pkl, out., G_ema"
  })
  void objectsAreReadAsTheirState(String name, String prefix, String part) throws IOException {
    Path expected = file(name.replaceFirst("\\.\\w+$", ".safetensors"));
    try (TorchCheckpoint t = TorchCheckpoint.open(file(name));
        SafeTensors wanted = SafeTensors.open(expected)) {
      assertEquals(part, t.part());
      TreeSet<String> names = new TreeSet<>();
      t.names().forEach(n -> names.add(prefix + n));
      assertEquals(new TreeSet<>(wanted.names()), names);
      for (String tensor : t.names()) {
        String there = prefix + tensor;
        if (wanted.dtype(there).isFloating()) {
          assertArrayEquals(wanted.floats(there), t.floats(tensor), tensor);
        } else {
          assertArrayEquals(wanted.longs(there), t.longs(tensor), tensor);
        }
        // A scalar has no extents; the list of what is expected gives it one.
        if (t.shape(tensor).length > 0) {
          assertArrayEquals(wanted.shape(there), t.shape(tensor), tensor);
        }
      }
      assertTrue(t.names().size() > 5);
    }
  }
}
