package tools.program;

import engine.io.FormatException;
import engine.kernel.Backends;
import engine.kernel.Fidelity;
import engine.kernel.opencl.OpenClException;
import engine.ranks.Ranks;
import engine.ranks.RanksException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import medsora.train.TrainingException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/**
 * A program: options are parsed into its fields, then {@link #run} does the work. Exit codes: 0
 * done, 1 failed, 2 called wrongly, 130 and 143 stopped by Ctrl-C and SIGTERM. A failure is one
 * paragraph on standard error; where in the program it happened is shown for a fault of the
 * program, and with {@code --debug}.
 */
public abstract class Program implements Callable<Integer> {
  /** Held here, for the logging system itself holds loggers weakly. */
  private static final Logger DATA_LOG = Logger.getLogger("medsora.data");

  private static final String DAMAGED =
      "; restore the file from a copy, or download or train it again";

  /** Made beforehand: where memory is this short, no text can be put together any more. */
  private static final byte[] NO_MEMORY =
      ("out of memory, with too little left to say where: JAVA_OPTS=-Xmx... raises the heap"
              + System.lineSeparator())
          .getBytes(StandardCharsets.UTF_8);

  /** Not System.err, whose encoder wants memory. Never closed: the descriptor is the process's. */
  private static final FileOutputStream BARE_ERR = new FileOutputStream(FileDescriptor.err);

  @Mixin Common common;

  private Crew crew;

  /** Does the work; a failure is an exception whose message says what happened and what to do. */
  protected abstract void run() throws Exception;

  /** Asked after {@link #run}: 1 where the work was done and what it found is a failure. */
  protected int exitCode() {
    return 0;
  }

  /** Whether several ranks of a launcher can share the work; each then calls {@link #run}. */
  protected boolean isShared() {
    return false;
  }

  /** The ranks that share the work. */
  protected final Ranks ranks() {
    return crew.ranks();
  }

  /** How many threads compute. */
  protected final int threads() {
    return common.threads();
  }

  /** The chosen backend as system properties, for processes that a program starts. */
  protected final Map<String, String> engineProperties() {
    return common.properties();
  }

  @Override
  public final Integer call() throws Exception {
    common.apply();
    crew.meet(isShared(), this::standing);
    sayIfApproximate();
    try {
      run();
    } catch (OutOfMemoryError e) {
      // What the work held is unreachable by now: there is room again to say so.
      throw outOfMemory(e);
    } catch (OpenClException e) {
      // A device that is gone takes with it what no checkpoint has.
      throw e.with(standing());
    } catch (RuntimeException e) {
      if (e.getCause() instanceof OutOfMemoryError cause) {
        throw outOfMemory(cause);
      }
      throw e;
    }
    crew.part();
    return exitCode();
  }

  /** The first line of a run whose bits are not those of other machines (numeric contract N18). */
  private static void sayIfApproximate() {
    if (Backends.fidelity() == Fidelity.APPROXIMATE) {
      Output.say("approximate results: " + Backends.report(Backends.current()).summary());
    }
  }

  /** What a run that failed has left to continue from; empty where that is nothing. */
  protected String standing() {
    return "";
  }

  private IllegalStateException outOfMemory(OutOfMemoryError e) {
    long heap = Runtime.getRuntime().maxMemory() >> 20;
    return new IllegalStateException(
        "out of memory at a heap of %d MiB%s: JAVA_OPTS=-Xmx... raises it%s"
            .formatted(heap, where(e), standing()),
        e);
  }

  /** The op whose memory was not there, as far as the trace tells. */
  private static String where(OutOfMemoryError e) {
    for (StackTraceElement frame : e.getStackTrace()) {
      if (frame.getClassName().startsWith("engine.op.")) {
        String name = frame.getClassName();
        return ", in " + name.substring(name.lastIndexOf('.') + 1);
      }
    }
    return "";
  }

  /** Parses and runs; for {@code main}, which hands the result to {@code System.exit}. */
  public static int execute(Program program, String... args) {
    try {
      return parseAndRun(program, args);
    } catch (OutOfMemoryError e) {
      return outOfWords();
    }
  }

  /** Says that even {@link #outOfMemory} found no memory. */
  private static int outOfWords() {
    try {
      BARE_ERR.write(NO_MEMORY);
    } catch (IOException e) {
      // Nobody listens; the exit code tells.
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static int parseAndRun(Program program, String... args) {
    quietLogs();
    CommandLine line = new CommandLine(program);
    program.crew = new Crew(line.getCommandName());
    line.getSubcommands()
        .values()
        .forEach(below -> {
          if (below.<Object>getCommand() instanceof Program part) {
            part.crew = program.crew;
          }
        });
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setParameterExceptionHandler(Program::calledWrongly);
    line.setExecutionExceptionHandler((e, l, parsed) -> {
      int code = failed(e, l, program.common.debug);
      program.crew.failed(e, story(e));
      return code;
    });
    return line.execute(args);
  }

  /** One line per log record, none that the programs' own words repeat, and no windows. */
  private static void quietLogs() {
    String format = "java.util.logging.SimpleFormatter.format";
    if (System.getProperty(format) == null) {
      System.setProperty(format, "[%3$s] %5$s%n");
    }
    DATA_LOG.setLevel(Level.WARNING);
    // Pictures are drawn into memory; no display is wanted.
    System.setProperty("java.awt.headless", "true");
  }

  private static int calledWrongly(CommandLine.ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println(line.getCommandName() + ": " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("For all options: " + line.getCommandName() + " --help");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine line, boolean debug) {
    PrintWriter err = line.getErr();
    boolean ours = isFault(e);
    if (ours) {
      err.println(line.getCommandName() + ": this is a fault of the program, not of its input:");
    }
    if (debug || ours) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      err.print(trace);
    } else {
      err.println(line.getCommandName() + ": " + story(e));
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  /**
   * Whether an exception tells of a mistake in this program. What is wrong with files, options and
   * configurations is an IOException, an UncheckedIOException or an IllegalArgumentException
   * itself; what the machine lacks is said in words of our own.
   */
  static boolean isFault(Throwable e) {
    return switch (e) {
      case NumberFormatException n -> true;
      case IllegalFormatException f -> true;
      case IllegalArgumentException a -> a.getMessage() == null;
      case UncheckedIOException u -> false;
      case UnsupportedOperationException u -> u.getMessage() == null;
      case IllegalStateException s -> !(s.getCause() instanceof OutOfMemoryError);
      case TrainingException t -> false;
      case OpenClException o -> false;
      case RanksException r -> false;
      case RuntimeException r -> true;
      default -> false;
    };
  }

  /** The messages of an exception and of its causes, each once. */
  static String story(Throwable e) {
    List<String> parts = new ArrayList<>();
    for (Throwable t = e; t != null && parts.size() < 5; t = t.getCause()) {
      String part = message(t);
      if (parts.stream().noneMatch(known -> known.contains(part))) {
        parts.add(part);
      }
    }
    return String.join(": ", parts);
  }

  private static String message(Throwable t) {
    String said = t.getMessage();
    return switch (t) {
      case java.nio.file.NoSuchFileException f -> "no such file: " + said;
      case java.nio.file.AccessDeniedException f -> "access denied: " + said;
      case java.nio.file.FileAlreadyExistsException f -> "is in the way: " + said;
      case FormatException f when f.isDamage() ->
          said.contains("restore it") ? said : said + DAMAGED;
      case UncheckedIOException u -> message(u.getCause());
      case UnsupportedOperationException u -> "unsupported: " + said;
      default -> said == null ? t.getClass().getSimpleName() + " (see --debug)" : said;
    };
  }
}
