package engine.kernel;

import java.util.function.IntConsumer;

/**
 * Runs pieces of work side by side of which none reads what another writes, such as the samples of
 * a training step: each on one thread of the team, on which all its ops compute. Short ops gain by
 * it, since threads wait for each other at the end of a piece and not of every op; each piece that
 * runs has memory of its own. The results are those of one piece after the other (numeric contract
 * N19).
 */
public final class Pieces {
  private Pieces() {}

  /** How many pieces run at once on the backend of this thread; 1 on devices. */
  public static int atOnce() {
    return Backends.current() instanceof TeamKernels team ? team.workers().threads() : 1;
  }

  /**
   * Runs body(0), ..., body(pieces - 1), each once, and returns when all are done. Where pieces
   * fail, what the lowest of them threw is thrown. A single piece has the whole team.
   */
  public static void run(int pieces, IntConsumer body) {
    if (pieces > 1 && Backends.current() instanceof TeamKernels team) {
      Workers workers = team.workers();
      workers.forEach(pieces, piece -> alone(team, () -> body.accept(piece)));
      return;
    }
    for (int piece = 0; piece < pieces; piece++) {
      body.accept(piece);
    }
  }

  private static void alone(TeamKernels team, Runnable body) {
    team.workers()
        .pool()
        .serve(() ->
            Backends.with(
                team.alone(),
                () -> {
                  body.run();
                  return team;
                }));
  }
}
