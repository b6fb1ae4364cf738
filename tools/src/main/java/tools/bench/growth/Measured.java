package tools.bench.growth;

/**
 * A training step of one size.
 *
 * @param seconds median of a step
 * @param spread distance between the quartiles, as a share of it
 * @param samples how many steps
 * @param live bytes that the step's tensors held at most, kernels' scratch among them; weights,
 *     moments and moving average are not
 * @param resident the most resident bytes of the process
 * @param products multiply-adds by formula
 */
record Measured(
    Point point,
    double seconds,
    double spread,
    int samples,
    long live,
    long resident,
    long products) {
  /** What a {@link GrowthProcess} said. */
  static Measured parse(Point point, String line) {
    String[] words = line.strip().split(" ");
    return new Measured(
        point,
        Double.parseDouble(words[0]),
        Double.parseDouble(words[1]),
        Integer.parseInt(words[2]),
        Long.parseLong(words[3]),
        Long.parseLong(words[4]),
        point.products());
  }

  double rate() {
    return products / seconds;
  }
}
