package tools.report;

import java.util.List;
import java.util.Map;

/**
 * A small page of headings, tables and pictures in the look of the explorer ({@link Look}); all
 * text is escaped.
 */
public final class Html {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title>
      <link rel="icon" href="data:,">
      <style>
      %s</style></head><body>
      <header><h1>%s</h1></header>
      <main>
      """;

  private final StringBuilder text = new StringBuilder();
  private boolean inSection;

  /**
   * An empty page.
   *
   * @param title also its first heading
   */
  public Html(String title) {
    text.append(HEAD.formatted(escape(title), Look.css(), escape(title)));
  }

  /** A heading, with which a new section begins. */
  public Html heading(String words) {
    text.append(inSection ? "</section>\n<section>" : "<section>");
    inSection = true;
    text.append("<h2>").append(escape(words)).append("</h2>\n");
    return this;
  }

  /** A paragraph. */
  public Html paragraph(String words) {
    text.append("<p>").append(escape(words)).append("</p>\n");
    return this;
  }

  /** Lines as they are. */
  public Html code(String words) {
    text.append("<pre tabindex=\"0\"><code>").append(escape(words)).append("</code></pre>\n");
    return this;
  }

  /**
   * A picture and what it shows, which is its alternative text too.
   *
   * @param file relative to the page
   * @param width in pixels of the page, or 0 for its own
   */
  public Html picture(String file, String words, int width) {
    return picture(file, words, width, "");
  }

  /**
   * The same with a warning in front of the words.
   *
   * @param warning or empty
   */
  public Html picture(String file, String words, int width, String warning) {
    text.append("<figure class=\"picture\"");
    if (width > 0) {
      text.append(" style=\"width:").append(width).append("px\"");
    }
    text.append("><img src=\"").append(escape(file)).append("\" alt=\"");
    text.append(escape(words)).append('"');
    if (width > 0) {
      text.append(" width=\"").append(width).append('"');
    }
    text.append("><figcaption>");
    if (!warning.isEmpty()) {
      text.append("<span class=\"bad\">").append(escape(warning)).append("</span> ");
    }
    text.append(escape(words)).append("</figcaption></figure>\n");
    return this;
  }

  /** A link to a file beside the page. */
  public Html link(String file) {
    text.append("<a href=\"").append(escape(file)).append("\">");
    text.append(escape(file)).append("</a> \n");
    return this;
  }

  /** A list of sentences. */
  public Html list(List<String> items) {
    if (!items.isEmpty()) {
      text.append("<ul>\n");
      items.forEach(item -> text.append("<li>").append(escape(item)).append("</li>\n"));
      text.append("</ul>\n");
    }
    return this;
  }

  /** Opens a row of figures, which are put below each other where the page is narrow. */
  public Html row() {
    text.append("<div class=\"figures\">\n");
    return this;
  }

  /** Ends a row of figures. */
  public Html endRow() {
    text.append("</div>\n");
    return this;
  }

  /**
   * A drawing and what it shows.
   *
   * @param svg a whole element whose text is escaped already
   */
  public Html drawing(String svg, String words) {
    text.append("<figure class=\"large\">").append(svg).append("<figcaption>");
    text.append(escape(words)).append("</figcaption></figure>\n");
    return this;
  }

  /** A table of names and values. */
  public Html table(String words, Map<String, String> rows) {
    return table(
        words,
        List.of(),
        rows.entrySet().stream().map(e -> List.of(e.getKey(), e.getValue())).toList());
  }

  /**
   * A table, which may be scrolled where the page is narrow; the first cell of a row names it, and
   * a cell that says {@code not ok} is marked.
   *
   * @param words what the table says, for those who hear the page
   */
  public Html table(String words, List<String> head, List<List<String>> rows) {
    text.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    text.append(escape(words)).append("\"><table>\n");
    if (!head.isEmpty()) {
      text.append("<thead><tr>");
      head.forEach(cell -> cell(cell.isEmpty() ? "td" : "th scope=\"col\"", cell));
      text.append("</tr></thead>\n");
    }
    text.append("<tbody>\n");
    for (List<String> row : rows) {
      text.append("<tr>");
      cell("th scope=\"row\"", row.getFirst());
      row.subList(1, row.size()).forEach(cell -> cell("td", cell));
      text.append("</tr>\n");
    }
    text.append("</tbody></table></div>\n");
    return this;
  }

  private void cell(String tag, String words) {
    String mark = words.equals("not ok") ? " class=\"bad\"" : "";
    text.append('<').append(tag).append(mark).append('>').append(escape(words));
    // A tag's name has two letters; what follows them are its attributes.
    text.append("</").append(tag, 0, 2).append('>');
  }

  /** Text as the content of an element or of an attribute in double quotes. */
  public static String escape(String s) {
    return s.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** The whole page. */
  @Override
  public String toString() {
    return text + (inSection ? "</section>" : "") + "</main></body></html>\n";
  }
}
