package tools.report;

import java.util.List;

/**
 * A chart as SVG, its frame, ticks and labels drawn; colours and dashes are those of {@link Look}.
 */
public final class Drawing {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 300;
  private static final int LEFT = 66;
  private static final int RIGHT = 470;
  private static final int TOP = 34;
  private static final int BOTTOM = 252;

  private final StringBuilder text = new StringBuilder();
  private final Axis x;
  private final Axis y;

  /**
   * An empty chart.
   *
   * @param title what it shows, for those who hear the page too
   * @param labels of the axes, across and up
   * @param rangeX lowest and highest value across
   * @param rangeY the same up
   */
  public Drawing(String title, String[] labels, double[] rangeX, double[] rangeY) {
    x = Axis.of(rangeX[0], rangeX[1], LEFT, RIGHT);
    y = Axis.of(rangeY[0], rangeY[1], BOTTOM, TOP);
    text.append("<svg class=\"drawing\" viewBox=\"0 0 %d %d\" ".formatted(WIDTH, HEIGHT));
    text.append("role=\"img\" aria-label=\"").append(Html.escape(title)).append("\">\n");
    frame(labels);
  }

  private void frame(String... labels) {
    for (double tick : x.ticks()) {
      String at = x.place(tick);
      tick(at, TOP + "", at, BOTTOM + "");
      words(at, BOTTOM + 18 + "", "middle", x.label(tick));
    }
    for (double tick : y.ticks()) {
      String at = y.place(tick);
      tick(LEFT + "", at, RIGHT + "", at);
      words(LEFT - 6 + "", Axis.number(y.at(tick) + 4), "end", y.label(tick));
    }
    words((LEFT + RIGHT) / 2 + "", HEIGHT - 8 + "", "middle", labels[0]);
    text.append(
        "<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n"
            .formatted((TOP + BOTTOM) / 2, Html.escape(labels[1])));
  }

  private void tick(String x1, String y1, String x2, String y2) {
    text.append(
        "<line class=\"tick\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
            .formatted(x1, y1, x2, y2));
  }

  private void words(String atX, String atY, String anchor, String words) {
    text.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
            .formatted(atX, atY, anchor, Html.escape(words)));
  }

  /** What the two colours and forms mean, above the chart. */
  public Drawing legend(String real, String generated) {
    text.append(mark(LEFT + 8, 16, false, ""));
    words(LEFT + 20 + "", "20", "start", real);
    text.append(mark(LEFT + 208, 16, true, ""));
    words(LEFT + 220 + "", "20", "start", generated);
    return this;
  }

  /** A point that says its name when it is pointed at; circles are real, squares generated. */
  public Drawing point(double atX, double atY, boolean generated, String name) {
    text.append(mark(x.at(atX), y.at(atY), generated, name));
    return this;
  }

  private static String mark(double atX, double atY, boolean generated, String name) {
    String title = name.isEmpty() ? "" : "<title>" + Html.escape(name) + "</title>";
    return generated
        ? "<rect class=\"mark b1\" x=\"%s\" y=\"%s\" width=\"9\" height=\"9\">%s</rect>\n"
            .formatted(Axis.number(atX - 4.5), Axis.number(atY - 4.5), title)
        : "<circle class=\"mark b0\" cx=\"%s\" cy=\"%s\" r=\"5\">%s</circle>\n"
            .formatted(Axis.number(atX), Axis.number(atY), title);
  }

  /**
   * A histogram's outline, filled thinly.
   *
   * @param width of a bin, the first of which begins at the low end of the axis across
   */
  public Drawing steps(double[] shares, double width, boolean generated) {
    StringBuilder path = new StringBuilder("M" + x.place(x.low()) + " " + y.place(y.low()));
    for (int bin = 0; bin < shares.length; bin++) {
      path.append("V").append(y.place(shares[bin]));
      path.append("H").append(x.place(x.low() + (bin + 1) * width));
    }
    path.append("V").append(y.place(y.low())).append("Z");
    int colour = generated ? 1 : 0;
    text.append("<path class=\"area s%d b%d\" d=\"%s\"/>\n".formatted(colour, colour, path));
    return this;
  }

  /**
   * A line through points; it is broken where a value is no number.
   *
   * @param faint as the ground of another line
   */
  public Drawing line(List<Double> across, List<Double> up, boolean faint) {
    StringBuilder path = new StringBuilder();
    boolean joined = false;
    for (int i = 0; i < across.size(); i++) {
      boolean known = Double.isFinite(up.get(i));
      if (known) {
        path.append(joined ? 'L' : 'M').append(x.place(across.get(i)));
        path.append(' ').append(y.place(up.get(i)));
      }
      joined = known;
    }
    text.append("<path class=\"s0 %s\" d=\"%s\"/>\n".formatted(faint ? "faint" : "line", path));
    return this;
  }

  /** The whole element. */
  @Override
  public String toString() {
    return text + "</svg>";
  }
}
