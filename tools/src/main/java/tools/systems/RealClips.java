package tools.systems;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import medsora.media.PngWriter;
import medsora.train.Clips;

/**
 * The clips of the data as strips without loss: what was trained on, and what was not.
 *
 * @param training folder of the clips that the systems learn from
 * @param heldOut folder of others, or null where there are fewer than two
 */
record RealClips(Path training, Path heldOut) {
  /** More clips than a protocol takes say nothing. */
  private static final int MOST = 2048;

  private static final int LEAST = 2;
  private static final String STRIP = "clip-\\d+\\.png";

  /** Writes them. */
  static RealClips write(Path out, Clips clips) throws IOException {
    Path training = out.resolve("real");
    write(training, clips, 0, Math.min(MOST, clips.trainingClips()));
    if (clips.heldOutClips() < LEAST) {
      return new RealClips(training, null);
    }
    Path heldOut = out.resolve("held-out");
    write(heldOut, clips, clips.trainingClips(), Math.min(MOST, clips.heldOutClips()));
    return new RealClips(training, heldOut);
  }

  private static void write(Path folder, Clips clips, int first, int count) throws IOException {
    Files.createDirectories(folder);
    clear(folder, STRIP);
    for (int i = 0; i < count; i++) {
      PngWriter.strip(
          folder.resolve("clip-%04d.png".formatted(i)), clips.video(first + i, 0, false));
    }
  }

  /** Deletes files of such names, so that what is left of another run is not measured. */
  static void clear(Path folder, String names) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> old;
    try (Stream<Path> all = Files.list(folder)) {
      old = all.filter(p -> p.getFileName().toString().matches(names)).toList();
    }
    for (Path each : old) {
      Files.delete(each);
    }
  }
}
