package tools.evaluate.page;

import engine.io.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import medsora.media.VideoFolder.Dropped;
import medsora.metric.distance.Copying;
import medsora.metric.distance.NearestSearch;
import medsora.metric.protocol.ClipRule;
import medsora.metric.protocol.ClipSet;
import medsora.metric.protocol.CopySearch;
import tools.evaluate.Evaluated;
import tools.evaluate.Looks;
import tools.evaluate.Measured;
import tools.evaluate.Sets;
import tools.program.Version;
import tools.report.Html;

/**
 * An evaluation as a page: report.html, which wants nothing but the pictures in the folder beside
 * it.
 */
public final class EvaluationPage {
  private static final String NAME = "report.html";

  /** Clips and pairs that are shown of each kind. */
  private static final int SHOWN = 4;

  private static final int PAIRS = 8;

  /** Width of a moving picture on the page. */
  private static final int WIDTH = 192;

  private final Evaluated found;
  private final MovingPictures pictures;
  private final Html page;

  private EvaluationPage(Evaluated found, MovingPictures pictures) {
    this.found = found;
    this.pictures = pictures;
    this.page =
        new Html("Generated clips against real ones, protocol " + found.sets().protocol().shown());
  }

  /**
   * Writes it.
   *
   * @param out folder of the page
   * @param stop asked before each picture
   * @return the file
   */
  public static Path write(Path out, Evaluated found, BooleanSupplier stop) throws IOException {
    EvaluationPage page = new EvaluationPage(found, new MovingPictures(out, stop));
    page.head();
    page.numbers();
    page.neighbours();
    page.bestAndWorst();
    page.map();
    page.histograms();
    page.sources();
    Path file = out.resolve(NAME);
    WholeFile.write(file, page.page.toString().getBytes(StandardCharsets.UTF_8));
    return file;
  }

  private void head() {
    Sets sets = found.sets();
    page.paragraph(
        "After %s. %s; %s. Seed %d."
            .formatted(
                sets.protocol().source(),
                words(sets.real()),
                words(sets.generated()),
                sets.seed()));
    page.paragraph("What the protocol leaves open, and what was done:");
    page.list(sets.protocol().open());
  }

  private static String words(ClipSet set) {
    return "%d %s clips of %dx%d (%s)"
        .formatted(set.count(), set.role(), set.width(), set.height(), set.rule().words());
  }

  private void numbers() {
    page.heading("Numbers");
    NumberTable.numbers(page, found);
    if (found.earlier() != null) {
      page.heading("Against another run");
      page.paragraph(
          "There: %s. Difference: here less there. Where the interval holds 0, these clips do not"
                  .formatted(found.earlier())
              + " show which of the two runs is nearer.");
      NumberTable.against(page, found.result().compared());
    }
    page.heading("What wants no network");
    NumberTable.looks(page, found);
  }

  private void neighbours() throws IOException {
    Copying copying = found.seen().copies().copying();
    Sets sets = found.sets();
    double least = copying.reference().getFirst();
    page.heading("Nearest neighbours");
    page.paragraph(
        "Left a generated clip, right the real one that is nearest to it by %s, at any begin in any real video; the nearest pairs"
                .formatted(found.seen().copies().features())
            + " first. %d of %d generated clips are nearer to a real one than any %s (at least %s): look"
                .formatted(
                    copying.belowAll(), sets.generated().count(), reference(copying), figure(least))
            + " whether they show the same scene.");
    page.paragraph(found.seen().copies().notSearched() + ".");
    page.row();
    for (Copying.Pair pair : copying.pairs().stream().limit(PAIRS).toList()) {
      ClipRule.Drawn there = CopySearch.place(pair.training());
      page.picture(
          pictures.pair(sets.generated(), pair.generated(), sets.real(), there),
          "%s beside %s: %s"
              .formatted(
                  sets.generated().name(pair.generated()),
                  sets.real().name(there),
                  figure(pair.distance())),
          2 * WIDTH,
          mark(pair, least, copying));
    }
    page.endRow();
  }

  /** Bytes say more than nearness. */
  private String mark(Copying.Pair pair, double least, Copying copying) {
    String bytes = found.seen().copies().what(pair.generated());
    if (!bytes.isEmpty()) {
      return bytes;
    }
    return pair.distance() < least ? "nearer than any " + reference(copying) : "";
  }

  private static String reference(Copying copying) {
    return copying.leaveOneOut() ? "real clip is to one of another video" : "held-out clip";
  }

  private void bestAndWorst() throws IOException {
    Evaluated.Map map = found.map();
    NearestSearch search = NearestSearch.of(map.generated(), map.real());
    List<Ranked> clips =
        IntStream.range(0, map.generated().count())
            .mapToObj(i -> new Ranked(i, search.distance(i)))
            .sorted(Comparator.comparingDouble(Ranked::distance).thenComparing(Ranked::clip))
            .toList();
    page.heading("Best and worst");
    page.paragraph(
        "By the distance of a generated clip's features (%s) to those of the nearest real clip: it"
                .formatted(map.name())
            + " says how usual a clip looks, not how good a doctor would find it.");
    int shown = Math.min(SHOWN, clips.size());
    clips("nearest", clips.subList(0, shown));
    List<Ranked> last = clips.subList(Math.max(shown, clips.size() - SHOWN), clips.size());
    clips("farthest", last.reversed());
  }

  /** A generated clip, and how far it is from any real one. */
  private record Ranked(int clip, double distance) {}

  private void clips(String rank, List<Ranked> ranked) throws IOException {
    ClipSet set = found.sets().generated();
    page.row();
    for (int i = 0; i < ranked.size(); i++) {
      int clip = ranked.get(i).clip;
      page.picture(
          pictures.one(set, clip),
          "%s %d: %s, %s".formatted(rank, i + 1, set.name(clip), figure(ranked.get(i).distance)),
          WIDTH);
    }
    page.endRow();
  }

  private void map() {
    page.heading("Map");
    page.drawing(FeatureMap.drawn(found), FeatureMap.words(found));
  }

  private void histograms() {
    page.heading("Histograms");
    page.row();
    if (found.seen().motion() != null) {
      page.drawing(
          Histograms.flow(
              found.seen().motion().real().magnitudes(),
              found.seen().motion().generated().magnitudes()),
          "Lengths of the flow (TV-L1) of some clips of each set");
    }
    List<String> names = List.of("red", "green", "blue");
    for (int c = 0; c < names.size(); c++) {
      page.drawing(
          Histograms.colour(
              names.get(c),
              found.seen().looksOfReal().colours(),
              found.seen().looksOfGenerated().colours(),
              c),
          "Values of " + names.get(c) + " over all pixels");
    }
    Looks.Mean nearest =
        found.looks().means().stream()
            .filter(m -> m.kind() == Looks.Kind.NEAREST)
            .findFirst()
            .orElseThrow();
    boolean alone = found.seen().copies().copying().leaveOneOut();
    page.drawing(
        Histograms.nearest(nearest, alone ? "real clips to others" : "held-out clips"),
        "Distances to the nearest real clip, by " + found.seen().copies().features());
    page.endRow();
  }

  private void sources() {
    page.heading("Sources");
    List<String> quotes = new ArrayList<>();
    for (Measured m : found.result().measured()) {
      quotes.add(m.quote().line(m.value()));
    }
    page.list(quotes);
    Map<String, String> all = new LinkedHashMap<>();
    for (ClipSet set : List.of(found.sets().real(), found.sets().generated())) {
      for (Dropped d : set.dropped()) {
        all.put(set.role() + ", left out: " + d.what(), d.reason());
      }
    }
    all.put("files", found.sets().protocol().files().words());
    all.put("moving pictures", MovingPictures.RATE + " frames a second");
    all.put("version", Version.number());
    page.table("What was measured and by what", all);
    page.link("result.json");
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
