package tools.report;

import java.util.List;
import java.util.Map;

/** A small page of headings, tables and pictures; all text is escaped. */
final class Html {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>%s</title><style>
      body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}
      table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .8rem;border-bottom:1px solid #ddd;text-align:left}
      td:nth-child(n+2){font-variant-numeric:tabular-nums}img{max-width:100%%;image-rendering:pixelated}
      code{font-size:.85em;overflow-wrap:anywhere}.bad{color:#b00020;font-weight:600}
      figure{display:inline-block;margin:0 1rem 1rem 0}
      </style></head><body>
      <h1>%s</h1>
      """;

  private final StringBuilder text = new StringBuilder();

  Html(String title) {
    text.append(HEAD.formatted(escape(title), escape(title)));
  }

  Html heading(String words) {
    text.append("<h2>").append(escape(words)).append("</h2>\n");
    return this;
  }

  Html paragraph(String words) {
    text.append("<p>").append(escape(words)).append("</p>\n");
    return this;
  }

  Html code(String words) {
    text.append("<pre><code>").append(escape(words)).append("</code></pre>\n");
    return this;
  }

  Html picture(String file, String words, int width) {
    text.append("<figure><img src=\"").append(escape(file)).append("\" alt=\"");
    text.append(escape(words)).append('"');
    if (width > 0) {
      text.append(" width=\"").append(width).append('"');
    }
    text.append("><figcaption>").append(escape(words)).append("</figcaption></figure>\n");
    return this;
  }

  Html link(String file) {
    text.append("<a href=\"").append(escape(file)).append("\">");
    text.append(escape(file)).append("</a> \n");
    return this;
  }

  Html table(Map<String, String> rows) {
    return table(
        List.of(), rows.entrySet().stream().map(e -> List.of(e.getKey(), e.getValue())).toList());
  }

  Html table(List<String> head, List<List<String>> rows) {
    text.append("<table>\n");
    if (!head.isEmpty()) {
      row("th", head);
    }
    rows.forEach(r -> row("td", r));
    text.append("</table>\n");
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

  private static String escape(String s) {
    return s.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @Override
  public String toString() {
    return text + "</body></html>\n";
  }
}
