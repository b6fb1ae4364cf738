package tools.program;

import engine.ranks.Ranks;
import java.util.function.BooleanSupplier;

/**
 * A wish to stop that all ranks hear of at the same place of their work: each asks as often as the
 * others, and all stop where one of them wishes to.
 */
public final class AgreedStop implements BooleanSupplier {
  private final Ranks ranks;
  private final BooleanSupplier own;
  private boolean stopped;

  /**
   * @param own of this rank
   */
  public AgreedStop(Ranks ranks, BooleanSupplier own) {
    this.ranks = ranks;
    this.own = own;
  }

  @Override
  public boolean getAsBoolean() {
    stopped = stopped || ranks.any(own.getAsBoolean());
    return stopped;
  }
}
