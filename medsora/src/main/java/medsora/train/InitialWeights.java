package medsora.train;

import engine.io.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import nn.Module;
import nn.Parameter;
import nn.io.Weights;

/**
 * Weights from files into modules: from checkpoints of this program, raw or averaged, and from
 * plain safetensors files whose names are those of the state dict.
 */
public final class InitialWeights {
  private static final String MODEL = "model.";
  private static final String EMA = "ema.";

  private InitialWeights() {}

  /** Which of the weights of a checkpoint. */
  public enum Kind {
    /** The moving averages over training, where a parameter has one. */
    EMA,
    /** The weights as the last step left them. */
    RAW
  }

  /**
   * Reads weights into a module.
   *
   * @throws IOException if names or shapes do not fit; all faults are listed
   */
  public static void load(Path path, Module module, Kind kind) throws IOException {
    try (SafeTensors file = SafeTensors.open(path)) {
      file.verify();
      boolean checkpoint = file.names().stream().anyMatch(n -> n.startsWith(MODEL));
      Weights.load(file, checkpoint ? MODEL : "", module);
      if (checkpoint && kind == Kind.EMA) {
        averages(file, module);
      }
    }
  }

  private static void averages(SafeTensors file, Module module) {
    for (Map.Entry<String, Parameter> e : module.parameters().entrySet()) {
      // Frozen parameters have no average: theirs is their value.
      if (file.contains(EMA + e.getKey())) {
        e.getValue().value().storage().write(file.floats(EMA + e.getKey()));
      }
    }
  }
}
