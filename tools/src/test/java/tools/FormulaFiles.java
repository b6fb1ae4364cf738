package tools;

import engine.io.SafeTensorsWriter;
import engine.reference.Formula;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import nn.Buffer;
import nn.Entry;
import nn.Module;

/** Files of weights by the formula of the fixtures. */
final class FormulaFiles {
  private static final long SEED = 1;

  private FormulaFiles() {}

  /** Writes the entries of a module, which needs no values, under its own names. */
  static void write(Path file, Module module) throws IOException {
    SafeTensorsWriter out = new SafeTensorsWriter();
    int p = 0;
    for (Map.Entry<String, Entry> e : module.stateDict().entrySet()) {
      boolean counter = e.getValue() instanceof Buffer b && b.integer();
      if (!counter) {
        long[] shape = new long[e.getValue().shape().rank()];
        for (int axis = 0; axis < shape.length; axis++) {
          shape[axis] = e.getValue().shape().dim(axis);
        }
        out.floats(
            e.getKey(),
            shape,
            Formula.value(range(e.getKey(), shape), e.getValue().shape().size(), SEED, p));
      }
      p++;
    }
    out.write(file);
  }

  private static Formula.Range range(String name, long... shape) {
    // Layers that a ReLU follows want more, for half of what they see is 0.
    boolean rectified = name.contains("conv") && shape.length > 1;
    boolean unnamed = name.endsWith("class_embedding") || name.endsWith("in_proj_bias");
    Formula.Range range = unnamed ? new Formula.Range(0, 0.1) : Formula.range(name, shape);
    return rectified ? new Formula.Range(0, range.amplitude() * Math.sqrt(2)) : range;
  }
}
