package tools.program;

import java.nio.file.Path;
import java.util.Locale;
import medsora.metric.phantom.PhantomDistances;
import medsora.train.Stage;
import medsora.train.Trainer;
import medsora.train.store.StepReport;

/** Shows the steps of a stage as they are done. */
public final class StageProgress implements Trainer.Listener, AutoCloseable {
  private final long steps;
  private Progress progress;

  /** For a stage that runs to {@code steps} steps in all. */
  public StageProgress(long steps) {
    this.steps = steps;
  }

  @Override
  public void resumed(Stage stage, long step) {
    Output.say("%s: continues after step %d".formatted(stage.name(), step));
  }

  @Override
  public void stepped(StepReport report) {
    if (progress == null) {
      progress = new Progress(report.stage(), steps, report.step() - 1, report.seconds());
    }
    progress.at(report.step(), String.format(Locale.ROOT, "loss %.4f", report.loss()));
    Double frames = report.losses().get(PhantomDistances.FRAMES);
    Double motion = report.losses().get(PhantomDistances.MOTION);
    if (frames != null && motion != null) {
      Output.say(
          String.format(
              Locale.ROOT,
              "%s: step %d, samples against data: %s %.3f, %s %.3f",
              report.stage(),
              report.step(),
              PhantomDistances.FRAMES,
              frames,
              PhantomDistances.MOTION,
              motion));
    }
  }

  @Override
  public void saved(Path file) {
    if (progress == null) {
      Output.say("saved " + file);
    }
  }

  @Override
  public void done(Stage stage, Path best) {
    Output.say(
        "%s: ended at step %d, the loss on held-out clips falls no further; its best is %s"
            .formatted(stage.name(), stage.state().step(), best));
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
