package medsora.baseline.lvdm;

import static engine.op.layout.Layout.gather;
import static engine.op.layout.Layout.reshape;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;

/**
 * A learned vector for each distance between two frames, from -reach to reach (Shaw et al., 2018);
 * what is further apart has the vector of the furthest distance.
 */
final class RelativePositions extends Module {
  private final int reach;
  private final Parameter table;

  RelativePositions(int reach, int width) {
    this.reach = reach;
    this.table =
        parameter("embeddings_table", Shape.of((2 * reach) + 1, width), Init.xavierUniform());
  }

  /** [T, T, width], whose (i, j) is the vector of the distance j - i. */
  Tensor vectors(int frames) {
    int[] rows = new int[frames * frames];
    for (int i = 0; i < rows.length; i++) {
      int distance = (i % frames) - (i / frames);
      rows[i] = reach + Math.clamp(distance, -reach, reach);
    }
    return reshape(gather(table.value(), 0, rows), frames, frames, table.shape().dim(1));
  }
}
