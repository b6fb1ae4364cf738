package tools.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.autodiff.Tape;
import engine.io.SafeTensorsWriter;
import engine.op.layout.Layout;
import engine.reference.Formula;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import medsora.dino.Vit;
import medsora.dino.VitConfig;
import nn.io.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DinoFamilyTest {
  @TempDir Path folder;

  /** No square, no power of two, another width and depth; the formula's weights follow. */
  @Test
  void picturesOfDinoMayHaveAnySize() throws IOException {
    Path file = folder.resolve("dino_small_formula.safetensors");
    Path wrong = Files.createDirectory(folder.resolve("wrong")).resolve(file.getFileName());
    for (Path to : List.of(file, wrong)) {
      dino(to.equals(wrong) ? 1e-3f : 0f).write(to);
    }
    FileResult result = new Conformance(null).check(file);
    assertEquals(FileResult.Outcome.PASSED, result.outcome(), result.toString());
    assertEquals(List.of(), failures(result));
    assertEquals(List.of("out.layer1_sub"), failures(new Conformance(null).check(wrong)));
  }

  /** Layers of pictures of 48x80 and 17x130 pixels, one place off by something. */
  private static SafeTensorsWriter dino(float off) {
    Vit vit = new Vit(new VitConfig(8, 128, 2, 2, 28));
    new FormulaWeights(7, null, null).fill(vit);
    SafeTensorsWriter writer = new SafeTensorsWriter().metadata("weights", "formula seed 7");
    try (Tape scope = Tape.noGrad()) {
      Tensor wide = picture(48, 80);
      List<Tensor> layers = vit.layers(wide);
      add(writer, "in.image", wide);
      add(writer, "out.layer0", layers.get(0));
      Tensor part = every(every(layers.get(1), 1, 16), 2, 8);
      part.storage().write(changed(part.toArray(), off));
      add(writer, "out.layer1_sub", part);
      add(writer, "out.pos_embed", vit.positions(6, 10));
      add(writer, "stats.layers", statistics(layers));
      Tensor odd = picture(17, 130);
      add(writer, "in.image_odd", odd);
      add(writer, "out.layer1_odd", vit.layers(odd).get(1));
      add(writer, "out.pos_embed_odd_sub", every(vit.positions(2, 16), 2, 16));
    }
    return writer;
  }

  private static float[] changed(float[] values, float off) {
    values[5] += off;
    return values;
  }

  private static Tensor picture(int h, int w) {
    long[] shape = {1, 3, h, w};
    return Tensor.of(Shape.of(1, 3, h, w), Formula.input(3, h, shape, 127, 128));
  }

  private static Tensor every(Tensor x, int axis, int step) {
    int[] index = new int[(x.dim(axis) + step - 1) / step];
    Arrays.setAll(index, i -> i * step);
    return Layout.gather(x, axis, index);
  }

  private static Tensor statistics(List<Tensor> layers) {
    return Layout.concat(0, layers.stream().map(DinoFamilyTest::statistics).toList());
  }

  private static Tensor statistics(Tensor x) {
    Statistics s = Statistics.of(x.toArray());
    double[] row = {s.sum(), s.norm(), s.first(), s.last(), s.largest()};
    return Tensor.generate(Shape.of(1, row.length), i -> (float) row[i]);
  }

  private static List<String> failures(FileResult result) {
    return result.rows().stream().filter(Row::failed).map(Row::name).toList();
  }

  private static void add(SafeTensorsWriter writer, String name, Tensor x) {
    writer.floats(name, Weights.extents(x.shape()), x.toArray());
  }
}
