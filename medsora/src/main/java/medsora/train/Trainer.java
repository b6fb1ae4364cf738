package medsora.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import medsora.train.manifest.DataOrigin;
import medsora.train.manifest.StageRecord;
import medsora.train.store.Checkpoint;
import medsora.train.store.DiskRoom;
import medsora.train.store.Metrics;
import medsora.train.store.RunFolder;
import medsora.train.store.StepReport;
import nn.io.Weights;

/**
 * Runs a stage to a number of steps inside an output folder: continues from the folder's checkpoint
 * if there is one of the same configuration and data, saves at intervals and at the end, and
 * appends every step to {@code metrics.jsonl}. Of several ranks that train it together one holds
 * the folder and writes; all read the checkpoint that it is continued from.
 */
public final class Trainer {
  /** Is told about progress. */
  public interface Listener {
    default void resumed(Stage stage, long step) {}

    void stepped(StepReport report);

    default void saved(Path file) {}

    /** The stage has nothing to gain from further steps. */
    default void done(Stage stage, Path best) {}
  }

  /** Looks at a stage from time to time; must leave it as it was. */
  public interface Watch {
    /** Looks at nothing. */
    Watch NONE =
        new Watch() {
          @Override
          public boolean isDue(long step) {
            return false;
          }

          @Override
          public Map<String, Double> look(Stage stage) {
            return Map.of();
          }
        };

    /** Whether to look after so many steps. */
    boolean isDue(long step);

    /**
     * Measures something.
     *
     * @return in a fixed order, for the log: values by their names
     */
    Map<String, Double> look(Stage stage);
  }

  private final RunFolder folder;
  private final StageRecord.Data data;
  private final Listener listener;
  private final BooleanSupplier stop;
  private final Intervals intervals;

  /**
   * @param stop asked after every step; true saves a checkpoint and ends the run early; of several
   *     ranks all are to get the same answer
   * @param saveEvery steps between checkpoints
   */
  public Trainer(
      RunFolder folder, Clips clips, Listener listener, BooleanSupplier stop, long saveEvery) {
    this(folder, clips, listener, stop, Intervals.saving(saveEvery));
  }

  /** The same with other intervals. */
  public Trainer(
      RunFolder folder, Clips clips, Listener listener, BooleanSupplier stop, Intervals intervals) {
    this(
        folder,
        new StageRecord.Data(
            clips.origin(), clips.sha256(), clips.trainingClips(), clips.heldOutClips()),
        listener,
        stop,
        intervals);
  }

  /**
   * The same of data that are no clips.
   *
   * @param data their hash
   */
  public Trainer(
      RunFolder folder, String data, Listener listener, BooleanSupplier stop, long saveEvery) {
    this(
        folder,
        new StageRecord.Data(DataOrigin.GIVEN, data, 0, 0),
        listener,
        stop,
        Intervals.saving(saveEvery));
  }

  private Trainer(
      RunFolder folder,
      StageRecord.Data data,
      Listener listener,
      BooleanSupplier stop,
      Intervals intervals) {
    this.folder = folder;
    this.data = data;
    this.listener = listener;
    this.stop = stop;
    this.intervals = intervals;
  }

  /** Trains until {@code steps} are done in all, unwatched. */
  public String run(Stage stage, long steps) throws IOException {
    return run(stage, steps, Watch.NONE);
  }

  /**
   * Trains until {@code steps} are done in all.
   *
   * @param watch whose values are logged with the losses of their step
   * @return the SHA-256 of the raw weights
   * @throws IOException where a file cannot be read or written, before the first step where the
   *     disk has no room for a checkpoint
   */
  public String run(Stage stage, long steps, Watch watch) throws IOException {
    requireRoom(stage);
    Path file = folder.checkpoint(stage.name());
    resume(stage, file);
    if (stage.state().step() > steps) {
      throw new TrainingException(
          "%s already did %d steps, more than the %d asked for"
              .formatted(file, stage.state().step(), steps),
          null);
    }
    RunRecord record = new RunRecord(folder, data, stage);
    if (stage.state().step() == 0) {
      record.hashed();
    }
    try (Metrics metrics = folder.metrics(stage.name(), stage.state().step())) {
      boolean stopped = stop.getAsBoolean() || stage.isDone();
      while (stage.state().step() < steps && !stopped) {
        StepReport report = watched(stage.step(), stage, watch);
        metrics.append(report);
        listener.stepped(report);
        if (intervals.isHashed(report.step())) {
          record.hashed();
        }
        if (stage.isBest()) {
          save(stage, folder.best(stage.name()));
        }
        if (intervals.isKept(report.step())) {
          save(stage, folder.kept(stage.name(), report.step()));
          record.hashed();
        }
        stopped = stop.getAsBoolean() || stage.isDone();
        if (report.step() % intervals.save() == 0 && report.step() < steps && !stopped) {
          metrics.force();
          save(stage, file);
          record.saved();
        }
      }
      metrics.force();
    }
    if (stage.isDone()) {
      listener.done(stage, folder.best(stage.name()));
    }
    if (stage.state().step() == steps || stage.isDone()) {
      stage.finish();
    }
    String hash = save(stage, file);
    record.saved();
    // Nobody goes on to read what is not there yet.
    stage.meet();
    return hash;
  }

  private static StepReport watched(StepReport report, Stage stage, Watch watch) {
    return watch.isDue(report.step()) ? report.with(watch.look(stage)) : report;
  }

  /**
   * Refuses a stage whose checkpoints the disk has no room for.
   *
   * @throws IOException with the bytes wanted and free
   */
  public void requireRoom(Stage stage) throws IOException {
    if (!folder.isHeld()) {
      return;
    }
    int files = stage.keepsBest() ? 2 : 1;
    DiskRoom.require(folder.checkpoint(stage.name()), files * stage.state().bytes());
  }

  private void resume(Stage stage, Path file) throws IOException {
    if (Checkpoint.info(file) != null) {
      stage.resume(file, data.sha256());
      listener.resumed(stage, stage.state().step());
    }
  }

  private String save(Stage stage, Path file) throws IOException {
    stage.requireSameEverywhere();
    stage.state().collect();
    if (!folder.isHeld()) {
      return Weights.sha256(stage.state().module().stateDict());
    }
    Checkpoint.Info info =
        new Checkpoint.Info(
            stage.name(), stage.state().step(), stage.identity(), data.sha256(), stage.extra());
    String hash = Checkpoint.save(file, stage.state(), info);
    listener.saved(file);
    return hash;
  }
}
