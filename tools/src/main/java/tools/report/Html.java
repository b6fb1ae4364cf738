package tools.report;

import java.util.List;
import java.util.Map;

/** A small page of headings, tables and pictures; all text is escaped. */
public final class Html {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title><style>
      body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}
      table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .8rem;border-bottom:1px solid #ddd;text-align:left}
      td{min-width:5rem;vertical-align:top}td:nth-child(n+2){font-variant-numeric:tabular-nums}img{max-width:100%%;image-rendering:pixelated}
      code{font-size:.85em;overflow-wrap:anywhere}.bad{color:#b00020;font-weight:600}
      figure{display:inline-block;margin:0 1rem 1rem 0;max-width:100%%;vertical-align:top}
      figcaption{font-size:.85em;overflow-wrap:anywhere}.wide{overflow-x:auto}svg{width:100%%;height:auto}
      .row{display:flex;flex-wrap:wrap;gap:1rem;margin-bottom:1rem}.row figure{margin:0}.chart{width:34rem}
      </style></head><body>
      <h1>%s</h1>
      """;

  private final StringBuilder text = new StringBuilder();

  /**
   * An empty page.
   *
   * @param title also its first heading
   */
  public Html(String title) {
    text.append(HEAD.formatted(escape(title), escape(title)));
  }

  /** A heading. */
  public Html heading(String words) {
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
    text.append("<pre><code>").append(escape(words)).append("</code></pre>\n");
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
    text.append("<figure");
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
    text.append("<div class=\"row\">\n");
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
    text.append("<figure class=\"chart\">").append(svg).append("<figcaption>");
    text.append(escape(words)).append("</figcaption></figure>\n");
    return this;
  }

  /** A table of names and values. */
  public Html table(Map<String, String> rows) {
    return table(
        List.of(), rows.entrySet().stream().map(e -> List.of(e.getKey(), e.getValue())).toList());
  }

  /** A table; a cell that says {@code not ok} is marked. */
  public Html table(List<String> head, List<List<String>> rows) {
    text.append("<div class=\"wide\"><table>\n");
    if (!head.isEmpty()) {
      row("th", head);
    }
    rows.forEach(r -> row("td", r));
    text.append("</table></div>\n");
    return this;
  }

  private void row(String tag, List<String> cells) {
    text.append("<tr>");
    for (String cell : cells) {
      String mark = cell.equals("not ok") ? " class=\"bad\"" : "";
      text.append('<').append(tag).append(mark).append('>');
      text.append(escape(cell)).append("</").append(tag).append('>');
    }
    text.append("</tr>\n");
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
    return text + "</body></html>\n";
  }
}
