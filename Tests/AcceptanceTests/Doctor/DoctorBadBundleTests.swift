import Foundation
import TestSupport
import Testing

/// What `doctor --from-bundle` makes of files that are no bundles: nothing but a line, and nothing on disk.
@Suite struct DoctorBadBundleTests {
  /// Made by Python's tarfile, as others would make them.
  private static let script = """
    import gzip, io, tarfile
    def make(name, members, cut=None):
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for path, text, kind in members:
                info = tarfile.TarInfo(path)
                info.type, info.size = kind, len(text) if kind == tarfile.REGTYPE else 0
                if kind == tarfile.SYMTYPE: info.linkname = "/etc/passwd"
                tar.addfile(info, io.BytesIO(text))
        packed = gzip.compress(data.getvalue()[:cut])
        open(name, "wb").write(packed)
    FILE = tarfile.REGTYPE
    make("climbs.tgz", [("../evil", b"x", FILE)])
    make("root.tgz", [("/etc/evil", b"x", FILE)])
    make("link.tgz", [("bundle.json", b"", tarfile.SYMTYPE)])
    make("folder.tgz", [("a", b"", tarfile.DIRTYPE)])
    make("twice.tgz", [("a", b"1", FILE), ("a", b"2", FILE)])
    make("other.tgz", [("readme", b"hello", FILE)])
    make("half.tgz", [("bundle.json", b"x" * 4000, FILE)], cut=2000)
    make("newer.tgz", [("bundle.json", b'{"bundle": 2, "gatecheck": "9.0"}', FILE)])
    make("bare.tgz", [("bundle.json", b'{"bundle": 1, "gatecheck": "0.1"}', FILE)])
    make("server.tgz", [("bundle.json", b'{"bundle": 1, "gatecheck": "0.1", "files": [{"member": "r", "kind": "routes", '
        b'"path": "http://127.0.0.1:1/", "apisix": "3.18.0"}]}', FILE), ("doctor.json", b'{"checks": []}', FILE),
        ("r", b"routes: []", FILE)])
    make("again.tgz", [("bundle.json", b'{"bundle": 1, "gatecheck": "0.1", "files": [' + b", ".join([b'{"member": "r", '
        b'"kind": "routes", "path": "r", "apisix": "3.18.0"}'] * 2) + b"]}", FILE), ("doctor.json", b'{"checks": []}', FILE),
        ("r", b"routes: []", FILE)])
    open("huge.tgz", "wb").write(gzip.compress(b"\\0" * (100 << 20)))
    open("text.tgz", "w").write("hello")
    open("plain.tgz", "wb").write(gzip.compress(b"hello" * 500))
    whole = gzip.compress(b"hello" * 50000)
    open("cut.tgz", "wb").write(whole[:len(whole) // 2])
    open("bad.tgz", "wb").write(whole[:20] + b"\\xff" * 20 + whole[40:])
    open("empty.tgz", "w").close()
    """

  @Test func whatIsNoBundle() throws {
    let folder = try Folder(["make.py": Self.script])
    let made = try execute("python3", ["make.py"], in: folder.path)
    #expect(made.status == 0, "\(made.errors)")
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let told = [
      "climbs": #"it has a member "../evil", which no bundle has"#, "root": #"it has a member "/etc/evil""#,
      "link": #"it has a member "bundle.json", which"#, "folder": "it has a member", "twice": #"it has a member "a""#,
      "other": "it is no bundle of gatecheck: no bundle.json", "half": "it is cut short",
      "newer": "a newer gatecheck wrote it", "bare": "no doctor.json", "server": "a file is none",
      "again": "a file is missing, or named twice",
      "huge": "unpacked it is over 64 MiB", "text": "it is no gzip", "plain": "it is no tar", "cut": "it is cut short",
      "bad": "it is damaged", "empty": "it is no gzip",
    ]
    for (name, words) in told {
      let ended = try gatecheck("doctor", "--from-bundle", "\(name).tgz", in: folder.path)
      #expect(ended.status == 3 && ended.output == "", "\(name): \(ended.output)")
      #expect(ended.errors.hasPrefix("gatecheck: \(name).tgz: ") && ended.errors.contains(words), "\(ended.errors)")
    }
    let missing = try gatecheck("doctor", "--from-bundle", "nowhere.tgz", "-o", "json", in: folder.path)
    #expect(missing.status == 3 && missing.rules == ["input/not-found"], "\(missing.output)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }
}
