package tools.bench.harness;

import java.io.IOException;
import tools.bench.Rows;
import tools.bench.SeededTensors;

/** The process in which one row runs. */
public final class RowProcess {
  private RowProcess() {}

  public static void main(String[] args) throws IOException {
    int threads = Integer.getInteger("engine.threads");
    new Service(name -> Rows.named(name, threads).operation().open(new SeededTensors())).serve();
  }
}
