package medsora.train;

import engine.autodiff.FiniteCheck;
import engine.autodiff.Tape;
import engine.kernel.MeasuredPieces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.train.manifest.WeightHashes;
import medsora.train.store.Checkpoint;
import medsora.train.store.Identity;
import medsora.train.store.StepReport;
import nn.Module;
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
    this.state = new TrainState(trained, reducer);
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
    Reducer.Sum sum = sum(plan, step);
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

  private Reducer.Sum sum(Objective.Plan plan, long step) {
    try {
      addSamples(plan, step);
      return reducer.sum(plan.samples());
    } catch (RuntimeException | Error e) {
      reducer.giveUp();
      throw e;
    }
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
      Reducer.Beside[] beside = new Reducer.Beside[group.size()];
      pieces.run(group.size(), i -> beside[i] = added(drawn.get(i), group.get(i), plan.first()));
      for (int i = 0; i < beside.length; i++) {
        reducer.add(group.get(i), beside[i]);
      }
      at += group.size();
    }
  }

  /** Adds the gradients of a sample, each as soon as it is complete. */
  private Reducer.Beside added(Objective.Sample sample, int leaf, long first) {
    Map<String, Double> read = new LinkedHashMap<>();
    RunningMoves.Kept<LeafGradients> kept =
        RunningMoves.of(() -> gradients(sample, leaf, first + leaf, read));
    kept.result().addRest();
    return new Reducer.Beside(read, kept.moves().bytes(norms));
  }

  /** Computes the losses of a sample one after the other, each with the gradients of its own. */
  private LeafGradients gradients(
      Objective.Sample sample, int leaf, long n, Map<String, Double> read) {
    LeafGradients given = new LeafGradients(name(), state, reducer, leaf);
    for (Objective.Loss loss : sample.losses()) {
      try (Tape tape = Tape.open()) {
        Losses terms = loss.terms().get();
        Map<String, Double> values = terms.read();
        requireFinite(values.values().iterator().next(), loss, sample, n);
        read.putAll(values);
        tape.backward(terms.total(), given.over(loss.over()));
      }
    }
    return given;
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
