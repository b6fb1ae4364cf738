package medsora.dino;

import static engine.op.elementwise.Elementwise.scale;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.op.elementwise.Elementwise;
import engine.op.layout.Layout;
import engine.random.RandomKey;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What a step of self-distillation minimises, on crops that are drawn once. */
public final class DinoLoss {
  private static final int LARGE = 2;

  private final List<Tensor> crops;

  /**
   * @param pictures [N, 3, H, W], normalised for the network
   * @param key of the draws
   */
  public DinoLoss(Tensor pictures, Distillation distillation, RandomKey key) {
    try (Tape scope = Tape.noGrad()) {
      List<Tensor> drawn = Crops.ofStep(pictures, distillation, key);
      this.crops = drawn.stream().map(t -> Tensor.of(t.shape(), t.toArray())).toList();
    }
  }

  /**
   * Cosines of the large crops under the present weights, which shall be the teacher's: [2N, K].
   */
  public Tensor teacher(Vit vit, DinoHead head) {
    try (Tape scope = Tape.noGrad()) {
      Tensor y = head.forward(vit.forward(Layout.concat(0, crops.subList(0, LARGE))));
      return Tensor.of(y.shape(), y.toArray());
    }
  }

  /**
   * The mean over all pairs of a large crop under the teacher and another crop under the student,
   * one element [].
   *
   * @param cosines what {@link #teacher} gave, [2N, K]
   */
  public Tensor of(Vit student, DinoHead head, Tensor cosines) {
    int n = crops.getFirst().dim(0);
    Tensor targets;
    try (Tape scope = Tape.noGrad()) {
      Tensor sharp = head.sharpened(cosines);
      targets = Tensor.of(sharp.shape(), sharp.toArray());
    }
    List<Tensor> students = students(student, head, n);
    List<Tensor> pairs = new ArrayList<>();
    for (int q = 0; q < LARGE; q++) {
      Tensor target = slice(targets, 0, q * n, (q + 1) * n);
      for (int v = 0; v < students.size(); v++) {
        if (v != q) {
          pairs.add(DinoHead.crossEntropy(target, students.get(v)));
        }
      }
    }
    Tensor total = pairs.stream().reduce(Elementwise::add).orElseThrow();
    return scale(total, 1f / pairs.size());
  }

  /** Cosines of each crop; crops of one size pass together. */
  private List<Tensor> students(Vit student, DinoHead head, int n) {
    List<Tensor> out = new ArrayList<>();
    for (List<Tensor> group :
        List.of(crops.subList(0, LARGE), crops.subList(LARGE, crops.size()))) {
      if (!group.isEmpty()) {
        Tensor y = head.forward(student.forward(Layout.concat(0, group)));
        for (int i = 0; i < group.size(); i++) {
          out.add(slice(y, 0, i * n, (i + 1) * n));
        }
      }
    }
    return out;
  }
}
