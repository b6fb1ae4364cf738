package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import medsora.train.store.WeightsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFileTest {
  @TempDir Path folder;

  @Test
  void afileIsItselfWhetherItIsThereOrNot() throws IOException {
    Path absent = folder.resolve("absent.safetensors");
    assertEquals(absent, WeightsFile.find(absent, VaeObjective.NAME));
  }

  /** Each name that is added comes before those that were there. */
  @Test
  void afolderIsTheFirstOfTheUsualNames() throws IOException {
    String said =
        assertThrows(IOException.class, () -> WeightsFile.find(folder, DenoiserObjective.NAME))
            .getMessage();
    for (String name :
        List.of(
            "model.safetensors.index.json",
            "model.safetensors",
            "diffusion_pytorch_model.safetensors.index.json",
            "diffusion_pytorch_model.safetensors",
            "denoiser.safetensors")) {
      assertTrue(said.contains(name), said);
      Path file = Files.createFile(folder.resolve(name));
      assertEquals(file, WeightsFile.find(folder, DenoiserObjective.NAME));
    }
    assertEquals(
        folder.resolve("diffusion_pytorch_model.safetensors"),
        WeightsFile.find(folder, VaeObjective.NAME));
  }
}
