package engine.ranks;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a launcher says of the processes that it has started, in the environment of each.
 *
 * @param by whose variables said so
 * @param rank of this process, from 0
 * @param count of all processes
 */
public record Launch(By by, int rank, int count) {
  /** A family of launchers: which variables they set, and whose library they start. */
  public enum By {
    /** Open MPI's mpirun. */
    OPEN_MPI("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    /** MPICH's mpirun and its kin, and srun by PMI. */
    PMI("PMI_RANK", "PMI_SIZE"),
    /** srun, whatever it speaks beside; in a job's script itself the count is not set. */
    SLURM("SLURM_PROCID", "SLURM_STEP_NUM_TASKS");

    private final String rank;
    private final String count;

    By(String rank, String count) {
      this.rank = rank;
      this.count = count;
    }
  }

  /** More processes than any machine has. */
  private static final int MOST = 1 << 24;

  /**
   * What the environment says.
   *
   * @return nothing where no launcher, or one that has started a single process, is behind it
   */
  public static Optional<Launch> of(Map<String, String> environment) {
    for (By by : List.of(By.values())) {
      OptionalInt rank = number(environment.get(by.rank));
      OptionalInt count = number(environment.get(by.count));
      if (rank.isPresent() && count.isPresent() && rank.getAsInt() < count.getAsInt()) {
        return count.getAsInt() > 1
            ? Optional.of(new Launch(by, rank.getAsInt(), count.getAsInt()))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static OptionalInt number(@Nullable String text) {
    if (text == null || !text.matches("[0-9]{1,8}")) {
      return OptionalInt.empty();
    }
    int value = Integer.parseInt(text);
    return value < MOST ? OptionalInt.of(value) : OptionalInt.empty();
  }
}
