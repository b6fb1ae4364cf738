package tools.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import medsora.MedSora;
import medsora.dino.DinoExtractor;
import medsora.dino.Vit;
import medsora.dino.VitConfig;
import tools.Train;
import tools.program.EmbeddedMotion;
import tools.program.Program;

/** The page of a model that is trained for a few steps, made once for all tests. */
record TinyPage(MedSora model, ExplorerPage.Settings settings, List<String> told, String text) {
  private static final VitConfig FEATURES = new VitConfig(8, 24, 2, 3, 4);

  private static TinyPage made;

  static synchronized TinyPage get() throws IOException {
    if (made == null) {
      Path folder = Files.createTempDirectory("explorer");
      try {
        made = in(folder);
      } finally {
        remove(folder);
      }
    }
    return made;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static TinyPage in(Path folder) throws IOException {
    String[] words = {
      "--config", "tiny", "--steps", "2", "--phantom-clips", "3", "--out", folder.toString()
    };
    assertEquals(0, Program.execute(new Train(), words));
    MedSora model = MedSora.load(folder);
    ExplorerPage.Settings settings =
        new ExplorerPage.Settings("", 0, 400, 7, 4, 3, List.of(2, 3), 1);
    List<String> told = new ArrayList<>();
    String text = ExplorerPage.of("tiny", model, settings, features(model), told::add);
    return new TinyPage(model, settings, told, text);
  }

  private static Features features(MedSora model) {
    Vit network = new Vit(FEATURES);
    network.initialize(1);
    DinoExtractor extractor = new DinoExtractor(network);
    return new Features(
        extractor.frozen(model.config().alignment(), EmbeddedMotion.ESTIMATOR), "untrained");
  }
}
