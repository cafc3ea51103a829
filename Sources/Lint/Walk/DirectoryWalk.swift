import Inputs

/// Walks one directory without recursion, so that depth costs no stack.
struct DirectoryWalk {
  private(set) var files: [String] = []
  private(set) var problems: [FileError] = []

  /// As the user named it, and what stands before the names found in it: nothing for `.`.
  private let start: String
  private let prefix: String

  /// A directory to be walked, or a file, last one first.
  private struct Pending {
    /// Its name; a directory's ends in a slash, so that whole paths come out in order.
    var key: [UInt8] = []
    let shown: String
    /// Its absolute path, cut at its slashes; of a file not needed.
    let names: [ArraySlice<UInt8>]
    let isDirectory: Bool
    let ignores: Ignores
  }

  /// The patterns that hold in a directory: those of each .gitignore from the repository's root down to it.
  private struct Ignores {
    /// How many names the path of the directory has, and its patterns; the deepest last.
    var files: [(depth: Int, patterns: [IgnorePattern])] = []

    mutating func add(_ path: String, depth: Int) {
      guard let bytes = try? FileSystem.read(path, limit: 1 << 20) else { return }
      let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
      let patterns = text.split(separator: 0x0A).compactMap(IgnorePattern.init(line:))
      if !patterns.isEmpty { files.append((depth, patterns)) }
    }

    func contain(_ names: [ArraySlice<UInt8>], isDirectory: Bool) -> Bool {
      for (depth, patterns) in files.reversed() {
        let last = patterns.last { $0.matches(names[depth...], isDirectory: isDirectory) }
        if let last { return !last.negated }
      }
      return false
    }
  }

  init(_ path: String) {
    start = path
    var shown = Substring(path)
    while shown.hasPrefix("./") { shown = shown.dropFirst(2).drop { $0 == "/" } }
    while shown.count > 1, shown.hasSuffix("/") { shown.removeLast() }
    prefix = shown.isEmpty || shown == "." ? "" : shown == "/" ? "/" : shown + "/"
  }

  mutating func run<Failure: Error>(filter: FileList.Ask<Failure>) throws(Failure) {
    let root = FileSystem.canonical(start) ?? start
    let names = Array(root.utf8).split(separator: UInt8(ascii: "/"))
    var pending = [Pending(shown: "", names: names, isDirectory: true, ignores: Self.outer(names))]
    while let next = pending.popLast() {
      guard next.isDirectory else {
        files.append(prefix + next.shown)
        continue
      }
      let path = next.shown.isEmpty ? start : prefix + next.shown
      let absolute = Self.path(next.names)
      let entries = list(path)
      var ignores = next.ignores
      if entries.contains(where: { $0.name == ".gitignore" && $0.kind == .file }) {
        ignores.add(path + "/.gitignore", depth: next.names.count)
      }
      // Asked for where there is something to pass by.
      var skips: FileList.Filter?
      var isAsked = false
      let front = next.shown.isEmpty ? "" : next.shown + "/"
      var below: [Pending] = []
      below.reserveCapacity(entries.count)
      for entry in entries {
        let isDirectory = entry.kind == .directory
        guard isDirectory ? entry.name != ".git" : Self.isCandidate(entry) else { continue }
        let key = Array((isDirectory ? entry.name + "/" : entry.name).utf8)
        let isNeeded = isDirectory || !ignores.files.isEmpty
        let names = isNeeded ? next.names + [isDirectory ? key.dropLast() : key[...]] : []
        if isNeeded, ignores.contain(names, isDirectory: isDirectory) { continue }
        if !isAsked { skips = try filter(absolute, entries.contains { $0.name == Settings.fileName }) }
        isAsked = true
        if let skips, skips(absolute + "/" + entry.name, isDirectory) { continue }
        below.append(
          Pending(key: key, shown: front + entry.name, names: names, isDirectory: isDirectory, ignores: ignores))
      }
      below.sort { $0.key.lexicographicallyPrecedes($1.key) }
      // What stands before the first directory need not wait.
      let first = below.firstIndex(where: \.isDirectory) ?? below.count
      files += below[..<first].map { prefix + $0.shown }
      pending += below[first...].reversed()
    }
  }

  /// What stands in a directory; nothing, and a problem noted, where it cannot be read.
  private mutating func list(_ path: String) -> [FileSystem.Entry] {
    do throws(FileError) {
      let (entries, unnamed) = try FileSystem.entries(of: path)
      if unnamed > 0 {
        let names = unnamed == 1 ? "a name in it is" : "\(unnamed) names in it are"
        problems.append(FileError(.unreadable, path: path, reason: "\(names) not UTF-8"))
      }
      return entries
    } catch {
      problems.append(error)
      return []
    }
  }

  private static func path(_ names: some Collection<ArraySlice<UInt8>>) -> String {
    names.map { "/" + String(decoding: $0, as: UTF8.self) }.joined()
  }

  private static func isCandidate(_ entry: FileSystem.Entry) -> Bool {
    guard entry.kind == .file, entry.name != Settings.fileName,
      let dot = entry.name.utf8.lastIndex(of: UInt8(ascii: "."))
    else { return false }
    let endings = [".yaml", ".yml", ".json"]
    let ending = String(entry.name[dot...])
    return endings.contains(ending) || endings.contains(ending.lowercased())
  }

  /// The patterns from above a directory, when it is in a git repository.
  private static func outer(_ names: [ArraySlice<UInt8>]) -> Ignores {
    let root = (0...names.count).reversed().first { FileSystem.exists(path(names.prefix($0)) + "/.git") }
    guard let root else { return Ignores() }
    var ignores = Ignores()
    ignores.add(path(names.prefix(root)) + "/.git/info/exclude", depth: root)
    for depth in root..<names.count { ignores.add(path(names.prefix(depth)) + "/.gitignore", depth: depth) }
    return ignores
  }
}
