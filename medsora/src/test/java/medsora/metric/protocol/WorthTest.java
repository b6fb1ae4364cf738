package medsora.metric.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.random.RandomKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FrechetDistance;
import medsora.metric.protocol.Assessment.Effort;
import org.junit.jupiter.api.Test;

class WorthTest {
  private static final Effort EFFORT = new Effort(200, 5);

  static FeatureRows normal(String name, long seed, int count, int d, double shift) {
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] row = new float[d];
      new RandomKey(seed, i, 0).random().normal(row, 0, d);
      row[0] += (float) shift;
      rows.add(row);
    }
    return FeatureRows.of(name, rows);
  }

  /** Of what is a + b / n for every n, the line is exact. */
  @Test
  void extrapolationFindsTheValueAtInfiniteN() {
    FeatureRows x = normal("real", 1, 80, 2, 0);
    SetDistance distance = (a, b) -> 7 + 40.0 / a.count() + 80.0 / b.count();
    Extrapolation found =
        Extrapolation.of(
            Samples.single(x), Samples.single(normal("generated", 2, 160, 2, 0)), distance, 3);
    assertEquals(7, found.value(), 1e-9);
    assertEquals(1, found.slope(), 1e-9);
    assertEquals(0, found.residual(), 1e-9);
    assertEquals(40, found.points().getFirst().real());
  }

  /** The Frechet distance of equal distributions is pure bias. */
  @Test
  void extrapolationTakesMostOfTheBiasOff() {
    FeatureRows x = normal("real", 11, 400, 6, 0);
    FeatureRows y = normal("generated", 12, 400, 6, 0);
    Assessment found = Assessment.of(x, y, 0, new Effort(0, 1));
    assertTrue(found.value().value() > 0.02, found.toString());
    assertTrue(Math.abs(found.infinite().value()) < 0.5 * found.value().value(), found.toString());
    assertTrue(found.floor().value() > found.value().value() / 2, found.toString());
    assertNull(found.interval());
    assertEquals(List.of(), found.warnings());
  }

  @Test
  void theIntervalHoldsTheValueAndComesOfTheSeed() {
    FeatureRows x = normal("real", 1, 60, 3, 0);
    FeatureRows y = normal("generated", 2, 50, 3, 1);
    Assessment found = Assessment.of(x, y, 0, EFFORT);
    Bootstrap interval = found.interval();
    assertNotNull(interval);
    assertTrue(interval.low() < found.value().value(), interval.toString());
    assertTrue(interval.high() > found.value().value(), interval.toString());
    assertEquals(interval, Assessment.of(x, y, 0, EFFORT).interval());
    assertEquals(200, interval.replicates());
    assertEquals(1, found.warnings().size());
  }

  /** Its width is the spread of the distance over new samples, within a third. */
  @Test
  void theIntervalIsAsWideAsNewSamplesSpread() {
    List<Double> values = new ArrayList<>();
    for (int k = 0; k < 100; k++) {
      FeatureRows x = normal("real", 100 + k, 60, 2, 0);
      FeatureRows y = normal("generated", 300 + k, 60, 2, 1.5);
      values.add(FrechetDistance.of(x, y, 0).value());
    }
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    double deviation =
        Math.sqrt(values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / 99);
    Assessment found =
        Assessment.of(normal("real", 1, 60, 2, 0), normal("generated", 2, 60, 2, 1.5), 0, EFFORT);
    double width = found.interval().high() - found.interval().low();
    assertEquals(1, width / (2 * 1.96 * deviation), 0.34);
  }

  @Test
  void saysWhereTheCovarianceIsSingular() {
    Assessment found =
        Assessment.of(normal("real", 1, 9, 12, 0), normal("generated", 2, 30, 12, 0), 0, EFFORT);
    assertTrue(found.warnings().getFirst().startsWith("9 real samples of 12 features"));
    assertEquals(2, found.warnings().size());
  }

  @Test
  void fewSamplesLeaveOutWhatTheyCannotSay() {
    Assessment found =
        Assessment.of(normal("real", 1, 3, 2, 0), normal("generated", 2, 3, 2, 0), 0, EFFORT);
    assertNull(found.infinite());
    assertNull(found.floor());
    assertNull(found.fidelity());
  }

  @Test
  void aNumberIsQuotedWithAllThatItDependsOn() {
    Protocol p = Protocol.STYLEGAN_V;
    Quote quote =
        new Quote(
            p,
            p.judges().getFirst(),
            p.sampling().real(),
            p.sampling().generated(),
            210,
            2048,
            7,
            "weights 0123456789ab");
    assertEquals(
        "FVD[stylegan-v, n=210:2048, ddof 0, I3D, bilinear half-pixel, 2x/255-1, eps 0.001, real"
            + " 16 frames every 1, first by name, begin drawn; generated 16 frames every 1, first"
            + " by name, from frame 0, frames as they are, files expected as JPEG 75, 4:2:0, seed 7,"
            + " weights 0123456789ab] = 468.370",
        quote.line(468.37));
  }

  /** Clips of equal frames: as frames they are many, and no more is known than of the clips. */
  @Test
  void framesAreDrawnByClips() {
    FeatureRows x = clips("real", 1, 40, 8);
    FeatureRows y = clips("generated", 2, 40, 8);
    Assessment clips = Assessment.of(Samples.ofClips(x, 8), Samples.ofClips(y, 8), 1, EFFORT);
    Assessment frames = Assessment.of(x.cut(8), y.cut(8), 1, EFFORT);
    assertEquals(frames.value(), clips.value());
    assertEquals(320, x.cut(8).count());
    double wide = clips.interval().high() - clips.interval().low();
    double narrow = frames.interval().high() - frames.interval().low();
    assertTrue(wide > 2 * narrow, clips + " " + frames);
    assertEquals(20, clips.floor().first());
    assertTrue(clips.floor().value() > 3 * frames.floor().value(), clips + " " + frames);
    assertThrows(IllegalArgumentException.class, () -> x.cut(5));
  }

  /**
   * Each row again and again, as the equal frames of a video: {@code some} of the even ones, {@code
   * more} of the odd ones.
   */
  static Samples videos(FeatureRows rows, int some, int more) {
    List<Integer> lengths =
        IntStream.range(0, rows.count()).mapToObj(i -> i % 2 == 0 ? some : more).toList();
    int[] frames =
        IntStream.range(0, rows.count())
            .flatMap(i -> IntStream.range(0, lengths.get(i)).map(k -> i))
            .toArray();
    return Samples.ofVideos(rows.pick(frames), lengths);
  }

  /** Videos of 1 and of 9 equal frames: the distance is one of frames, what is drawn is videos. */
  @Test
  void framesOfVideosAreDrawnByVideosOfAnyLength() {
    Samples x = videos(normal("real", 1, 60, 2, 0), 1, 9);
    Samples y = videos(normal("generated", 2, 50, 2, 1.5), 9, 1);
    assertEquals(300, x.rows().count());
    assertEquals(60, x.groups());
    Assessment videos = Assessment.of(x, y, 0, EFFORT);
    Assessment frames = Assessment.of(x.rows(), y.rows(), 0, EFFORT);
    assertEquals(frames.value(), videos.value(), "what is measured stays the same");
    assertEquals(frames.kernel(), videos.kernel());
    double wide = videos.interval().high() - videos.interval().low();
    double narrow = frames.interval().high() - frames.interval().low();
    assertTrue(wide > 2 * narrow, wide + " " + narrow);
    assertTrue(videos.interval().low() < videos.value().value());
    assertTrue(videos.interval().high() > videos.value().value());
    assertTrue(videos.floor().value() > 3 * frames.floor().value(), videos + " " + frames);
    assertEquals(30, videos.floor().first());
    assertEquals(60, videos.infinite().points().getLast().real());
    assertTrue(
        videos.warnings().getFirst().startsWith("n differs, 300 real and 250 generated of 60 and"),
        videos.warnings().toString());
    assertEquals(Samples.Group.VIDEO, videos.drawn());
  }

  /** Its width is the spread over new videos of new lengths, within a third. */
  @Test
  void theIntervalOfVideosIsAsWideAsNewVideosSpread() {
    List<Double> values = new ArrayList<>();
    for (int k = 0; k < 100; k++) {
      Samples x = videos(normal("real", 100 + k, 60, 2, 0), 2, 6);
      Samples y = videos(normal("generated", 300 + k, 60, 2, 1.5), 1, 3);
      values.add(FrechetDistance.of(x.rows(), y.rows(), 0).value());
    }
    double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
    double deviation =
        Math.sqrt(values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / 99);
    Bootstrap found =
        Assessment.of(
                videos(normal("real", 1, 60, 2, 0), 2, 6),
                videos(normal("generated", 2, 60, 2, 1.5), 1, 3),
                0,
                EFFORT)
            .interval();
    assertEquals(1, (found.high() - found.low()) / (2 * 1.96 * deviation), 0.34);
  }

  /** Frames of a clip are alike, but enough of them for a covariance that is not singular. */
  @Test
  void fewClipsOfManyFramesAreNotCalledSingular() {
    Samples set = Samples.of(normal("real", 1, 160, 64, 0), Samples.Group.CLIP, 16);
    List<String> warnings = Assessment.of(set, set, 0, EFFORT).warnings();
    assertEquals(2, warnings.size());
    assertTrue(
        warnings.getFirst().startsWith("160 real samples come from 10 clips alone, for 64"),
        warnings.toString());
    assertFalse(warnings.toString().contains("singular"), warnings.toString());
  }

  /** A singular covariance is told by frames; that videos are few, apart from that. */
  @Test
  void fewVideosAreToldApartFromFewFrames() {
    Samples many = videos(normal("real", 1, 10, 12, 0), 3, 3);
    Samples few = Samples.ofVideos(normal("generated", 2, 9, 12, 0), List.of(9));
    Assessment found = Assessment.of(many, few, 0, EFFORT);
    assertNull(found.interval(), "one video is none to draw from");
    assertTrue(
        found
            .warnings()
            .getFirst()
            .startsWith("30 real samples come from 10 videos alone, for 12"));
    assertTrue(found.warnings().get(1).startsWith("9 generated samples of 12 features: the cov"));
    assertThrows(
        IllegalArgumentException.class, () -> Samples.ofVideos(many.rows(), List.of(20, 9)));
    assertThrows(
        IllegalArgumentException.class, () -> Samples.ofVideos(many.rows(), List.of(30, 0)));
  }

  private static FeatureRows clips(String name, long seed, int count, int frames) {
    FeatureRows one = normal(name, seed, count, 2, 0);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] row = new float[2 * frames];
      for (int j = 0; j < row.length; j++) {
        row[j] = one.row(i)[j % 2];
      }
      rows.add(row);
    }
    return FeatureRows.of(name, rows);
  }
}
