package engine.kernel;

/**
 * Which keys each query sees. Queries and keys are rows [batch, length, heads * dim], head h in the
 * contiguous slice [h * dim, (h + 1) * dim). Rows are cut into buckets of {@code window}. Query i
 * sees the keys j with i - back <= j <= i + forward that lie in its own bucket, the {@code
 * lookBackward} before or the {@code lookForward} after it; a contiguous range that always holds i.
 *
 * <p>Tables of scores and weights are [batch, heads, length, slots]; slot r of query i belongs to
 * key j = i + r - back. Slots of keys that the query does not see are absent.
 *
 * <p>Where keys depend on the bucket that looks at them (rotary embedding), they come in versions,
 * [versions, batch, length, heads * dim]: version v of key j is what queries see whose bucket is
 * that of j, minus v, plus lookBackward. With one version all queries see the same key.
 */
public record AttentionArgs(
    int batch,
    int length,
    int heads,
    int dim,
    int back,
    int forward,
    int window,
    int lookBackward,
    int lookForward,
    int versions) {
  /** The same view of rows that come in a single version. */
  public AttentionArgs unversioned() {
    return new AttentionArgs(
        batch, length, heads, dim, back, forward, window, lookBackward, lookForward, 1);
  }

  public int slots() {
    return back + forward + 1;
  }

  /** Elements of one row: all heads. */
  public int width() {
    return heads * dim;
  }

  /** The first key that query i sees. */
  public int firstKey(int i) {
    return Math.max(Math.max(0, i - back), (i / window - lookBackward) * window);
  }

  /** One past the last key that query i sees. */
  public int endKey(int i) {
    return Math.min(Math.min(length, i + forward + 1), (i / window + lookForward + 1) * window);
  }

  /** Where version and row of key j, as query i sees it, start in the keys of batch item b. */
  public int keyRow(int b, int i, int j) {
    int version = versions == 1 ? 0 : j / window - i / window + lookBackward;
    return ((version * batch + b) * length + j) * width();
  }

  /** The first query that sees the given version of key j. */
  public int firstQuery(int version, int j) {
    int bucket = j / window - lookForward;
    if (versions > 1) {
      bucket = j / window - version + lookBackward;
    }
    return Math.max(Math.max(0, j - forward), bucket * window);
  }

  /** One past the last query that sees the given version of key j; no query if not above first. */
  public int endQuery(int version, int j) {
    int bucket = j / window + lookBackward;
    if (versions > 1) {
      bucket = j / window - version + lookBackward;
    }
    return Math.min(Math.min(length, j + back + 1), (bucket + 1) * window);
  }
}
