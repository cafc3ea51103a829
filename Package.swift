// swift-tools-version: 6.0
// Targets are floors, lowest first: each imports only those above it in this list.
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Swift's regular expressions and what else works on characters, 1 MB with their tables, come in with the first call of
/// `contains`, `replacing`, `split` or `firstRange` that asks for a text; those of SourceText go by bytes.
let lean = strict + [.unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])]

/// A floor of the house: a Swift target with the common settings.
func floor(_ name: String, on lower: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: lower, swiftSettings: lean)
}

func tests(
  _ name: String, of parts: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
  .testTarget(name: name, dependencies: parts, exclude: exclude, resources: resources, swiftSettings: strict)
}

let package = Package(
  name: "gatecheck",
  products: [.executable(name: "gatecheck", targets: ["gatecheck"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .yum(["libyaml-devel"]), .brew(["libyaml"])]),
    .systemLibrary(
      name: "CPCRE2", pkgConfig: "libpcre2-8",
      providers: [.apt(["libpcre2-dev"]), .yum(["pcre2-devel"]), .brew(["pcre2"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CAres", pkgConfig: "libcares",
      providers: [.apt(["libc-ares-dev"]), .yum(["c-ares-devel"]), .brew(["c-ares"])]),
    .target(name: "AresShim", dependencies: ["CAres"]),
    // No pkg-config file comes with it.
    .systemLibrary(name: "CZookeeper", providers: [.apt(["libzookeeper-mt-dev"])]),
    .target(
      name: "ZooKeeperShim", dependencies: ["CZookeeper"], linkerSettings: [.linkedLibrary("zookeeper_mt")]),
    // Headers only: the shim looks libcurl up on first use, so offline commands never load it.
    .systemLibrary(name: "CCurl"),
    .target(name: "CurlShim", dependencies: ["CCurl"]),
    .target(name: "ResolverShim"),
    .target(name: "WindowShim"),
    .target(
      // The files of fleet are for kubectl and Prometheus; no command prints them.
      name: "Templates", path: "templates", exclude: ["fleet"],
      resources: [
        .embedInCode("rbac/service-account.yaml"),
        .embedInCode("rbac/cluster-role.yaml"),
        .embedInCode("rbac/cluster-role-binding.yaml"),
        .embedInCode("rbac/secret.yaml"),
        .embedInCode("config/settings.yaml"),
        .embedInCode("probe/job.yaml"),
        .embedInCode("completion/words.bash"),
        .embedInCode("completion/paths.fish"),
      ],
      swiftSettings: lean),
    floor("Parallel"),
    floor("SourceText"),
    floor("JSON", on: ["SourceText"]),
    floor("Inputs", on: ["CZlib", "SourceText", "WindowShim"]),
    floor("YAML", on: ["CYAML", "SourceText"]),
    floor("HTTP", on: ["CurlShim", "ResolverShim", "SourceText", "Inputs"]),
    floor("Findings", on: ["Parallel", "SourceText", "JSON", "Inputs"]),
    floor("Kubernetes", on: ["SourceText", "JSON", "Inputs", "YAML", "Templates"]),
    floor("APISIX", on: ["CPCRE2", "SourceText", "JSON", "Inputs", "YAML"]),
    floor("DNS", on: ["AresShim", "Inputs", "APISIX"]),
    floor("ZooKeeper", on: ["ZooKeeperShim"]),
    floor("Registries", on: ["Parallel", "SourceText", "JSON", "Inputs", "YAML", "HTTP", "Kubernetes", "APISIX"]),
    floor("Common", on: ["SourceText", "Inputs", "YAML", "Findings", "Kubernetes", "APISIX"]),
    floor("Logs", on: ["Common", "SourceText", "JSON", "Inputs", "YAML", "Findings", "Kubernetes", "APISIX"]),
    floor(
      "Lint",
      on: ["Common", "Logs", "Parallel", "SourceText", "JSON", "Inputs", "YAML", "Findings", "Kubernetes", "APISIX"]),
    floor(
      "Probes",
      on: [
        "Parallel", "SourceText", "JSON", "Inputs", "YAML", "HTTP", "Findings", "Kubernetes", "APISIX", "DNS",
        "ZooKeeper", "Registries", "Common", "Templates",
      ]),
    floor(
      "Doctor",
      on: [
        "Parallel", "SourceText", "JSON", "Inputs", "Findings", "Kubernetes", "APISIX", "Registries", "Common", "Logs",
        "Lint", "Probes",
      ]),
    .executableTarget(
      name: "gatecheck",
      dependencies: [
        "Parallel", "SourceText", "JSON", "Inputs", "YAML", "HTTP", "Findings", "Kubernetes", "APISIX", "Registries",
        "Common", "Logs", "Lint", "Probes", "Doctor", "Templates",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: lean),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests("JSONTests", of: ["JSON"]),
    tests("InputsTests", of: ["TestSupport", "Inputs"]),
    tests("YAMLTests", of: ["YAML", "SourceText"]),
    tests("HTTPTests", of: ["HTTP", "Inputs"], exclude: ["fault-server.py"]),
    tests("FindingsTests", of: ["TestSupport", "Findings", "SourceText", "JSON"]),
    tests("KubernetesTests", of: ["Kubernetes", "YAML", "Inputs", "JSON", "SourceText"]),
    tests(
      "APISIXTests", of: ["TestSupport", "APISIX", "YAML", "Inputs", "JSON", "SourceText"], exclude: ["Conformance"]),
    tests("DNSTests", of: ["TestSupport", "DNS", "APISIX"]),
    tests("ZooKeeperTests", of: ["TestSupport", "ZooKeeper"]),
    tests("LogsTests", of: ["TestSupport", "Logs", "Findings", "APISIX", "Inputs", "JSON", "SourceText"]),
    tests(
      "LintTests",
      of: ["TestSupport", "Common", "Lint", "Findings", "APISIX", "YAML", "Inputs", "JSON", "SourceText", "Templates"]),
    tests(
      "ProbesTests",
      of: [
        "TestSupport", "Probes", "Common", "Lint", "Registries", "Findings", "HTTP", "Kubernetes", "APISIX", "YAML",
        "Inputs", "JSON",
        "SourceText",
      ]),
    tests("DoctorTests", of: ["TestSupport", "Doctor", "Findings", "Probes"]),
    // Runs the built binary, as a user would, and the real API server.
    tests(
      "AcceptanceTests",
      of: [
        "TestSupport", "gatecheck", "SourceText", "JSON", "YAML",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["hostile-server.py"]),
  ],
  swiftLanguageModes: [.v6]
)

// Beside `grep -c`; `make bench` asks for it.
if Context.environment["GATECHECK_BENCH"] != nil {
  package.targets.append(
    .executableTarget(name: "redact", dependencies: ["Inputs"], path: "Benchmarks/redact", swiftSettings: strict))
}

// libFuzzer brings its own main, so its targets are only there when scripts/fuzz.sh asks for them.
if Context.environment["GATECHECK_FUZZ"] != nil {
  for name in ["yaml", "verdict", "json", "fix", "settings", "answers", "logs", "bundle"] {
    package.products.append(.executable(name: "fuzz-\(name)", targets: ["fuzz-\(name)"]))
    package.targets.append(
      .executableTarget(
        name: "fuzz-\(name)",
        dependencies: [
          "SourceText", "JSON", "Inputs", "YAML", "Findings", "Kubernetes", "APISIX", "DNS", "Registries", "Lint",
          "Logs",
          // The others would count what they never call.
        ] + (name == "bundle" ? ["Probes", "Doctor"] : []),
        path: "Fuzz/\(name)", swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
  }
}
