package tools;

import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import tools.program.Program;

/** Work that all ranks meet behind, but for rank 1, which falls asleep over it. */
@Command(name = "sleepy")
public final class SleepyRank extends Program {
  public static void main(String[] args) {
    System.exit(execute(new SleepyRank(), args));
  }

  @Override
  protected boolean isShared() {
    return true;
  }

  @Override
  protected void run() throws Exception {
    if (ranks().rank() == 1) {
      TimeUnit.HOURS.sleep(1);
    }
    ranks().meet();
  }
}
