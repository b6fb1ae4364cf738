package tools.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.ranks.Ranks;
import engine.testing.ThreadTransport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import medsora.media.Clip;
import org.junit.jupiter.api.Test;

/** Who draws which clip, and that rank 0 gets all of them as they were drawn. */
class SharedClipsTest {
  private static final long FIRST = 7;

  private static Clip clip(long number) {
    float[] values = new float[3 * 2 * 2 * 3];
    java.util.Arrays.fill(values, number / 100f);
    return Clip.of("drawn", 2, 2, 3, values);
  }

  private static Map<Long, Float> written(Ranks ranks, int count) {
    Map<Long, Float> written = new TreeMap<>();
    try (SharedClips clips =
        new SharedClips(ranks, FIRST, count, (c, n) -> written.put(n, c.values()[5]))) {
      LongStream.range(clips.first(), clips.first() + clips.count())
          .forEach(n -> clips.drawn(clip(n), n));
      clips.finish();
      assertEquals(ranks.isFirst() ? count : 0, clips.written());
    }
    return written;
  }

  @Test
  void theFirstWritesAll() throws Exception {
    for (int count : List.of(1, 4, 7)) {
      Map<Long, Float> wanted = written(Ranks.ALONE, count);
      assertEquals(count, wanted.size());
      List<Map<Long, Float>> found = ThreadTransport.run(3, r -> written(r, count));
      assertEquals(List.of(wanted, Map.of(), Map.of()), found);
    }
  }

  @Test
  void whatFailsInWritingIsThrown() throws Exception {
    List<Boolean> failed =
        ThreadTransport.run(
            2,
            ranks -> {
              try (SharedClips clips =
                  new SharedClips(
                      ranks,
                      0,
                      2,
                      (c, n) -> {
                        if (n == 1) {
                          throw new IllegalStateException("no room");
                        }
                      })) {
                clips.drawn(clip(ranks.rank()), ranks.rank());
                if (ranks.isFirst()) {
                  assertThrows(IllegalStateException.class, clips::finish);
                }
              }
              return ranks.isFirst();
            });
    assertTrue(failed.getFirst());
  }
}
