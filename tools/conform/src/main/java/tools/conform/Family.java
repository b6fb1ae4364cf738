package tools.conform;

import java.io.IOException;

/** How one kind of file is checked: reads its inputs and compares what the module makes of them. */
@FunctionalInterface
interface Family {
  void check(Check check) throws IOException;
}
