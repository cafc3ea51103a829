public import Inputs
import Parallel

extension InputFile {
  /// The file as the linter takes it; nil where it is to be passed over.
  /// - Parameter isSaid: whether the user said what the named files are.
  func input(isSaid: Bool = false) throws(FileError) -> LintInput? {
    do throws(FileError) {
      return try read().map { LintInput(path: path, bytes: $0, named: origin != .found) }
    } catch {
      guard error.kind == .tooLarge, origin == .named, !isSaid, let head = head(64 << 10),
        FileKind.isForeign(head, path)
      else {
        throw error
      }
      return LintInput(path: path, bytes: head, named: true, isCut: true)
    }
  }
}

extension Array {
  /// What could be read and is not to be passed over; the rest of it is noted.
  func values<Value>(problems: inout [FileError]) -> [Value] where Element == Result<Value?, FileError> {
    compactMap { result in
      switch result {
      case .success(let value): return value
      case .failure(let error):
        problems.append(error)
        return nil
      }
    }
  }
}

/// What the arguments of lint stand for.
public struct FileList: Sendable, Hashable {
  /// In the order of the arguments; within a directory by the bytes of the path. No file stands twice.
  public fileprivate(set) var files: [InputFile] = []
  /// What could not be looked at.
  public fileprivate(set) var problems: [FileError] = []
}

extension FileList {
  /// Whether a file or directory is passed by, by its absolute path.
  public typealias Filter = (_ path: String, _ isDirectory: Bool) -> Bool
  /// What to pass by in a directory, by its absolute path; and whether it has a .gatecheck.yaml.
  public typealias Ask<Failure: Error> = (_ directory: String, _ hasSettings: Bool) throws(Failure) -> Filter?

  /// Turns paths into files. A directory is walked: files that end in .yaml, .yml or .json, without what .gitignore
  /// (of the directory, those above it in the same git repository and those below, and .git/info/exclude) hides,
  /// without .git, and without following links to directories. A directory is walked and a file is taken even if
  /// ignored, when it is named itself.
  /// - Parameters:
  ///   - paths: files, directories, `-` for standard input.
  ///   - standardInputName: the name that standard input goes by.
  ///   - filter: asked with the absolute path of each directory of a walk for what to pass by in it. .gatecheck.yaml
  ///     decides here.
  ///   - beginWalk: called before the first directory is walked, for what another thread may do meanwhile.
  public init<Failure: Error>(
    _ paths: [String], standardInputName: String? = nil,
    filter: Ask<Failure>, beginWalk: () -> Void = {}
  ) throws(Failure) {
    var seen: Set<String> = []
    var hasWalked = false
    for path in paths {
      if path == "-" {
        let name = standardInputName ?? InputFile.standardInputName
        if seen.insert("-").inserted { files.append(InputFile(path: name, origin: .standardInput)) }
        continue
      }
      do throws(FileError) {
        guard try FileSystem.kind(of: path) == .directory else {
          if seen.insert(Self.tidy(path)).inserted { files.append(InputFile(path: path, origin: .named)) }
          continue
        }
      } catch {
        problems.append(error)
        continue
      }
      if !hasWalked { beginWalk() }
      hasWalked = true
      var walk = DirectoryWalk(path)
      try walk.run(filter: filter)
      problems += walk.problems
      // One walk finds no file twice.
      let found = paths.count == 1 ? walk.files : walk.files.filter { seen.insert(Self.tidy($0)).inserted }
      files += found.map { InputFile(path: $0, origin: .found) }
    }
  }

  /// Reads the files, several at once, and notes the problems of those that cannot be read.
  /// - Returns: in the files' order; without those that are to be passed over, see `InputFile.read`.
  public mutating func read(threads: Int) -> [LintInput] {
    let read = concurrentMap(files, threads: threads) { file in
      Result { () throws(FileError) in try file.input() }
    }
    return read.values(problems: &problems)
  }

  public init(_ paths: [String], standardInputName: String? = nil) {
    self.init(paths, standardInputName: standardInputName, filter: { _, _ in nil })
  }

  /// The path without `./` and double slashes, to tell that two arguments are one file.
  private static func tidy(_ path: String) -> String {
    var result = ""
    for name in path.utf8.split(separator: UInt8(ascii: "/")) where !name.elementsEqual(CollectionOfOne(0x2E)) {
      if !result.isEmpty || path.utf8.first == UInt8(ascii: "/") { result += "/" }
      result += String(Substring(name))
    }
    return result.isEmpty && path.utf8.first == UInt8(ascii: "/") ? "/" : result
  }

  /// The paths of `--files-from`: separated by NUL bytes if there is one (`git ls-files -z`), else one on each line.
  public static func paths(listedIn bytes: [UInt8]) -> [String] {
    let separator: UInt8 = bytes.contains(0) ? 0 : 0x0A
    return bytes.split(separator: separator).compactMap { line in
      let path = separator == 0x0A && line.last == 0x0D ? line.dropLast() : line
      return path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
    }
  }

  /// The paths of `--files-from FILE`, or of standard input for `-`.
  /// - Throws: what is to be told as a finding.
  public static func paths(listedIn file: String) throws(FileError) -> [String] {
    paths(listedIn: try InputFile.contents(file))
  }
}
