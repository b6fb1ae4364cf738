package tools.program;

import java.nio.file.Path;
import medsora.train.Stage;
import medsora.train.Trainer;
import medsora.train.store.StepReport;

/** Tells two listeners of a training, one after the other. */
record BothListeners(Trainer.Listener first, Trainer.Listener second) implements Trainer.Listener {
  @Override
  public void resumed(Stage stage, long step) {
    first.resumed(stage, step);
    second.resumed(stage, step);
  }

  @Override
  public void stepped(StepReport report) {
    first.stepped(report);
    second.stepped(report);
  }

  @Override
  public void saved(Path file) {
    first.saved(file);
    second.saved(file);
  }

  @Override
  public void done(Stage stage, Path best) {
    first.done(stage, best);
    second.done(stage, best);
  }
}
