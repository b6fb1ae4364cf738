package tools.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.Generator;
import medsora.MedSora;
import medsora.Pretrained;
import medsora.diffusion.Sampler;
import tools.program.ClipFormat;
import tools.program.Output;
import tools.program.Progress;

/** Clips of the model that comes with the program, which a demo shows before it trains its own. */
public final class Opening {
  private static final int CLIPS = 4;
  private static final int STEPS = 25;
  private static final double FPS = 6;

  private Opening() {}

  /**
   * Draws them into a folder, as gif and mp4, and says where they are.
   *
   * @return their names without endings
   */
  public static List<String> draw(Path folder) throws IOException {
    String name = Pretrained.NAMES.getFirst();
    Generator generator =
        MedSora.pretrained(name)
            .generator(new Generator.Settings(STEPS, new Sampler.Method.DpmSolver()));
    List<String> drawn = new ArrayList<>();
    try (Progress progress = new Progress("clips of " + name, (long) CLIPS * STEPS, 0)) {
      generator.samples(
          0,
          0,
          CLIPS,
          done -> progress.at(done, ""),
          (clip, number) -> {
            String stem = name + "-" + number;
            try {
              ClipFormat.write(
                  folder, stem, clip.from(stem).at(FPS), List.of(ClipFormat.mp4, ClipFormat.gif));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            drawn.add(stem);
          });
    }
    Output.say(
        "%d clips of %s, the model that comes with the program: %s"
            .formatted(CLIPS, name, folder.resolve(drawn.getFirst() + ".gif")));
    return drawn;
  }
}
