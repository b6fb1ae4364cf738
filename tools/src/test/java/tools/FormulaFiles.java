package tools;

import engine.io.SafeTensorsWriter;
import engine.reference.Formula;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
    fill(module, name -> out);
    out.write(file);
  }

  /** The same in two files and an index of them, in a folder; every second entry in each. */
  static void writeSharded(Path folder, Module module) throws IOException {
    Files.createDirectories(folder);
    List<SafeTensorsWriter> parts = List.of(new SafeTensorsWriter(), new SafeTensorsWriter());
    List<String> map = new ArrayList<>();
    fill(
        module,
        name -> {
          map.add("\"%s\": \"%s\"".formatted(name, shard(map.size() % 2)));
          return parts.get((map.size() - 1) % 2);
        });
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).write(folder.resolve(shard(i)));
    }
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"metadata\": {}, \"weight_map\": {" + String.join(",\n", map) + "}}");
  }

  /** Name of a part. */
  static String shard(int part) {
    return "model-0000%d-of-00002.safetensors".formatted(part + 1);
  }

  private static void fill(Module module, Function<String, SafeTensorsWriter> writer) {
    int p = 0;
    for (Map.Entry<String, Entry> e : module.stateDict().entrySet()) {
      boolean counter = e.getValue() instanceof Buffer b && b.integer();
      if (!counter) {
        long[] shape = new long[e.getValue().shape().rank()];
        for (int axis = 0; axis < shape.length; axis++) {
          shape[axis] = e.getValue().shape().dim(axis);
        }
        writer
            .apply(e.getKey())
            .floats(
                e.getKey(),
                shape,
                Formula.value(range(e.getKey(), shape), e.getValue().shape().size(), SEED, p));
      }
      p++;
    }
  }

  private static Formula.Range range(String name, long... shape) {
    // Layers that a ReLU follows want more, for half of what they see is 0.
    boolean rectified = name.contains("conv") && shape.length > 1;
    boolean unnamed = name.endsWith("class_embedding") || name.endsWith("in_proj_bias");
    Formula.Range range = unnamed ? new Formula.Range(0, 0.1) : Formula.range(name, shape);
    return rectified ? new Formula.Range(0, range.amplitude() * Math.sqrt(2)) : range;
  }
}
