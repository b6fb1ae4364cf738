package engine.kernel.opencl;

/**
 * Copies between host and device.
 *
 * @param uploads copies to the device: weights and constants once, batches, draws of the host
 * @param uploaded bytes of them
 * @param downloads copies to the host: losses, and what somebody reads
 * @param downloaded bytes of them
 */
public record Transfers(long uploads, long uploaded, long downloads, long downloaded) {
  /** What came since an earlier look. */
  public Transfers since(Transfers before) {
    return new Transfers(
        uploads - before.uploads,
        uploaded - before.uploaded,
        downloads - before.downloads,
        downloaded - before.downloaded);
  }
}
