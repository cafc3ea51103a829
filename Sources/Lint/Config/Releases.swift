import APISIX

/// From which release on a feature is there; from the version matrix of APISIX's discovery.
enum Releases {
  static let severalClusters = Release(2, 99, 0)
  static let watchSlicesKey = Release(3, 9, 0)
  static let watchSlicesWork = Release(3, 14, 0)
  static let watchSlicesRight = Release(3, 15, 0)
  static let longSharedSize = Release(3, 13, 0)
  static let longIDs = Release(3, 14, 0)
  static let sslVerify = Release(3, 17, 0)
  static let tokenFileReread = Release(3, 13, 0)
  static let variablesExported = Release(2, 14, 1)
  static let exactVariables = Release(3, 18, 0)
}
