/// A place in a text: line and column count from 1, the column in Unicode scalars; the offset is in bytes from 0.
public struct Position: Sendable, Hashable, Comparable {
  public let line: Int
  public let column: Int
  public let offset: Int

  public init(line: Int, column: Int, offset: Int) {
    self.line = line
    self.column = column
    self.offset = offset
  }

  public static func < (left: Position, right: Position) -> Bool { left.offset < right.offset }
}

/// The half-open stretch from `start` up to `end`.
public struct SourceRange: Sendable, Hashable {
  public let start: Position
  public let end: Position

  public init(start: Position, end: Position) {
    self.start = start
    self.end = end
  }
}
