package tools.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import engine.io.Printable;
import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import medsora.metric.distance.FeatureRows;
import medsora.metric.protocol.FeatureCache;
import medsora.metric.protocol.MeanInterval;
import medsora.metric.protocol.Quote;
import medsora.metric.protocol.Samples;

/**
 * Another evaluation, of other generated clips against the same real ones, as it lies in its
 * folder.
 */
public final class EarlierRun {
  private static final String FEATURES = "features";
  private static final int SHOWN = 12;

  private final Path folder;
  private final ResultFile file;

  private EarlierRun(Path folder, ResultFile file) {
    this.folder = folder;
    this.file = file;
  }

  /**
   * Opens a folder.
   *
   * @param out the folder of this run, which is no other one
   * @throws IOException where it holds no result of an evaluation
   */
  public static EarlierRun open(Path folder, Path out) throws IOException {
    ResultFile file = ResultFile.read(folder);
    if (folder.toRealPath().equals(out.toAbsolutePath().normalize())
        || folder.toAbsolutePath().normalize().equals(out.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException(
          "--against " + folder + " is where this run writes: choose another --out");
    }
    return new EarlierRun(folder, file);
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /**
   * Refuses a run that was made otherwise.
   *
   * @throws IllegalArgumentException naming what differs, here and there
   */
  public void requireSameRule(Sets sets) {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("protocol", sets.protocol().shown());
    wanted.put("loading", sets.protocol().sampling().loading().words());
    wanted.put("numeric_contract", Integer.toString(NumericContract.VERSION));
    wanted.put("seed", Long.toString(sets.seed()));
    wanted.forEach((name, here) -> require(name, here, file.text(name)));
    for (String role : List.of("real", "generated")) {
      JsonNode rule =
          Result.rule(role.equals("real") ? sets.real().rule() : sets.generated().rule());
      rule.fieldNames()
          .forEachRemaining(field ->
              require(
                  "rule of the " + role + " clips, " + field,
                  rule.get(field).asText(),
                  file.text(role, "rule", field)));
    }
  }

  /**
   * The real clips of that run, which are those of this one.
   *
   * @param hashes of its clips
   */
  record RealClips(EarlierRun run, List<String> hashes) {
    /**
     * Refuses that run at the first clip that differs.
     *
     * @param hash of this run's real clip of that number
     */
    void require(int number, String hash) {
      String there = hashes.get(number);
      if (!hash.equals(there)) {
        run.require(
            "real clip " + number + ", sha256",
            hash.substring(0, SHOWN),
            there.substring(0, SHOWN));
        throw new IllegalArgumentException("[against] the real clips differ");
      }
    }
  }

  /**
   * Refuses a run of another number of real clips.
   *
   * @param count of this run's real clips
   */
  RealClips realClips(int count) throws IOException {
    List<String> hashes = file.hashes("real");
    require("number of real clips", count + "", hashes.size() + "");
    return new RealClips(this, hashes);
  }

  private void require(String name, String here, String there) {
    if (!here.equals(there)) {
      throw new IllegalArgumentException(
          "--against %s cannot be compared: %s is %s here and %s there"
              .formatted(folder, name, here, there.isEmpty() ? "missing" : there));
    }
  }

  /** Why a number is not to be compared; empty where it is. */
  public Optional<String> reasonAgainst(Quote quote) {
    String shown = quote.judge().metric().shown();
    JsonNode there = file.entry("numbers", "metric", shown);
    if (there.isMissingNode()) {
      return Optional.of("that run has no " + shown);
    }
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put("weights", quote.weights());
    wanted.put("preprocessing", quote.judge().preprocessing());
    wanted.put("network", quote.judge().metric().network());
    for (Map.Entry<String, String> each : wanted.entrySet()) {
      String other = there.path(each.getKey()).asText();
      if (!other.equals(each.getValue())) {
        return Optional.of(
            "%s is %s here and %s there"
                .formatted(each.getKey(), each.getValue(), Printable.brief(other)));
      }
    }
    return Optional.empty();
  }

  /**
   * The features that a number of that run was measured on.
   *
   * @param role "real" or "generated"
   * @param settings of the file of features
   */
  public FeatureRows rows(Quote quote, String role, String settings, int dimensions)
      throws IOException {
    Path kept = folder.resolve(FEATURES);
    List<String> hashes = RowList.read(kept, quote.judge(), role).hashes();
    return FeatureCache.rows(kept, settings, dimensions, role, hashes);
  }

  /**
   * The same, and which of them belong together.
   *
   * @param parts of each row that are samples of their own
   */
  public Samples samples(Quote quote, String role, String settings, int dimensions, int parts)
      throws IOException {
    FeatureRows rows = rows(quote, role, settings, dimensions);
    List<Integer> lengths = RowList.read(folder.resolve(FEATURES), quote.judge(), role).lengths();
    return Judging.samples(quote.judge(), rows, parts, lengths);
  }

  /** What both runs measured of each clip without a network. */
  public List<Compared> looks(Looks looks, long seed) throws IOException {
    List<Compared> out = new ArrayList<>();
    for (Looks.Mean mean : looks.means()) {
      List<Double> there = file.numbers("looks", mean.kind().key(), "generated", "clips");
      if (!there.isEmpty()) {
        MeanInterval found = MeanInterval.ofDifference(mean.generated(), there, seed);
        double other = MeanInterval.of(there, seed).mean();
        out.add(
            new Compared(
                mean.kind().shown(),
                mean.meanOfGenerated().mean(),
                other,
                found.low(),
                found.high(),
                "clips drawn anew, n=%d and %d".formatted(mean.generated().size(), there.size())));
      }
    }
    return out;
  }
}
