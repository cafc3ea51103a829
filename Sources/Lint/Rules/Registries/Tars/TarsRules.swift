enum TarsRules: RegistryRules {
  static let samples = ["db_conf": "db_conf, with host, database, user and password"]

  static let meant = ["": ["db": "db_conf", "database": "db_conf", "weight": "default_weight"]]
}
