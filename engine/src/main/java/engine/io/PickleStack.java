package engine.io;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stack of a pickle with its marks, and the memo. No pop goes below the last mark. */
final class PickleStack {
  private final PickleInput in;
  private final List<Pickled> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Pickled> memo = new HashMap<>();

  /**
   * @param in where faults are
   */
  PickleStack(PickleInput in) {
    this.in = in;
  }

  void push(Pickled value) {
    stack.add(value);
  }

  void mark() {
    marks.add(stack.size());
  }

  Pickled top() throws FormatException {
    requireItems(1);
    return stack.getLast();
  }

  Pickled pop() throws FormatException {
    requireItems(1);
    return stack.removeLast();
  }

  /** Takes the mark away where nothing lies above it, else the topmost item. */
  void drop() throws FormatException {
    if (!marks.isEmpty() && marks.getLast() == stack.size()) {
      marks.removeLast();
    } else {
      pop();
    }
  }

  List<Pickled> popped(int count) throws FormatException {
    requireItems(count);
    List<Pickled> tail = stack.subList(stack.size() - count, stack.size());
    List<Pickled> items = List.copyOf(tail);
    tail.clear();
    return items;
  }

  private void requireItems(int count) throws FormatException {
    int floor = marks.isEmpty() ? 0 : marks.getLast();
    if (stack.size() - floor < count) {
      throw in.fault("the stack has too few items: the pickle is damaged");
    }
  }

  List<Pickled> sinceMark() throws FormatException {
    if (marks.isEmpty()) {
      throw in.fault("no mark was set: the pickle is damaged");
    }
    List<Pickled> tail = stack.subList(marks.removeLast(), stack.size());
    List<Pickled> items = new ArrayList<>(tail);
    tail.clear();
    return items;
  }

  void memoize(long index) throws FormatException {
    memo.put(index, top());
  }

  /** Under the next number. */
  void memoize() throws FormatException {
    memoize(memo.size());
  }

  Pickled remembered(long index) throws FormatException {
    Pickled found = memo.get(index);
    if (found == null) {
      throw in.fault("nothing was remembered under " + index + ": the pickle is damaged");
    }
    return found;
  }
}
