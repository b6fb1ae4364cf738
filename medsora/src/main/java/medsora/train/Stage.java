package medsora.train;

import engine.autodiff.FiniteCheck;
import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.MeasuredPieces;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import medsora.train.manifest.WeightHashes;
import medsora.train.store.Checkpoint;
import medsora.train.store.Identity;
import medsora.train.store.StepReport;
import nn.Module;
import nn.Parameter;
import nn.io.Weights;
import nn.layer.BatchNorm;
import nn.layer.RunningMoves;

/**
 * A stage of training: the steps by which an objective changes its state. Whatever is trained, a
 * step is this: each sample is a micro-batch with its own gradients, a reducer joins them, they are
 * clipped, the optimiser changes the weights and the average follows; at times the averaged weights
 * are validated.
 */
public final class Stage {
  private final Objective objective;
  private final Reducer reducer;
  private final TrainState state;
  private final Validation validation;
  private final MeasuredPieces pieces;
  private final List<BatchNorm> norms;
  private String begunFrom;

  /** All samples are computed here. */
  public Stage(Objective objective) {
    this(objective, new LocalReducer());
  }

  /**
   * A stage at its beginning.
   *
   * @throws IllegalArgumentException where several are to compute samples that depend on each other
   */
  public Stage(Objective objective, Reducer reducer) {
    if (!objective.independentSamples() && !(reducer instanceof LocalReducer)) {
      throw new IllegalArgumentException(
          "[train] a sample of " + objective.name() + " changes what the next one reads: one rank");
    }
    this.objective = objective;
    this.reducer = reducer;
    Objective.Trained trained = objective.trained();
    this.begunFrom = Weights.sha256(trained.module().stateDict());
    this.state = new TrainState(trained);
    this.validation = new Validation(objective.stopping());
    this.norms =
        RunningMoves.norms(
            trained.beside() == null
                ? List.of(trained.module())
                : List.of(trained.module(), trained.beside().module()));
    this.pieces = new MeasuredPieces(objective.independentSamples());
  }

  public String name() {
    return objective.name();
  }

  public TrainState state() {
    return state;
  }

  /** What decides the results of this stage; a checkpoint of another is refused. */
  public Identity identity() {
    return objective.identity().and(Identity.BEGUN_FROM, begunFrom);
  }

  /**
   * Takes a checkpoint's word for what the run began from, so that weights given at its start need
   * not be given again: the checkpoint replaces every value.
   */
  public void adopt(Checkpoint.Info checkpoint) {
    begunFrom = checkpoint.begunFrom();
  }

  /** Does the next step. */
  public StepReport step() {
    long started = System.nanoTime();
    long step = state.step();
    Objective.Plan plan = objective.plan(step);
    addSamples(plan, step);
    Reducer.Sum sum = reducer.sum(plan.samples());
    sum.moves().forEach(moves -> RunningMoves.apply(moves, norms));
    double norm =
        state.apply(sum.gradients(), 1.0 / plan.samples(), plan.learningRate(), plan.maxNorm());
    objective.stepped();
    Map<String, Double> losses = new LinkedHashMap<>(sum.losses());
    losses.replaceAll((name, value) -> value / plan.samples());
    if (validation.isDue(step + 1)) {
      double loss = heldOutLoss();
      validation.measured(step + 1, loss);
      losses.put(StepReport.VALIDATION, loss);
    }
    return new StepReport(
        name(), step + 1, losses, norm, plan.learningRate(), (System.nanoTime() - started) * 1e-9);
  }

  /** Draws the samples that are computed here, as many as run side by side, and adds each. */
  private void addSamples(Objective.Plan plan, long step) {
    List<Integer> leaves = reducer.begin(plan.samples(), state.shapes());
    for (int at = 0; at < leaves.size(); ) {
      List<Integer> group = leaves.subList(at, Math.min(at + pieces.next(), leaves.size()));
      List<Objective.Sample> drawn =
          group.stream()
              .map(leaf -> objective.draw(plan.first() + leaf, step, state.ema()))
              .toList();
      Result[] results = new Result[group.size()];
      pieces.run(group.size(), i -> results[i] = result(drawn.get(i), plan.first() + group.get(i)));
      for (int i = 0; i < results.length; i++) {
        reducer.add(group.get(i), results[i].gradients(), results[i].beside());
      }
      at += group.size();
    }
  }

  /** What a sample gives. */
  private record Result(List<Tensor> gradients, Reducer.Beside beside) {}

  /** Computes the losses of a sample one after the other, each with the gradients of its own. */
  private Result result(Objective.Sample sample, long n) {
    Map<String, Double> read = new LinkedHashMap<>();
    RunningMoves.Kept<List<Tensor>> kept = RunningMoves.of(() -> gradients(sample, n, read));
    return new Result(kept.result(), new Reducer.Beside(read, kept.moves().bytes(norms)));
  }

  private List<Tensor> gradients(Objective.Sample sample, long n, Map<String, Double> read) {
    Gradients joined = new Gradients();
    for (Objective.Loss loss : sample.losses()) {
      try (Tape tape = Tape.open()) {
        Losses terms = loss.terms().get();
        Map<String, Double> values = terms.read();
        requireFinite(values.values().iterator().next(), loss, sample, n);
        read.putAll(values);
        join(tape.backward(terms.total()), loss.over(), joined);
      }
    }
    return state.ordered(joined);
  }

  private void join(Gradients gradients, List<Module> over, Gradients into) {
    Stream<Tensor> leaves =
        over.isEmpty()
            ? gradients.leaves().stream()
            : over.stream().flatMap(m -> m.trainable().stream()).map(Parameter::value);
    leaves
        .filter(leaf -> gradients.find(leaf) != null)
        .forEach(leaf -> {
          if (into.find(leaf) != null) {
            throw new IllegalStateException(
                "[train] two losses of %s train the same parameter %s".formatted(name(), leaf));
          }
          into.put(leaf, gradients.of(leaf));
        });
  }

  /** A loss that is not finite stops the run with the first op that made such a value. */
  private void requireFinite(double value, Objective.Loss loss, Objective.Sample sample, long n) {
    if (Double.isFinite(value)) {
      return;
    }
    String what =
        "the loss is %s at step %d, sample %d (%s)"
            .formatted(value, state.step(), n, sample.where());
    try {
      FiniteCheck.watch(() -> {
        try (Tape scope = Tape.noGrad()) {
          loss.terms().get().read();
        }
      });
    } catch (FiniteCheck.NotFiniteException e) {
      throw new TrainingException(what + ": " + e.getMessage(), e);
    }
    throw new TrainingException(what, null);
  }

  /** The mean loss of the averaged weights on held-out data, which must be there. */
  public double heldOutLoss() {
    int looks = Math.toIntExact(objective.looks());
    double[] losses = state.ema().swapped(() -> reducer.values(looks, this::look));
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return sum / looks;
  }

  private double look(int number) {
    try (Tape scope = Tape.noGrad()) {
      return objective.look(number);
    }
  }

  /** Refuses to go on where another rank has other weights, or has done other steps. */
  void requireSameEverywhere() {
    reducer.requireSame(
        name(),
        () ->
            "step %d, weights %s"
                .formatted(state.step(), Weights.sha256(state.module().stateDict())));
  }

  /** Waits until all that train it have come here. */
  void meet() {
    reducer.meet();
  }

  /** Hashes of what it has learned by now, raw and averaged. */
  public WeightHashes hashes() {
    Module module = state.module();
    String averages = state.ema().swapped(() -> Weights.sha256(module.stateDict()));
    return WeightHashes.of(state.step(), module, averages);
  }

  /**
   * Continues from a checkpoint.
   *
   * @param data the hash of the data
   * @throws IOException where the file was made under another configuration or from other data
   */
  public void resume(Path checkpoint, String data) throws IOException {
    resumed(Checkpoint.load(checkpoint, state, identity(), data));
  }

  /** Continues the course of validation from what the checkpoint of the state says. */
  private void resumed(Checkpoint.Info checkpoint) throws IOException {
    validation.resume(checkpoint.extra());
  }

  /** Whether it keeps the checkpoint of its best step beside that of its last. */
  boolean keepsBest() {
    return objective.stopping().every() > 0;
  }

  /** Whether the last step gave the best validation so far. */
  boolean isBest() {
    return validation.isBest();
  }

  /** Whether it has nothing more to gain from further steps. */
  boolean isDone() {
    return validation.isDone();
  }

  /** What its checkpoint holds beside the state. */
  Map<String, String> extra() {
    Map<String, String> extra = new LinkedHashMap<>(objective.extra());
    validation.describe(extra);
    return extra;
  }

  /** Called once after the last step, before the final checkpoint. */
  void finish() {
    objective.finish(state.ema());
  }
}
