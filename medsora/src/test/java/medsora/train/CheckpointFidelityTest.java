package medsora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.io.SafeTensors;
import engine.kernel.Backends;
import engine.kernel.EmaArgs;
import engine.kernel.Fidelity;
import engine.kernel.Kernels;
import engine.kernel.RandomKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarKernels;
import engine.kernel.scalar.ScalarRandom;
import engine.random.RandomKey;
import engine.tensor.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import medsora.train.store.Checkpoint;
import nn.init.Init;
import nn.layer.Linear;
import nn.optim.Adam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint says whether the backend that made it kept the numeric contract. */
class CheckpointFidelityTest {
  @TempDir Path folder;

  @Test
  void checkpointsOfAnApproximateBackendSaySo() throws IOException {
    Kernels sound = new ScalarKernels(Workers.SINGLE);
    Kernels broken =
        new ScalarKernels(Workers.SINGLE) {
          @Override
          public RandomKernels random() {
            return new ScalarRandom(Workers.SINGLE) {
              @Override
              public void uniform(RandomKey key, Storage y, int n) {
                super.uniform(key.withStream(key.stream() + 1), y, n);
              }
            };
          }
        };
    assertEquals("exact", fidelity(sound, "exact.safetensors"));
    assertEquals(Fidelity.APPROXIMATE.toString(), fidelity(broken, "approximate.safetensors"));
  }

  private String fidelity(Kernels kernels, String name) throws IOException {
    Path path = folder.resolve(name);
    return Backends.with(
        kernels,
        () -> {
          TrainState state =
              new TrainState(
                  new Objective.Trained(
                      new Linear(3, 2, true, Init.zeros()),
                      null,
                      Adam.Settings.DEFAULT,
                      0.9,
                      EmaArgs.Form.INCREMENTAL));
          Checkpoint.save(path, state, new Checkpoint.Info("s", 0, "{}", Map.of(), "d", Map.of()));
          Checkpoint.info(path);
          try (SafeTensors file = SafeTensors.open(path)) {
            return file.metadata().get("numeric_fidelity");
          }
        });
  }
}
