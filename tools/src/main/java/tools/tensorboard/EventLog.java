package tools.tensorboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import medsora.media.Clip;
import medsora.media.GifWriter;
import medsora.train.Stage;
import medsora.train.Trainer;
import medsora.train.store.StepReport;

/**
 * Writes the steps of a training into event files, one for each stage and beginning: what stands in
 * metrics.jsonl, under the stage's name, and clips as animated pictures.
 */
public final class EventLog implements Trainer.Listener, AutoCloseable {
  /** Of clips that say no rate: the phantom's own. */
  private static final double FPS = 6;

  private final Path folder;
  private final long every;

  /** Null before the first step. */
  private EventFile file;

  private String stage = "";
  private double seconds;
  private long step;

  /**
   * @param every steps between two clips of a stage that makes some
   */
  public EventLog(Path folder, long every) {
    if (every < 1) {
      throw new IllegalArgumentException(
          "[tensorboard] wants at least 1 step between two clips, got " + every);
    }
    this.folder = folder;
    this.every = every;
  }

  /**
   * A listener in place of this one for a stage that makes clips.
   *
   * @param name of the clips
   * @param clip what the stage's averaged weights make; it must leave the stage as it is
   */
  public ClipEvents showing(String name, Stage stage, Supplier<Clip> clip) {
    return new ClipEvents(this, name, stage, clip);
  }

  long every() {
    return every;
  }

  @Override
  public void stepped(StepReport report) {
    Map<String, Double> values = new LinkedHashMap<>();
    String prefix = report.stage() + "/";
    report.losses().forEach((name, value) -> values.put(prefix + name, value));
    values.put(prefix + "grad_norm", report.gradientNorm());
    values.put(prefix + "lr", report.learningRate());
    values.put(prefix + "steps_per_second", 1 / report.seconds());
    try {
      EventFile to = file(report);
      seconds += report.seconds();
      step = report.step();
      to.values(seconds, step, values);
    } catch (IOException e) {
      throw new UncheckedIOException("[tensorboard] cannot write to " + folder, e);
    }
  }

  /** The file of a stage, begun with its first step. */
  private EventFile file(StepReport report) throws IOException {
    EventFile open = file;
    if (open == null || !stage.equals(report.stage())) {
      close();
      stage = report.stage();
      String run = String.format(Locale.ROOT, "%s-%08d", stage, report.step());
      open = EventFile.create(folder, run);
      file = open;
    }
    return open;
  }

  /** A clip at the last step that was written; nothing where none was. */
  public void clip(String name, Clip clip) {
    if (file == null) {
      return;
    }
    try {
      byte[] gif = encoded(clip.rate().isPresent() ? clip : clip.at(FPS));
      file.picture(seconds, step, stage + "/" + name, clip.height(), clip.width(), gif);
    } catch (IOException e) {
      throw new UncheckedIOException("[tensorboard] cannot write to " + folder, e);
    }
  }

  private static byte[] encoded(Clip clip) throws IOException {
    Path gif = Files.createTempFile("medsora", ".gif");
    try {
      GifWriter.write(gif, clip);
      return Files.readAllBytes(gif);
    } finally {
      Files.deleteIfExists(gif);
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
