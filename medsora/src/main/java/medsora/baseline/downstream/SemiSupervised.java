package medsora.baseline.downstream;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.EmaArgs;
import engine.op.reduce.Reduce;
import engine.random.RandomKey;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import nn.Mode;
import nn.Parameter;
import nn.loss.CrossEntropy;
import nn.optim.Adam;
import nn.optim.Ema;
import nn.optim.LearningRate;
import nn.optim.Sgd;

/** Trains a classifier on labelled clips and on clips without label, and tests it every epoch. */
public final class SemiSupervised {
  private static final double MOMENTUM = 0.9;
  private static final double DECAY = 0.999;
  private static final long ORDERS = 1L << 40;
  private static final long WEAK = 2L << 40;
  private static final long OTHERS = 3L << 40;
  private static final long STRONG = 4L << 40;

  private final ClipNetwork network;
  private final DownstreamOptions options;
  private final Views views;
  private final long seed;
  private final List<Tensor> weights = new ArrayList<>();

  /**
   * @param network with the weights that it begins with; they are changed
   * @param seed of the order of clips and of the views
   */
  public SemiSupervised(ClipNetwork network, DownstreamOptions options, long seed) {
    this.network = network;
    this.options = options;
    this.views = new Views(network.side(), options.centred());
    this.seed = seed;
    for (Parameter p : network.module().trainable()) {
      weights.add(p.value());
    }
  }

  /**
   * Trains.
   *
   * @param unlabelled clips, none for a training on labels alone, of which the weights themselves
   *     are tested
   * @param tested is told F1 and the number of each epoch that may count
   * @return F1 of the epoch that counts
   */
  public F1 run(Examples labelled, Examples unlabelled, Examples test, ObjIntConsumer<F1> tested) {
    int steps = Math.max(1, labelled.count() / options.batch());
    LearningRate rate = LearningRate.cosine(options.rate(), 0, options.epochs());
    Moves moves = moves();
    Ema ema = new Ema(weights, EmaArgs.Form.WEIGHTED, DECAY, false);
    PseudoLabels labels = new PseudoLabels(PseudoLabels.THRESHOLD, PseudoLabels.WINDOW);
    Order known = new Order(labelled, new RandomKey(seed, ORDERS, 0));
    Order unknown = new Order(unlabelled, new RandomKey(seed, ORDERS + 1, 0));
    boolean averaged = options.averaged() && unlabelled.count() > 0;
    F1 counts = new F1(0, 0, 0);
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      labels.clear();
      for (int i = 0; i < steps; i++) {
        long step = (long) epoch * steps + i;
        try (Tape tape = Tape.open()) {
          Tensor loss = loss(known.next(), unknown.next(), labels, step);
          moves.step(gradients(tape.backward(loss)), rate.at(epoch));
        }
        ema.update();
      }
      if (options.best() || epoch + 1 == options.epochs()) {
        F1 now = averaged ? ema.swapped(() -> test(test)) : test(test);
        tested.accept(now, epoch);
        if (!options.best() || now.value() > counts.value()) {
          counts = now;
        }
      }
    }
    return counts;
  }

  /** A step of an optimiser. */
  private interface Moves {
    void step(List<Tensor> gradients, double rate);
  }

  private Moves moves() {
    if (options.adaptive()) {
      Adam adam = new Adam(weights, Adam.Settings.DEFAULT);
      return (gradients, rate) -> adam.step(gradients, rate, 1);
    }
    return new Sgd(weights, MOMENTUM)::step;
  }

  private List<Tensor> gradients(Gradients all) {
    List<Tensor> out = new ArrayList<>();
    for (Tensor w : weights) {
      Tensor found = all.find(w);
      out.add(found == null ? Tensor.zeros(w.shape()) : found);
    }
    return out;
  }

  /** All views of a step go through the network together. */
  private Tensor loss(
      List<Examples.Example> known,
      List<Examples.Example> unknown,
      PseudoLabels labels,
      long step) {
    Mode mode = Mode.training(seed, step);
    int[] classes = known.stream().mapToInt(Examples.Example::label).toArray();
    Tensor labelled = views.weak(known, new RandomKey(seed, WEAK, step));
    if (unknown.isEmpty()) {
      return Reduce.mean(CrossEntropy.rows(network.forward(labelled, mode), classes));
    }
    Tensor weak = views.weak(unknown, new RandomKey(seed, OTHERS, step));
    boolean strong = options.view() == FixMatchLoss.View.STRONG;
    Tensor seen =
        strong
            ? concat(0, labelled, weak, views.strong(unknown, new RandomKey(seed, STRONG, step)))
            : concat(0, labelled, weak);
    Tensor logits = network.forward(seen, mode);
    int n = known.size();
    int m = n + unknown.size();
    Tensor judged = slice(logits, 0, n, m);
    Tensor learned = strong ? slice(logits, 0, m, m + unknown.size()) : judged;
    return FixMatchLoss.of(slice(logits, 0, 0, n), classes, learned, labels.next(judged)).total();
  }

  /** What it says of the test clips. */
  private F1 test(Examples test) {
    int[] said = new int[test.count()];
    for (int i = 0; i < said.length; i += options.batch()) {
      int to = Math.min(said.length, i + options.batch());
      try (Tape scope = Tape.noGrad()) {
        Tensor clips = views.test(test.examples().subList(i, to));
        float[] logits = network.forward(clips, Mode.EVAL).toArray();
        for (int j = i; j < to; j++) {
          int at = (j - i) * Examples.CLASSES;
          said[j] = logits[at + 1] > logits[at] ? 1 : 0;
        }
      }
    }
    return F1.of(said, test.labels());
  }

  /** Batches of clips in an order that is drawn anew whenever all were seen. */
  private final class Order {
    private final Examples examples;
    private final RandomKey key;
    private int[] order = new int[0];
    private int at;
    private long round;

    Order(Examples examples, RandomKey key) {
      this.examples = examples;
      this.key = key;
    }

    List<Examples.Example> next() {
      List<Examples.Example> batch = new ArrayList<>();
      int wanted = Math.min(options.batch(), examples.count());
      while (batch.size() < wanted) {
        if (at == order.length) {
          order = key.withStep(round++).random().permutation(examples.count());
          at = 0;
        }
        batch.add(examples.examples().get(order[at++]));
      }
      return batch;
    }
  }
}
