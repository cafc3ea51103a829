import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Which libcurl is used, and what is said where there is none.
struct LibcurlTests {
  @Test func theSystemsOwnIsUsed() throws {
    let ended = try gatecheck("--version", "-v")
    #expect(ended.status == 0)
    #expect(ended.output.hasPrefix("gatecheck "))
    #expect(ended.output.contains("\nlibcurl 7.") || ended.output.contains("\nlibcurl 8."), "\(ended.output)")
    #expect(ended.output.contains(" of this system, "), "\(ended.output)")
  }

  /// A release binary brings its own; another one names the package, as this system calls it.
  @Test(.enabled(if: getuid() == 0, "root is needed to hide the system's libcurl"))
  func withoutIt() throws {
    let ended = try execute(
      "/usr/bin/unshare",
      [
        "--mount", "bash", "-c",
        """
        for file in $(ldconfig -p | sed -n 's/.*libcurl\\.so\\.4.*=> //p'); do mount --bind /dev/null "$file"; done
        "$0" --version -v
        exec "$0" token verify --server https://127.0.0.1:1 --token-file -
        """, Checkout.binary,
      ], input: "token")
    if ended.output.contains("built in") {
      #expect(ended.output.contains("[connect/refused]"), "\(ended.output)")
    } else {
      #expect(ended.output.contains("libcurl.so.4 cannot be loaded; install it: apt-get install libcurl4"))
      #expect(ended.output.contains("[connect/libcurl-missing]"))
    }
    #expect(ended.status == 3)
  }
}
