package tools.evaluate.page;

import tools.report.Html;

/** A chart as SVG, its frame, ticks and labels drawn. */
final class Drawing {
  static final String REAL = "#1f4e9c";
  static final String GENERATED = "#d1600d";

  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;
  private static final int LEFT = 70;
  private static final int RIGHT = 625;
  private static final int TOP = 34;
  private static final int BOTTOM = 310;

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
  Drawing(String title, String[] labels, double[] rangeX, double[] rangeY) {
    x = Axis.of(rangeX[0], rangeX[1], LEFT, RIGHT);
    y = Axis.of(rangeY[0], rangeY[1], BOTTOM, TOP);
    text.append("<svg viewBox=\"0 0 %d %d\" role=\"img\" ".formatted(WIDTH, HEIGHT));
    text.append("font-family=\"system-ui,sans-serif\" font-size=\"13\" aria-label=\"");
    text.append(Html.escape(title)).append("\">\n");
    frame(labels);
  }

  private void frame(String... labels) {
    for (double tick : x.ticks()) {
      String at = x.place(tick);
      line(at, TOP + "", at, BOTTOM + "");
      words(at, BOTTOM + 18 + "", "middle", x.label(tick));
    }
    for (double tick : y.ticks()) {
      String at = y.place(tick);
      line(LEFT + "", at, RIGHT + "", at);
      words(LEFT - 6 + "", Axis.number(y.at(tick) + 4), "end", y.label(tick));
    }
    words((LEFT + RIGHT) / 2 + "", HEIGHT - 8 + "", "middle", labels[0]);
    text.append(
        "<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n"
            .formatted((TOP + BOTTOM) / 2, Html.escape(labels[1])));
  }

  private void line(String x1, String y1, String x2, String y2) {
    text.append(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"#ddd\"/>\n"
            .formatted(x1, y1, x2, y2));
  }

  private void words(String atX, String atY, String anchor, String words) {
    text.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
            .formatted(atX, atY, anchor, Html.escape(words)));
  }

  /** What the two colours and forms mean, above the chart. */
  Drawing legend(String real, String generated) {
    text.append(mark(LEFT + 8, 16, false, ""));
    words(LEFT + 20 + "", "20", "start", real);
    text.append(mark(LEFT + 288, 16, true, ""));
    words(LEFT + 300 + "", "20", "start", generated);
    return this;
  }

  /** A point that says its name when it is pointed at; circles are real, squares generated. */
  Drawing point(double atX, double atY, boolean generated, String name) {
    text.append(mark(x.at(atX), y.at(atY), generated, name));
    return this;
  }

  private static String mark(double atX, double atY, boolean generated, String name) {
    String title = name.isEmpty() ? "" : "<title>" + Html.escape(name) + "</title>";
    return generated
        ? "<rect x=\"%s\" y=\"%s\" width=\"9\" height=\"9\" fill=\"%s\" fill-opacity=\".75\">%s</rect>\n"
            .formatted(Axis.number(atX - 4.5), Axis.number(atY - 4.5), GENERATED, title)
        : "<circle cx=\"%s\" cy=\"%s\" r=\"5\" fill=\"%s\" fill-opacity=\".75\">%s</circle>\n"
            .formatted(Axis.number(atX), Axis.number(atY), REAL, title);
  }

  /**
   * A histogram's outline, filled thinly.
   *
   * @param width of a bin, the first of which begins at the low end of the axis across
   */
  Drawing steps(double[] shares, double width, boolean generated) {
    StringBuilder path = new StringBuilder("M" + x.place(x.low()) + " " + y.place(y.low()));
    for (int bin = 0; bin < shares.length; bin++) {
      path.append("V").append(y.place(shares[bin]));
      path.append("H").append(x.place(x.low() + (bin + 1) * width));
    }
    String colour = generated ? GENERATED : REAL;
    path.append("V").append(y.place(y.low())).append("Z");
    text.append(
        "<path d=\"%s\" fill=\"%s\" fill-opacity=\".18\" stroke=\"%s\" stroke-width=\"1.6\"%s/>\n"
            .formatted(path, colour, colour, generated ? " stroke-dasharray=\"5 2\"" : ""));
    return this;
  }

  /** The whole element. */
  @Override
  public String toString() {
    return text + "</svg>";
  }
}
