package medsora.train;

import engine.autodiff.Tape;
import engine.io.SafeTensorsWriter;
import engine.kernel.EmaArgs;
import engine.op.layout.Layout;
import engine.random.RandomKey;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import medsora.config.DinoConfig;
import medsora.dino.DinoExtractor;
import medsora.dino.DinoHead;
import medsora.dino.DinoLoss;
import medsora.dino.Distillation;
import medsora.dino.Vit;
import medsora.dino.VitConfig;
import medsora.train.store.Identity;
import medsora.train.store.StepReport;
import nn.io.Weights;
import nn.optim.Adam;
import nn.optim.Ema;
import org.jspecify.annotations.Nullable;

/**
 * Self-distillation of a vision transformer on pictures (Caron et al. 2021): the teacher is the
 * moving average of the student. Where upstream has AdamW with a rising weight decay and a rising
 * momentum, both stay what they are here, and there is no weight decay.
 */
public final class DinoObjective implements Objective {
  public static final String NAME = "dino";

  private static final long STAGE_ID = 3;
  private static final long HEAD_ID = 4;
  private static final int CHOICE = 0;
  private static final int CROPS = 1;

  /** Gradients of one step are not longer, as published. */
  private static final double CLIP = 3;

  private final Distillation settings;
  private final Tensor pictures;
  private final String about;
  private final long seed;
  private final Vit vit;
  private final DinoHead head;

  /**
   * What the teacher made of the sample drawn last, for the centre that follows it; null at first.
   */
  private @Nullable Tensor taught;

  /**
   * @param pictures [M, 3, H, W], normalised for the network
   * @param about what the pictures are, for the checkpoint
   */
  public DinoObjective(
      VitConfig shape, Distillation settings, Tensor pictures, String about, long seed) {
    this.settings = settings;
    this.pictures = pictures;
    this.about = about;
    this.seed = seed;
    this.vit = new Vit(shape);
    this.head = new DinoHead(shape.width(), settings);
    vit.initialize(seed + STAGE_ID);
    head.initialize(seed + HEAD_ID);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Identity identity() {
    return new Identity(
        new DinoConfig(seed, about, vit.config(), settings),
        List.of("seed", "pictures", "network", "distillation"),
        Map.of());
  }

  @Override
  public Trained trained() {
    return new Trained(
        vit,
        new TrainState.Beside("head.", head),
        Adam.Settings.DEFAULT,
        settings.momentum(),
        EmaArgs.Form.WEIGHTED);
  }

  /** All pictures of a step are one sample: its crops go through the networks together. */
  @Override
  public Plan plan(long step) {
    return new Plan(step, 1, settings.learningRate().at(step), CLIP);
  }

  @Override
  public Sample draw(long n, long step, Ema averages) {
    DinoLoss loss = new DinoLoss(batch(n), settings, new RandomKey(seed + STAGE_ID, CROPS, n));
    Tensor cosines = averages.swapped(() -> loss.teacher(vit, head));
    taught = cosines;
    return new Sample(
        settings.batch() + " pictures",
        new Loss(() -> new Losses(StepReport.TOTAL, loss.of(vit, head, cosines))));
  }

  /** The centre of the teacher's outputs follows them. */
  @Override
  public void stepped() {
    if (taught != null) {
      try (Tape scope = Tape.noGrad()) {
        head.follow(taught);
      }
    }
  }

  /** Pictures drawn with repetition. */
  private Tensor batch(long step) {
    float[] u = new float[settings.batch()];
    new RandomKey(seed + STAGE_ID, CHOICE, step).random().uniform(u, 0, u.length);
    int[] index = new int[u.length];
    for (int i = 0; i < u.length; i++) {
      index[i] = Math.min(pictures.dim(0) - 1, (int) (u[i] * pictures.dim(0)));
    }
    try (Tape scope = Tape.noGrad()) {
      Tensor chosen = Layout.gather(pictures, 0, index);
      return Tensor.of(chosen.shape(), chosen.toArray());
    }
  }

  /**
   * Writes the teacher, which is what features are taken from, for {@link DinoExtractor#load}.
   *
   * @param averages of the weights: the teacher
   */
  public void writeTeacher(Path file, Ema averages) throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter().checksummed();
    writer.metadata(DinoExtractor.HEADS, Integer.toString(vit.config().heads()));
    writer.metadata("pretrained", about);
    // Written while the averages are in place: the writer holds on to them, not to copies.
    IOException[] failed = new IOException[1];
    averages.swapped(() -> {
      Weights.add(writer, "", vit.stateDict());
      try {
        writer.write(file);
      } catch (IOException e) {
        failed[0] = e;
      }
    });
    if (failed[0] != null) {
      throw failed[0];
    }
  }
}
