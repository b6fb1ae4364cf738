package tools.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import medsora.metric.protocol.FeaturesOfClips;
import medsora.metric.protocol.Judge;

/**
 * Measures the sets of an evaluation, one thing after another; whatever was computed is kept before
 * the next begins.
 *
 * @param cache folder of features
 * @param motionClips clips of each set whose flow is estimated, at most
 * @param earlier another run to compare with, or null
 * @param stop asked between steps
 * @param features compute those of clips that are not kept
 */
public record Evaluation(
    Sets sets,
    Path cache,
    int motionClips,
    Draws draws,
    EarlierRun earlier,
    BooleanSupplier stop,
    FeaturesOfClips features) {
  /**
   * Measures everything that can be.
   *
   * @param given features of another program, or null
   * @throws medsora.metric.protocol.Extraction.Stopped where the user asked to stop
   */
  public Evaluated all(JudgeNetworks networks, GivenFeatures given, Sets.Wish folders)
      throws IOException {
    requireOneSource(networks, given);
    EarlierRun.RealClips expected = earlier == null ? null : earlier.realClips(sets.real().count());
    Result result = new Result(sets.protocol(), sets.seed());
    Seen seen = new Looking(sets, cache, motionClips, expected, stop).all();
    result.set("real", sets.real(), folders.real(), seen.real().hashes());
    result.set("generated", sets.generated(), folders.generated(), seen.generated().hashes());
    if (earlier != null) {
      result.against(earlier.folder());
    }
    seen.copies().remarks().forEach(result::remark);
    sayTwice(result, seen.generated().hashes());
    Looks looks = Looks.of(seen, sets.seed());
    result.looks(looks);
    result.copying(seen.copies(), sets.real(), sets.generated());
    Evaluated.Map map = judge(networks, given, result);
    if (earlier != null) {
      earlier.looks(looks, sets.seed()).forEach(result::compared);
    }
    Path compared = earlier == null ? null : earlier.folder();
    return new Evaluated(sets, seen, looks, result, map, compared);
  }

  private void requireOneSource(JudgeNetworks networks, GivenFeatures given) {
    Judge judge = new Judging(sets, cache, draws, null, stop, features).judgeOfGiven();
    if (given != null && networks.of(judge).isPresent()) {
      throw new IllegalArgumentException(
          "--features and a file of --weights both give " + judge.metric().shown());
    }
  }

  private static void sayTwice(Result result, List<String> hashes) {
    long different = hashes.stream().distinct().count();
    if (different < hashes.size()) {
      result.remark(
          "%d of %d generated clips are byte for byte others of them"
              .formatted(hashes.size() - different, hashes.size()));
    }
  }

  /** The numbers whose networks were given or are at hand; the others are named. */
  private Evaluated.Map judge(JudgeNetworks networks, GivenFeatures given, Result result)
      throws IOException {
    Comparing against = earlier == null ? null : new Comparing(earlier, draws.effort());
    Judging judging = new Judging(sets, cache, draws, against, stop, features);
    for (Judge judge : sets.protocol().judges()) {
      JudgeNetworks.Opened opened = networks.of(judge).orElse(null);
      if (opened == null && given != null && judge.equals(judging.judgeOfGiven())) {
        judging.given(given, result);
      } else if (opened == null) {
        result.remark(
            "%s is not measured: it wants --weights of %s"
                .formatted(judge.metric().shown(), judge.metric().network()));
      } else {
        judging.measure(judge, opened, result);
      }
    }
    return new PhantomJudging(judging).measure(result);
  }
}
