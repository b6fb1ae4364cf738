package medsora.train;

import engine.random.RandomKey;

/**
 * Which data and which noise the n-th sample of a run meets: functions of (seed, n) alone, so that
 * a run can stop and continue anywhere.
 */
record Draws(long seed, long stage) {
  private static final long ORDER = 0;
  private static final long CHOICES = 1;
  private static final long NOISE = 2;
  private static final long POSTERIOR = 3;
  private static final long VALIDATION = 4;
  private static final long VALIDATION_NOISE = 5;
  private static final long VALIDATION_POSTERIOR = 6;
  private static final long LABELS = 7;
  private static final long LATENT_NOISE = 8;

  /** A sample's place in the data. */
  record Pick(int clip, int begin, boolean flip, int images, int timestep) {}

  /** Clips come in a new order every epoch; the rest is uniform. */
  Pick pick(long n, Clips clips, boolean flips, int timesteps) {
    int count = clips.trainingClips();
    int clip = key(ORDER, n / count).random().permutation(count)[(int) (n % count)];
    float[] u = new float[4];
    key(CHOICES, n).random().uniform(u, 0, u.length);
    return new Pick(
        clip,
        index(u[0], clips.begins(clip)),
        flips && u[1] < 0.5f,
        index(u[2], clips.imageWindows()),
        index(u[3], timesteps));
  }

  /**
   * What the k-th of {@code draws} looks at the n-th held-out clip meets, however long the run is:
   * timesteps are spread evenly, one in each of {@code draws} equal parts.
   */
  Pick validation(int n, int k, int draws, Clips clips, int timesteps) {
    int clip = clips.trainingClips() + n;
    float[] u = new float[3];
    key(VALIDATION, look(n, k, draws)).random().uniform(u, 0, u.length);
    return new Pick(
        clip,
        index(u[0], clips.begins(clip)),
        false,
        index(u[1], clips.imageWindows()),
        index((k + u[2]) / draws, timesteps));
  }

  RandomKey validationNoise(int n, int k, int draws) {
    return key(VALIDATION_NOISE, look(n, k, draws));
  }

  RandomKey validationPosterior(int n, int k, int draws) {
    return key(VALIDATION_POSTERIOR, look(n, k, draws));
  }

  private static long look(int n, int k, int draws) {
    return ((long) n * draws) + k;
  }

  private static int index(float u, int n) {
    return Math.min(n - 1, (int) (u * n));
  }

  /** The noise that is added to sample n. */
  RandomKey noise(long n) {
    return key(NOISE, n);
  }

  /** The draw from the posterior of sample n's latents. */
  RandomKey posterior(long n) {
    return key(POSTERIOR, n);
  }

  /** The noise on the latents from which sample n's decoder learns. */
  RandomKey latentNoise(long n) {
    return key(LATENT_NOISE, n);
  }

  /** Whether the label of sample n is kept from the network, where that is done so often. */
  boolean unlabelled(long n, double share) {
    float[] u = new float[1];
    key(LABELS, n).random().uniform(u, 0, 1);
    return u[0] < share;
  }

  private RandomKey key(long kind, long n) {
    return new RandomKey(seed, (stage << 8) + kind, n);
  }
}
