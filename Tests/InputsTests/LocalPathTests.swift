import Inputs
import Testing

@Suite struct LocalPathTests {
  @Test(arguments: [
    ("a/b.yaml", "a", "b.yaml"), ("b.yaml", "", "b.yaml"), ("/b", "", "b"), ("a/", "a", ""), ("", "", ""),
    ("./a/b/c", "./a/b", "c"), ("größe/ü.yaml", "größe", "ü.yaml"), ("a//b", "a/", "b"),
    ("a folder with a long name/and one in it/file.yaml", "a folder with a long name/and one in it", "file.yaml"),
  ])
  func theLastSlashPartsThem(_ path: String, _ directory: String, _ name: String) {
    #expect(LocalPath.directory(of: path) == directory)
    #expect(LocalPath.name(of: path) == name)
  }
}
