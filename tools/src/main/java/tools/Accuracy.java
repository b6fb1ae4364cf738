package tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import engine.kernel.Backends;
import engine.kernel.Fidelity;
import engine.kernel.ProbeReport;
import engine.op.scan.Scan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.accuracy.Finding;
import tools.accuracy.ScanError;
import tools.accuracy.Sweep;
import tools.program.Output;
import tools.program.Program;
import tools.program.Progress;
import tools.program.Version;

/** Measures the elementary functions against double precision. */
@Command(
    name = "accuracy",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Measures the largest error of every elementary function of the numeric contract over all"
          + " 2^32 arguments of float32, or every N-th of them and all at the ends of the domains.",
      "Prints a table: function, arguments, largest error in units in the last place of the exact"
          + " result, the argument that has it, the share of correctly rounded results. The exit"
          + " code is 1 where a stated result (NaN, infinity, zero) did not come."
    })
public final class Accuracy extends Program {
  private static final long ALL = 1L << 32;
  private static final int[] SCAN_LENGTHS = {48, 256, 1024};

  @Option(
      names = "--every",
      paramLabel = "N",
      description =
          "try every N-th argument; 1 is all, some minutes each (default: ${DEFAULT-VALUE})")
  long every = 997;

  @Option(
      names = "--core",
      description =
          "also try every argument of each function's core, where it is neither its argument nor a"
              + " constant")
  boolean core;

  @Option(
      names = "--function",
      paramLabel = "NAME",
      split = ",",
      description = "only these (default: all)")
  List<String> functions = Sweep.functions();

  @Option(
      names = "--scan",
      description =
          "instead: how far the state space scan in float32 lies from the listing of its paper in"
              + " double precision")
  boolean scan;

  @Option(
      names = "--probe",
      description =
          "instead: whether the backend keeps the numeric contract on this machine, check by check;"
              + " the exit code is 1 where it does not")
  boolean probe;

  @Option(names = "--json", description = "print JSON in place of the table")
  boolean json;

  private boolean wrong;

  public static void main(String[] args) {
    System.exit(execute(new Accuracy(), args));
  }

  @Override
  protected void run() throws Exception {
    if (probe) {
      printProbe();
    } else if (scan) {
      measureScan();
    } else {
      measureFunctions();
    }
  }

  private void printProbe() throws IOException {
    ProbeReport report = Backends.report(Backends.current());
    wrong = report.fidelity() != Fidelity.EXACT;
    if (json) {
      printJson(report.checks());
    } else {
      report.checks().forEach(check -> Output.result("%s", check));
      Output.result("%s", report.summary());
    }
  }

  private void measureScan() throws IOException {
    List<ScanError> errors =
        IntStream.of(SCAN_LENGTHS).mapToObj(n -> ScanError.of(n, Scan.CHUNK)).toList();
    if (json) {
      printJson(errors);
    } else {
      Output.result("%s", ScanError.header());
      errors.forEach(error -> Output.result("%s", error.row()));
    }
  }

  private void measureFunctions() throws IOException {
    if (every < 1 || every > ALL) {
      throw new IllegalArgumentException("--every wants 1 to 2^32, got " + every);
    }
    List<String> known = Sweep.functions();
    for (String name : functions) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "--function " + name + " is not one of " + String.join(", ", known));
      }
    }
    List<Finding> findings = measure();
    wrong = findings.stream().anyMatch(f -> f.wrong() > 0);
    if (json) {
      printJson(findings);
    }
  }

  private static void printJson(List<?> rows) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    Output.result("%s", mapper.writeValueAsString(rows));
  }

  /** Measures one function after another and, unless it will be JSON, prints each row at once. */
  private List<Finding> measure() {
    List<Finding> findings = new ArrayList<>();
    AtomicLong done = new AtomicLong();
    long total = functions.stream().mapToLong(f -> Sweep.count(f, every, core)).sum();
    if (!json) {
      Output.result("%s", Finding.header());
    }
    try (Progress progress = new Progress("arguments", total, 0)) {
      for (String name : functions) {
        Finding finding =
            Sweep.run(
                name,
                every,
                core,
                more -> {
                  synchronized (progress) {
                    progress.at(done.addAndGet(more), name);
                  }
                });
        findings.add(finding);
        if (!json) {
          Output.result("%s", finding.row());
        }
      }
    }
    return findings;
  }

  @Override
  protected int exitCode() {
    return wrong ? 1 : 0;
  }
}
