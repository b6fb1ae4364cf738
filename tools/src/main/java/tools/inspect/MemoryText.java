package tools.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The memory of a training step, in float32.
 *
 * @param parameters of the model
 * @param trained those that learn: each has a gradient, two moments and an average
 * @param batch micro-batches of a step; sums of gradients wait for each other in a binary tree
 * @param kept floats that the gradients of one micro-batch read
 * @param inside floats of one block that runs again in backward, 0 without recomputation
 */
record MemoryText(long parameters, long trained, int batch, long kept, long inside) {
  /** Sets of gradients that are alive at once at most. */
  int gradientSets() {
    int levels = 1;
    for (int leaves = 1; leaves < batch; leaves *= 2) {
      levels++;
    }
    return levels;
  }

  long optimiserBytes() {
    return 4 * (parameters + ((gradientSets() + 3L) * trained));
  }

  long activationBytes() {
    return 4 * (kept + inside);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("memory of a training step, float32, batch " + batch + " in micro-batches of 1");
    lines.add(row("weights", parameters));
    lines.add(row("gradients x" + gradientSets(), gradientSets() * trained));
    lines.add(row("moments x2", 2 * trained));
    lines.add(row("moving average", trained));
    lines.add(row("activations", kept));
    if (inside > 0) {
      lines.add(row("one block, run again", inside));
    }
    lines.add(
        String.format(
            Locale.ROOT, "  %-22s%10.3f GB", "sum", (optimiserBytes() + activationBytes()) / 1e9));
    lines.add(
        "  activations: what the gradients read (inputs of convolutions, products, norms and scans,"
            + " saved attention weights), each once, as the forward pass and the loss leave it;"
            + " not counted: temporaries of single ops, packed panels, the data, the Java machine");
    return lines;
  }

  private static String row(String what, long floats) {
    return String.format(Locale.ROOT, "  %-22s%10.3f GB", what, 4e-9 * floats);
  }
}
