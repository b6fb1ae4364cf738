package tools.bench.harness;

/**
 * One sample of a row: the mean of as many repetitions as the clock can tell.
 *
 * @param seconds of one repetition, the part that counts
 * @param wall seconds of the whole sample
 * @param collecting seconds of it that the garbage collector reports
 */
public record Sample(double seconds, double wall, double collecting) {
  String words() {
    return seconds + " " + wall + " " + collecting;
  }

  static Sample parse(String words) {
    String[] parts = words.split(" ", -1);
    return new Sample(
        Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), Double.parseDouble(parts[2]));
  }
}
