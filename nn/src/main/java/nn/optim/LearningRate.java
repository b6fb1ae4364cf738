package nn.optim;

import java.util.List;

/**
 * The learning rate as a function of the step alone, in phases. It does not know how long a run
 * lasts, so that stopping and continuing changes nothing.
 */
public record LearningRate(List<Phase> phases) {
  /**
   * Begins at step {@code from} (0-based): falls from {@code start} to {@code end} along a cosine
   * over {@code length} steps and stays there until the next phase begins.
   */
  public record Phase(long from, long length, double start, double end) {
    public Phase {
      boolean rates = start >= 0 && end >= 0 && Double.isFinite(start) && Double.isFinite(end);
      if (from < 0 || length < 0 || !rates) {
        throw new IllegalArgumentException(
            "[learning rate] a phase wants from, length, start and end finite and at least 0, got "
                + String.join(", ", "" + from, "" + length, "" + start, "" + end));
      }
    }

    double at(long step) {
      if (step - from >= length) {
        return end;
      }
      double part = (double) (step - from) / length;
      return end + (((start - end) * (1 + StrictMath.cos(StrictMath.PI * part))) / 2);
    }
  }

  public LearningRate {
    phases = List.copyOf(phases);
    if (phases.isEmpty() || phases.get(0).from() != 0) {
      throw new IllegalArgumentException("[learning rate] the first phase must begin at step 0");
    }
  }

  public static LearningRate constant(double rate) {
    return new LearningRate(List.of(new Phase(0, 0, rate, rate)));
  }

  /** Falls from start to end along a cosine over {@code length} steps, then stays. */
  public static LearningRate cosine(double start, double end, long length) {
    return new LearningRate(List.of(new Phase(0, length, start, end)));
  }

  /** The rate at a step. */
  public double at(long step) {
    int i = phases.size() - 1;
    while (phases.get(i).from() > step) {
      i--;
    }
    return phases.get(i).at(step);
  }
}
