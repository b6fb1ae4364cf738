package tools.tensorboard;

import java.util.function.Supplier;
import medsora.media.Clip;
import medsora.train.Stage;
import medsora.train.Trainer;
import medsora.train.store.StepReport;

/**
 * Writes a stage's steps, and at every so many of them and behind the last one a clip that its
 * network makes at that moment. Drawing has random streams of its own and leaves the stage as it
 * was, so that the weights are those of a training that nobody looks at.
 */
public final class ClipEvents implements Trainer.Listener {
  private final EventLog log;
  private final String name;
  private final Stage stage;
  private final Supplier<Clip> clip;

  /** The last step that this run did, and the one behind which the last clip was made. */
  private long done;

  private long shown;

  ClipEvents(EventLog log, String name, Stage stage, Supplier<Clip> clip) {
    this.log = log;
    this.name = name;
    this.stage = stage;
    this.clip = clip;
  }

  @Override
  public void stepped(StepReport report) {
    log.stepped(report);
    done = report.step();
    if (done % log.every() == 0) {
      show();
    }
  }

  /** Shows what the last step led to, where steps were done and it is not shown already. */
  public void end() {
    if (shown < done) {
      show();
    }
  }

  private void show() {
    log.clip(name, stage.state().ema().swapped(clip));
    shown = done;
  }
}
