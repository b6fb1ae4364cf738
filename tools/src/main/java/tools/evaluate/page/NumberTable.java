package tools.evaluate.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import medsora.metric.distance.Manifolds;
import medsora.metric.protocol.Assessment;
import medsora.metric.protocol.Judge;
import medsora.metric.protocol.Quote;
import tools.evaluate.Compared;
import tools.evaluate.Evaluated;
import tools.evaluate.Looks;
import tools.evaluate.Measured;
import tools.report.Html;

/** The numbers of an evaluation as tables, and what each of them means. */
final class NumberTable {
  private static final String NONE = "-";

  private NumberTable() {}

  /** The protocol's numbers. */
  static void numbers(Html page, Evaluated found) {
    List<Measured> measured = found.result().measured();
    if (!measured.isEmpty()) {
      page.table(
          "The protocol's numbers",
          List.of(
              "number",
              "value",
              "95 % interval",
              "n real : generated",
              "real against real",
              "at infinite n",
              "kernel distance"),
          measured.stream().map(NumberTable::row).toList());
      List<String> warnings = new ArrayList<>();
      for (Measured m : measured) {
        if (m.found() != null) {
          m.found().warnings().forEach(w -> warnings.add(name(m.quote()) + ": " + w));
        }
      }
      page.list(warnings);
      Map<String, String> meanings = new LinkedHashMap<>();
      measured.forEach(m -> meanings.put(name(m.quote()), meaning(m.quote().judge().metric())));
      page.table("What the numbers mean", meanings);
      page.paragraph(
          "Interval: where the value falls when the clips are drawn again; real against real: the"
              + " distance of two halves of the real clips, with half of their number; at infinite"
              + " n: where a line through the values at fewer clips leads. An interval that reaches"
              + " below 0 says that the clips are few.");
      diversity(page, measured);
    }
    page.list(found.result().remarks());
  }

  private static void diversity(Html page, List<Measured> measured) {
    List<List<String>> rows = new ArrayList<>();
    for (Measured m : measured) {
      if (m.found() != null && m.found().fidelity() != null) {
        Manifolds first = m.found().fidelity();
        Manifolds second = m.found().density();
        rows.add(
            List.of(
                name(m.quote()),
                share(first.precision()),
                share(first.recall()),
                second == null ? NONE : share(second.density()),
                second == null ? NONE : share(second.coverage())));
      }
    }
    if (!rows.isEmpty()) {
      page.table(
          "Fidelity and diversity",
          List.of("features of", "precision", "recall", "density", "coverage"),
          rows);
      page.paragraph(
          "Precision, density: how many generated samples lie among the real ones, and how deep;"
              + " recall, coverage: how many real samples have generated ones around them. Low"
              + " recall with high precision: few kinds, again and again.");
    }
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String name(Quote quote) {
    return quote.judge().metric().shown();
  }

  private static List<String> row(Measured m) {
    Quote q = m.quote();
    Assessment a = m.found();
    if (a == null) {
      String spread =
          m.deviation() == null ? NONE : "deviation of splits " + Quote.figure(m.deviation());
      return List.of(
          name(q), Quote.figure(m.value()), spread, q.generated2() + "", NONE, NONE, NONE);
    }
    return List.of(
        name(q),
        Quote.figure(m.value()),
        a.interval() == null
            ? NONE
            : Quote.figure(a.interval().low()) + " to " + Quote.figure(a.interval().high()),
        q.real1() + " : " + q.generated2(),
        a.floor() == null ? NONE : Quote.figure(a.floor().value()),
        a.infinite() == null
            ? NONE
            : "%s (off the line by %s)"
                .formatted(
                    Quote.figure(a.infinite().value()), Quote.figure(a.infinite().residual())),
        String.format(Locale.ROOT, "%.4g", a.kernel().value()));
  }

  private static String meaning(Judge.Metric metric) {
    return switch (metric) {
      case FVD ->
          "how far the clips are from the real ones, looks and motion, as I3D sees them;"
              + " less is better";
      case CD_FVD -> "the same as VideoMAE sees them, which looks at motion more; less is better";
      case FID -> "how far single frames are from real ones as Inception sees them; less is better";
      case IS ->
          "how sure Inception is of each frame and how many kinds it finds; more is better,"
              + " and it knows no medicine";
      case IS_C3D -> "the same of clips, as C3D sees them; more is better";
      case FD_PHANTOM_FRAMES ->
          "how far single frames are from real ones by a small network that"
              + " learned from a rendered endoscopy and comes with the program; less is better";
      case FD_PHANTOM_MOTION ->
          "how far the movement is from the real clips', by such a network"
              + " that sees optical flow alone; less is better";
      case FC -> "how alike consecutive frames are to CLIP, at most 100; a still picture has 100";
    };
  }

  /** What wants no network. */
  static void looks(Html page, Evaluated found) {
    List<List<String>> rows = new ArrayList<>();
    for (Looks.Mean mean : found.looks().means()) {
      rows.add(
          List.of(
              mean.kind().shown(),
              Looks.figures(mean.meanOfGenerated()) + ", n=" + mean.generated().size(),
              Looks.figures(mean.meanOfReal()) + ", n=" + mean.real().size(),
              mean.kind().meaning()));
    }
    rows.add(
        List.of(
            "pixels beyond the real gamut",
            percent(found.looks().beyondGamutGenerated()),
            percent(found.looks().beyondGamutReal()),
            "share of the pixels of colours that real clips hardly have; saturated blocks show here"));
    if (found.looks().flowDistance() != null) {
      rows.add(
          List.of(
              "distance of flow lengths",
              String.format(Locale.ROOT, "%.4g", found.looks().flowDistance()),
              "0",
              "how much farther or less far pixels move, rank by rank, in pixels a frame"));
    }
    page.table(
        "What wants no network",
        List.of("", "generated (95 %)", "real (95 %)", "what it says"),
        rows);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.3f %%", 100 * share);
  }

  /** This run beside another one. */
  static void against(Html page, List<Compared> compared) {
    List<List<String>> rows = new ArrayList<>();
    for (Compared c : compared) {
      rows.add(
          List.of(
              c.name(),
              figure(c.mine()),
              figure(c.other()),
              figure(c.difference()),
              c.low() == null ? NONE : figure(c.low()) + " to " + figure(c.high()),
              c.verdict()));
    }
    page.table(
        "Against another run",
        List.of("number", "here", "there", "difference", "95 % interval", "what it says"),
        rows);
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }
}
