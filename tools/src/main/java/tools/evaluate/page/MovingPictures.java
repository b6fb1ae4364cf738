package tools.evaluate.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import medsora.media.Clip;
import medsora.media.GifWriter;
import medsora.metric.protocol.ClipRule;
import medsora.metric.protocol.ClipSet;
import medsora.metric.protocol.Extraction;
import tools.program.SideBySide;

/** Clips as animated gifs in a folder beside the page. */
final class MovingPictures {
  /** Frames a second of all pictures, whatever the videos have. */
  static final int RATE = 8;

  private static final String FOLDER = "report";

  private final Path out;
  private final BooleanSupplier stop;
  private final Set<String> written = new HashSet<>();

  /**
   * Pictures of one page.
   *
   * @param out folder of the page
   * @param stop asked before each picture
   */
  MovingPictures(Path out, BooleanSupplier stop) throws IOException {
    this.out = out;
    this.stop = stop;
    Files.createDirectories(out.resolve(FOLDER));
  }

  /** A clip; its file, relative to the page. */
  String one(ClipSet set, int number) throws IOException {
    return written("%s-%d.gif".formatted(set.role(), number), () -> set.clip(number));
  }

  /** A clip of one set, and any clip of another, side by side. */
  String pair(ClipSet left, int number, ClipSet right, ClipRule.Drawn place) throws IOException {
    String name =
        "%s-%d-%s-%d-%d.gif"
            .formatted(left.role(), number, right.role(), place.video(), place.begin());
    return written(name, () -> SideBySide.clip(left.clip(number), right.clip(place)));
  }

  /** Decodes a clip. */
  @FunctionalInterface
  private interface Source {
    Clip clip() throws IOException;
  }

  private String written(String name, Source source) throws IOException {
    if (stop.getAsBoolean()) {
      throw new Extraction.Stopped();
    }
    String file = FOLDER + "/" + name;
    if (written.add(name)) {
      GifWriter.write(out.resolve(file), source.clip().at(RATE));
    }
    return file;
  }
}
