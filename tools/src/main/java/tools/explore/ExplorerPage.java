package tools.explore;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import medsora.MedSora;
import medsora.align.AlignmentConfig;
import medsora.denoiser.DenoiserConfig;
import tools.report.Html;
import tools.report.Look;

/**
 * The explorer: one page that holds its look, its modules and what the engine computed of a model,
 * and asks nothing of any network.
 */
public final class ExplorerPage {
  /** In the order in which the page loads them; the stations' names are the classes' ids. */
  private static final List<String> MODULES =
      List.of(
          "data",
          "draw",
          "maps",
          "controls",
          "block",
          "way",
          "denoising",
          "scans",
          "matrix",
          "recurrence",
          "chunks",
          "window",
          "gates",
          "alignment",
          "autoencoder",
          "whatif",
          "main");

  /**
   * What the page shows.
   *
   * @param tour where docs/tour.md lies beside the page, empty where it does not
   * @param clip number of the phantom's clip
   * @param step diffusion step at which the network is looked into
   * @param seed of noise and samples
   * @param ddim steps of the sample by DDIM
   * @param multistep steps of the sample by DPM-Solver++
   * @param tried steps of the grid of samples, fewest first
   * @param seeds of that grid
   */
  public record Settings(
      String tour,
      int clip,
      int step,
      long seed,
      int ddim,
      int multistep,
      List<Integer> tried,
      int seeds) {
    private static final Path TOUR = Path.of("docs", "tour.md");

    /** What the page is published with. */
    public static final Settings STANDARD =
        new Settings("", 0, 400, 0, 20, 10, List.of(5, 10, 20), 2);

    /** What a demo shows of its own model. */
    public static final Settings BRIEF = new Settings("", 0, 400, 0, 10, 6, List.of(5, 10), 1);

    /** The same of another clip, step and seed. */
    public Settings of(int otherClip, int otherStep, long otherSeed) {
      return new Settings(tour, otherClip, otherStep, otherSeed, ddim, multistep, tried, seeds);
    }

    /** The same for a page in a place from which docs/tour.md of this folder is in reach. */
    public Settings at(Path page) {
      String way = "";
      if (Files.exists(TOUR)) {
        Path folder = page.toAbsolutePath().normalize().getParent();
        way = folder.relativize(TOUR.toAbsolutePath().normalize()).toString().replace('\\', '/');
      }
      return new Settings(way, clip, step, seed, ddim, multistep, tried, seeds);
    }
  }

  private ExplorerPage() {}

  /**
   * The page of a model.
   *
   * @param name what the model is called
   * @param features of the alignment
   * @param told is told each station that is computed
   * @throws IllegalArgumentException where the model is not of kind medsora
   */
  public static String of(
      String name, MedSora model, Settings settings, Features features, Consumer<String> told)
      throws IOException {
    Subject subject = Subject.of(name, model, settings.clip(), settings.step(), settings.seed());
    Arrays arrays = new Arrays();
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    model(subject, facts.putObject("model").put("tour", settings.tour()));
    for (Station station : stations(settings, model, features)) {
      told.accept(station.id());
      ObjectNode own = facts.putObject(station.id());
      Place.write(station.places(), own);
      station.write(subject, arrays, own);
    }
    return page(name, new ObjectMapper().writeValueAsString(facts), arrays.text());
  }

  /**
   * Writes the page of a demo's model, where that is of the kind that it knows.
   *
   * @param features that the demo has learned, or those that come with the program
   */
  public static void ofDemo(Path file, MedSora model, Features features) throws IOException {
    if (model.config().denoiser() instanceof DenoiserConfig) {
      String page = of("the demo's model", model, Settings.BRIEF.at(file), features, s -> {});
      Files.writeString(file, page);
    }
  }

  private static List<Station> stations(Settings settings, MedSora model, Features features) {
    AlignmentConfig alignment = model.config().alignment();
    return List.of(
        new WayStation(),
        new DenoisingStation(settings.ddim(), settings.multistep()),
        new ScanStation(),
        new MatrixStation(),
        new WindowStation(),
        new GateStation(new Alignment(alignment, features)),
        new AutoencoderStation(),
        new WhatIfStation(settings.tried(), settings.seeds()));
  }

  private static void model(Subject s, ObjectNode facts) {
    DenoiserConfig config = s.denoiser().config();
    facts.put("name", s.name()).put("size", s.clip().height()).put("clip", s.clip().source());
    facts.put("label", s.phantom().label()).put("depth", config.depth());
    facts.put("hidden", config.hidden()).put("frames", config.frames());
    facts.put("parameters", s.denoiser().parameterCount());
    facts.put("latentChannels", config.inChannels()).put("latentSize", config.inputSize());
    facts.put("vaeParameters", s.vae().parameterCount());
  }

  private static String page(String name, String facts, String arrays) throws IOException {
    StringBuilder modules = new StringBuilder();
    for (String module : MODULES) {
      modules.append(read(module + ".js"));
    }
    // A page ends its script where it finds this, in strings too.
    return read("page.html")
        .replace("{{title}}", Html.escape(name))
        .replace("{{look}}", Look.css())
        .replace("{{modules}}", modules)
        .replace("{{facts}}", facts.replace("</", "<\\/"))
        .replace("{{arrays}}", arrays);
  }

  private static String read(String resource) throws IOException {
    try (InputStream in = ExplorerPage.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("[explore] the jar lacks " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
