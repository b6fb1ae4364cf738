package tools;

import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import medsora.baseline.downstream.ClipNetwork;
import medsora.baseline.downstream.DownstreamOptions;
import medsora.baseline.downstream.Examples;
import medsora.baseline.downstream.F1;
import medsora.baseline.downstream.SemiSupervised;
import medsora.baseline.downstream.SmallNetwork;
import medsora.baseline.timesformer.TimeSformerConfig;
import medsora.metric.protocol.MeanInterval;
import nn.io.Weights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.program.Output;
import tools.program.Program;
import tools.program.Progress;
import tools.program.Version;

/** What generated clips are worth to a classifier that learns from few labelled ones. */
@Command(
    name = "downstream",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Trains a classifier of two classes on a few labelled clips alone, and again with the"
          + " generated clips of each folder as unlabelled ones, with several seeds, and prints F1"
          + " on the test clips with its interval over the seeds.",
      "DIR of labelled and of test clips holds two folders, one of each class; F1 is that of the"
          + " second by name."
    })
public final class Downstream extends Program {
  /** Which rules of learning. */
  enum As {
    released(DownstreamOptions.RELEASED),
    paper(DownstreamOptions.PAPER);

    final DownstreamOptions options;

    As(DownstreamOptions options) {
      this.options = options;
    }
  }

  /** Which classifier. */
  enum Network {
    small,
    timesformer
  }

  private static final String BACKBONE = "backbone.";

  @Option(names = "--labelled", required = true, paramLabel = "DIR", description = "clips to learn")
  Path labelled;

  @Option(names = "--test", required = true, paramLabel = "DIR", description = "clips to judge by")
  Path test;

  @Option(
      names = "--generated",
      paramLabel = "[NAME=]DIR",
      description = "generated clips; may be given several times, once for each system")
  List<String> generated = List.of();

  @Option(
      names = "--per-class",
      paramLabel = "N",
      description = "labelled clips of each class, the first by name; 0: all (default: 20)")
  int perClass = 20;

  @Option(
      names = "--most",
      paramLabel = "N",
      description = "generated clips of a folder, the first by name; 0: all (default: 200)")
  int most = 200;

  @Option(names = "--seeds", paramLabel = "N", description = "trainings of each (default: 5)")
  int seeds = 5;

  @Option(names = "--seed", paramLabel = "S", description = "the first seed (default: 0)")
  long seed;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = {
        "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE});",
        "released: pseudo-labels are learned on the views that they were made of, the average of"
            + " the weights is tested, left crop, best epoch;",
        "paper: on strongly changed views as FixMatch has it, the weights are tested, middle crop,"
            + " last epoch"
      })
  As as = As.paper;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description = {
        "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE});",
        "small: convolutions of frames of 64x64, for processors;",
        "timesformer: ViT-B/16 of 8 frames of 224x224 as published, which wants --weights"
      })
  Network network = Network.small;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "weights that timesformer begins with; names may begin with " + BACKBONE)
  Path weights;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "over the labelled clips (default: "
              + DownstreamOptions.SMALL_EPOCHS
              + ", of timesformer 20)")
  Integer epochs;

  @Option(
      names = "--rate",
      paramLabel = "X",
      description =
          "first learning rate (default: "
              + DownstreamOptions.SMALL_RATE
              + ", of timesformer 1.5625e-5)")
  Double rate;

  @Option(
      names = "--sampling",
      paramLabel = "NAME",
      description = {
        "${COMPLETION-CANDIDATES}: frames of a clip (default: SPREAD, of timesformer RELEASED)"
      })
  Examples.Sampling sampling;

  public static void main(String[] args) {
    System.exit(execute(new Downstream(), args));
  }

  /** F1 on clips that were learned from would mean nothing. */
  private void refuseSameFolder() throws IOException {
    if (Files.exists(labelled) && Files.exists(test) && Files.isSameFile(labelled, test)) {
      throw new IllegalArgumentException(
          "--labelled and --test are the same folder, " + test + "; test on other clips");
    }
  }

  @Override
  protected void run() throws Exception {
    check();
    refuseSameFolder();
    ClipNetwork shape = network();
    Examples.Sampling chosen =
        sampling != null
            ? sampling
            : network == Network.small ? Examples.Sampling.SPREAD : Examples.Sampling.RELEASED;
    Examples.Reading reading = new Examples.Reading(shape.frames(), shape.side(), chosen);
    Examples known = Examples.labelled(labelled, reading, perClass);
    Examples judged = Examples.labelled(test, reading, 0);
    if (!known.names().equals(judged.names())) {
      throw new IllegalArgumentException(
          "--labelled has the classes %s, --test %s".formatted(known.names(), judged.names()));
    }
    Map<String, Examples> systems = new LinkedHashMap<>();
    systems.put("labels only", new Examples(List.of(), List.of()));
    for (String one : generated) {
      int at = one.indexOf('=');
      Path folder = Path.of(one.substring(at + 1));
      String name = at > 0 ? one.substring(0, at) : String.valueOf(folder.getFileName());
      if (systems.put(name, Examples.unlabelled(folder, reading, most)) != null) {
        throw new IllegalArgumentException("--generated names '" + name + "' twice");
      }
    }
    Output.say(
        "%d labelled and %d test clips of %s and %s; %d parameters"
            .formatted(
                known.count(),
                judged.count(),
                known.names().get(0),
                known.names().get(1),
                shape.module().parameterCount()));
    print(train(known, judged, systems), systems);
    Output.result("");
    Output.result(
        "Always saying %s: F1 %.2f",
        judged.names().get(1), 100 * F1.always(judged.labels()).value());
  }

  /** F1 of each system and seed, in percent. */
  private Map<String, List<Double>> train(
      Examples known, Examples judged, Map<String, Examples> systems) throws IOException {
    DownstreamOptions options = options();
    Map<String, List<Double>> scores = new LinkedHashMap<>();
    int runs = systems.size() * seeds;
    try (Progress progress = new Progress("epochs", (long) runs * options.epochs(), 0)) {
      long before = 0;
      for (Map.Entry<String, Examples> system : systems.entrySet()) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < seeds; i++) {
          ClipNetwork fresh = network();
          begin(fresh, seed + i);
          long done = before;
          F1 score =
              new SemiSupervised(fresh, options, seed + i)
                  .run(
                      known,
                      system.getValue(),
                      judged,
                      (f1, epoch) ->
                          progress.at(
                              done + epoch + 1,
                              "%s, F1 %.3f".formatted(system.getKey(), f1.value())));
          before += options.epochs();
          all.add(100 * score.value());
        }
        scores.put(system.getKey(), all);
      }
    }
    return scores;
  }

  private ClipNetwork network() {
    return network == Network.small
        ? new SmallNetwork()
        : ClipNetwork.timesformer(TimeSformerConfig.PUBLISHED);
  }

  /** The head is drawn anew for each seed, and all else where no weights are given. */
  private void begin(ClipNetwork fresh, long with) throws IOException {
    fresh.module().initialize(with);
    if (weights != null) {
      try (TensorSource file = TensorSource.open(weights)) {
        boolean named = file.names().stream().anyMatch(n -> n.startsWith(BACKBONE));
        Weights.load(file, named ? BACKBONE : "", fresh.module().children().get("backbone"));
      }
    }
  }

  private DownstreamOptions options() {
    DownstreamOptions o = network == Network.small ? as.options.small() : as.options;
    return o.with(epochs == null ? o.epochs() : epochs, rate == null ? o.rate() : rate);
  }

  private void print(Map<String, List<Double>> scores, Map<String, Examples> systems) {
    Output.result("| trained on | clips | F1 | 95 %% of the mean | to labels only | each seed |");
    Output.result("|---|---|---|---|---|---|");
    String first = scores.keySet().iterator().next();
    List<Double> alone = scores.get(first);
    scores.forEach((name, all) -> {
      MeanInterval mean = MeanInterval.of(all, seed);
      List<Double> more = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        more.add(all.get(i) - alone.get(i));
      }
      MeanInterval gain = MeanInterval.of(more, seed);
      Output.result(
          "| %s | %d | %.2f | %.2f to %.2f | %s | %s |",
          name,
          systems.get(name).count(),
          mean.mean(),
          mean.low(),
          mean.high(),
          name.equals(first)
              ? ""
              : "%+.2f (%+.2f to %+.2f)".formatted(gain.mean(), gain.low(), gain.high()),
          String.join(" ", all.stream().map(v -> String.format(Locale.ROOT, "%.1f", v)).toList()));
    });
  }

  private void check() {
    if (seeds < 1 || perClass < 0 || most < 0) {
      throw new IllegalArgumentException(
          "--seeds wants at least 1, --per-class and --most at least 0");
    }
    if (network == Network.timesformer && weights == null) {
      throw new IllegalArgumentException(
          "--network timesformer wants --weights: forty clips teach it nothing from nothing");
    }
    if (network == Network.small && weights != null) {
      throw new IllegalArgumentException("--weights belongs to --network timesformer");
    }
    options();
  }
}
