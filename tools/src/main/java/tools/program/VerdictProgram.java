package tools.program;

import java.io.IOException;
import java.util.List;
import medsora.audit.Verdict;
import medsora.train.manifest.Manifest;

/**
 * A program that says whether something is as it was said to be. Exit codes: 0 equal, 1 differs, 2
 * cannot be said, also where a file is missing or of another kind.
 */
public abstract class VerdictProgram extends Program {
  private int code;

  /** Does the work; each verdict is printed as it is reached with {@link #say}. */
  protected abstract List<Verdict> judge() throws Exception;

  @Override
  protected final void run() throws Exception {
    try {
      List<Verdict> all = judge();
      code = Verdict.code(all);
      if (all.isEmpty()) {
        say(new Verdict.Unsaid("there is nothing of that kind"));
      }
    } catch (Manifest.EditedException e) {
      code = say(new Verdict.Differs("the manifest", List.of(e.getMessage()))).code();
    } catch (IOException | IllegalArgumentException e) {
      if (isFault(e)) {
        throw e;
      }
      code = say(new Verdict.Unsaid(story(e))).code();
    }
  }

  /** Prints a verdict. */
  protected static Verdict say(Verdict verdict) {
    Output.result("%s", verdict.line());
    if (verdict instanceof Verdict.Differs d) {
      d.details().forEach(line -> Output.result("  %s", line));
    }
    return verdict;
  }

  @Override
  protected final int exitCode() {
    return code;
  }
}
